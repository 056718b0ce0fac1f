import type { FieldName } from "../source/fields.ts";
import type { Condition, ConditionValue } from "../source/conditions.ts";
import { originOf } from "../source/field-values.ts";
import { asRecorded, type Log } from "../source/log.ts";
import type { Calendar } from "./days.ts";
import type { TimeRange } from "../source/query.ts";

/** Grouping of logs; `meta.user` is by the metadata entry "user". */
export type GroupName = (typeof GROUP_NAMES)[number] | CallerGroup | `meta.${string}`;

/** Groupings by what not all sources tell. */
export type CallerGroup = (typeof CALLER_GROUPS)[number];

export const CALLER_GROUPS = ["endpoint", "user", "key", "source"] as const;

/** Groupings of all logs, in menu order. */
export const GROUP_NAMES = ["day", "model", "provider", "status", "event"] as const;

/** Returns the metadata entry that logs are grouped by; undefined for other groupings. */
export function metadataOf(group: GroupName): string | undefined {
  return group.startsWith("meta.") ? group.slice("meta.".length) : undefined;
}

function valueOf(group: GroupName, log: Log): ConditionValue {
  switch (group) {
    case "model":
      return asRecorded(log).model ?? null;
    case "provider":
      return asRecorded(log).provider;
    case "status":
      return log.success;
    case "endpoint":
      return log.endpoint ?? null;
    case "user":
    case "key":
      return log[group] ?? null;
    case "source":
      return originOf(log) ?? null;
    case "event":
      return log.eventId || log.id;
    default: {
      const name = metadataOf(group) ?? "";
      return Object.hasOwn(log.metadata, name) ? String(log.metadata[name]) : null;
    }
  }
}

/** Returns a log's group key: its day, or its value as JSON; metadata values as text, because "42" also matches 42. */
export function keyOf(group: GroupName, log: Log, calendar: Calendar): string {
  return group === "day" ? calendar.dayOf(log.createdAt) : JSON.stringify(valueOf(group, log));
}

/** Returns a group's value from its key (not for days); null for none. */
export function valueIn(key: string): ConditionValue {
  return JSON.parse(key) as ConditionValue;
}

/** A metadata value as each type with the same text: whether the API distinguishes 42 from "42" is unknown. */
function alike(value: ConditionValue): ConditionValue[] {
  const number = Number(value);
  if (Number.isFinite(number) && String(number) === value) return [value, number];
  return value === "true" || value === "false" ? [value, value === "true"] : [value];
}

const equals = (key: FieldName, ...value: ConditionValue[]): Condition => ({ key, operator: "eq", value });

/** Returns conditions like those that `queryOf` returns. */
export function conditionsLike(group: GroupName): Condition[] {
  switch (group) {
    case "day":
      return [];
    case "model":
    case "provider":
    case "endpoint":
    case "user":
    case "key":
      return [equals(group, "a")];
    case "source":
      return [equals(group, "key")];
    case "status":
      return [equals("success", true)];
    case "event":
      return [equals("eventId", "a")];
    default:
      return [equals("metadataKey", "a"), equals("metadataValue", "a")];
  }
}

/** Returns the query for a whole group. */
export function queryOf(
  group: GroupName,
  key: string,
  calendar: Calendar,
): { conditions: Condition[]; range?: TimeRange } {
  if (group === "day") return { conditions: [], range: calendar.rangeOf(key) };
  const value = valueIn(key);
  const name = metadataOf(group);
  if (name !== undefined) {
    const named = { key: "metadataKey", value: [name] };
    // A named entry is queried with its value; a missing one alone.
    return value === null
      ? { conditions: [{ ...named, operator: "neq" }] }
      : { conditions: [{ ...named, operator: "eq" }, equals("metadataValue", ...alike(value))] };
  }
  switch (group) {
    case "model":
      // A row without a model has null or "".
      return { conditions: [value === null ? equals("model", null, "") : equals("model", value)] };
    case "status":
      return { conditions: [equals("success", value)] };
    case "event":
      return { conditions: [equals("eventId", value)] };
    case "endpoint":
    case "user":
    case "key":
    case "source":
      return { conditions: [equals(group, value)] };
    default:
      return { conditions: [equals("provider", value)] };
  }
}
