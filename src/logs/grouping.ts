import type { Condition, ConditionValue } from "../cloudflare/filter/conditions.ts";
import { asRecorded } from "../cloudflare/filter/row-texts.ts";
import type { Log } from "../cloudflare/schema.ts";
import type { Calendar, TimeRange } from "./days.ts";

/** What logs are put together by; `meta.user` is the metadata entry "user". */
export type GroupName = "day" | "model" | "provider" | "status" | "event" | `meta.${string}`;

/** All but those by metadata, as they are offered. */
export const GROUP_NAMES: readonly GroupName[] = ["day", "model", "provider", "status", "event"];

/** The name of the metadata entry that logs are grouped by; undefined when they are grouped by something else. */
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
    case "event":
      return log.eventId || log.id;
    default: {
      const name = metadataOf(group) ?? "";
      return Object.hasOwn(log.metadata, name) ? String(log.metadata[name]) : null;
    }
  }
}

/** The group a log belongs to: its day, or its value as JSON; a metadata value as text, since 42 is found by "42" too. */
export function keyOf(group: GroupName, log: Log, calendar: Calendar): string {
  return group === "day" ? calendar.dayOf(log.createdAt) : JSON.stringify(valueOf(group, log));
}

/** The value of a group that is not a day's, as `keyOf` wrote it; null is none. */
export function valueIn(key: string): ConditionValue {
  return JSON.parse(key) as ConditionValue;
}

/** A metadata value as each type that is written so: whether the API tells 42 from "42" is unknown. */
function alike(value: ConditionValue): ConditionValue[] {
  const number = Number(value);
  if (Number.isFinite(number) && String(number) === value) return [value, number];
  return value === "true" || value === "false" ? [value, value === "true"] : [value];
}

const equals = (key: string, ...value: ConditionValue[]): Condition => ({ key, operator: "eq", value });

/** What the API is asked for to get one group whole. */
export function queryOf(
  group: GroupName,
  key: string,
  calendar: Calendar,
): { conditions: Condition[]; range?: TimeRange } {
  if (group === "day") return { conditions: [], range: calendar.rangeOf(key) };
  const value = valueIn(key);
  const name = metadataOf(group);
  if (name !== undefined) {
    const named = { key: "metadata.key", value: [name] };
    // An entry of that name is asked for with its value; that there is none, alone.
    return value === null
      ? { conditions: [{ ...named, operator: "neq" }] }
      : { conditions: [{ ...named, operator: "eq" }, equals("metadata.value", ...alike(value))] };
  }
  switch (group) {
    case "model":
      // A row without a model comes with null or with "".
      return { conditions: [value === null ? equals("model", null, "") : equals("model", value)] };
    case "status":
      return { conditions: [equals("success", value)] };
    case "event":
      return { conditions: [equals("event_id", value)] };
    default:
      return { conditions: [equals("provider", value)] };
  }
}
