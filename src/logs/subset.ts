import type { Filter } from "../query/query-line.ts";
import type { CollectionRef } from "../source/log.ts";
import type { Calendar } from "./days.ts";
import { queryOf, type GroupName } from "./grouping.ts";
import { within } from "../source/query.ts";

/** The logs of an action: individually selected ones, or all that match. */
export type Subset = { gateway: CollectionRef } & (
  { type: "chosen"; logIds: readonly [string, ...string[]] } | { type: "fitting"; filter: Filter }
);

/** Returns the filter for one group of a filter's logs: a day, a model … */
export function filterOfGroup(filter: Filter, group: GroupName, key: string, calendar: Calendar): Filter {
  const { conditions, range } = queryOf(group, key, calendar);
  return { ...filter, conditions: [...filter.conditions, ...conditions, ...(range ? within(range) : [])] };
}
