import * as vscode from "vscode";
import { instantOf, type Condition } from "../source/conditions.ts";
import { formatFilter } from "../query/query-line.ts";
import type { Day } from "../logs/days.ts";
import type { Format } from "../logs/format.ts";
import type { Subset } from "../logs/subset.ts";
import { within } from "../source/query.ts";
import { logCount } from "./items.ts";
import { describeFilter } from "./words.ts";

const isSame = (one: Condition, other: Condition): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The day whose window is among the conditions, and the others. */
function dayIn(conditions: readonly Condition[], { calendar }: Format): { day?: Day; others: readonly Condition[] } {
  for (const { key, operator, value } of conditions) {
    const end = key === "createdAt" && operator === "lt" ? instantOf(value[0] ?? null) : undefined;
    if (end === undefined) continue;
    const day = calendar.dayOf(new Date(end - 1));
    const window = within(calendar.rangeOf(day));
    const others = conditions.filter((one) => !window.some((bound) => isSame(one, bound)));
    if (others.length === conditions.length - window.length) return { day, others };
  }
  return { others: conditions };
}

/** Which logs a subset is, in words: "Nov 19 · failed", "3 logs chosen". */
export function describeSubset(subset: Subset, format: Format): string {
  if (subset.type === "chosen") return vscode.l10n.t("{0} chosen", logCount(subset.logIds.length, format));
  const { conditions, search, clientSide } = subset.filter;
  const { day, others } = dayIn(conditions, format);
  const date = day === undefined ? [] : [format.date(format.calendar.rangeOf(day).start, new Date())];
  const rest = describeFilter(formatFilter({ conditions: others, search, clientSide }), format);
  return [...date, rest].filter(Boolean).join(" · ");
}
