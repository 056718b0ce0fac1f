import type { Condition } from "../../source/conditions.ts";
import type { Conditions } from "../../source/source.ts";
import type { CollectionRef } from "../../source/log.ts";
import type { Subset } from "../../logs/subset.ts";

/** The three parts of a filter: the API's conditions, conditions checked in rows, and search words. */
type Parts<A, R, W> = { conditions: A; clientSide: R; words: W };

type Any = readonly Condition[];
type Words = readonly string[];

/** A filter with at least one non-empty part: the type excludes the empty filter. */
export type Narrowing =
  Parts<Conditions, Any, Words> | Parts<Any, Conditions, Words> | Parts<Any, Any, readonly [string, ...string[]]>;

/** The logs of a deletion: selected individually, or all that match at least one condition. */
export type DeletionRequest = { gateway: CollectionRef } & (
  { type: "chosen"; logIds: readonly [string, ...string[]] } | { type: "fitting"; filter: Narrowing }
);

/** Returns whether a list is non-empty. */
export const isSome = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;

/** Returns a subset's deletion request, or undefined if the subset is all logs of a gateway. */
export function requestOf(subset: Subset): DeletionRequest | undefined {
  if (subset.type === "chosen") return subset;
  const { gateway, filter } = subset;
  const { conditions, clientSide } = filter;
  const words = filter.search.split(/\s+/).filter((word) => word !== "");
  if (isSome(conditions)) return { type: "fitting", gateway, filter: { conditions, clientSide, words } };
  if (isSome(clientSide)) return { type: "fitting", gateway, filter: { conditions, clientSide, words } };
  return isSome(words) ? { type: "fitting", gateway, filter: { conditions, clientSide, words } } : undefined;
}
