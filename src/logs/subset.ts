import type { Filter } from "../cloudflare/filter/query-line.ts";
import type { GatewayRef } from "../cloudflare/schema.ts";
import type { Calendar } from "./days.ts";
import { queryOf, type GroupName } from "./grouping.ts";
import { within } from "./window.ts";

/** Which logs of a gateway an action is about: some that were chosen one by one, or all that fit. */
export type Subset = { gateway: GatewayRef } & (
  { type: "chosen"; logIds: readonly [string, ...string[]] } | { type: "fitting"; filter: Filter }
);

/** The filter for those logs of a filter that are of one group: a day, a model … */
export function filterOfGroup(filter: Filter, group: GroupName, key: string, calendar: Calendar): Filter {
  const { conditions, range } = queryOf(group, key, calendar);
  return { ...filter, conditions: [...filter.conditions, ...conditions, ...(range ? within(range) : [])] };
}
