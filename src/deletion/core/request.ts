import type { Condition } from "../../cloudflare/filter/conditions.ts";
import type { Conditions } from "../../cloudflare/deletion.ts";
import type { GatewayRef } from "../../cloudflare/schema.ts";
import type { Subset } from "../../logs/subset.ts";

/** A filter in its three parts: what the API filters by, what only rows tell, and the words it looks for. */
type Parts<A, R, W> = { conditions: A; here: R; words: W };

type Any = readonly Condition[];
type Words = readonly string[];

/** A filter of which at least one part says something: what says nothing cannot be written down. */
export type Narrowing =
  Parts<Conditions, Any, Words> | Parts<Any, Conditions, Words> | Parts<Any, Any, readonly [string, ...string[]]>;

/** The logs that can be deleted: chosen one by one, or all that fit at least one condition. */
export type DeletionRequest = { gateway: GatewayRef } & (
  { type: "chosen"; logIds: readonly [string, ...string[]] } | { type: "fitting"; filter: Narrowing }
);

/** Whether a list holds anything. */
export const isSome = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;

/** What can be deleted of a subset; undefined when it is all logs of a gateway. */
export function requestOf(subset: Subset): DeletionRequest | undefined {
  if (subset.type === "chosen") return subset;
  const { gateway, filter } = subset;
  const { conditions, here } = filter;
  const words = filter.search.split(/\s+/).filter((word) => word !== "");
  if (isSome(conditions)) return { type: "fitting", gateway, filter: { conditions, here, words } };
  if (isSome(here)) return { type: "fitting", gateway, filter: { conditions, here, words } };
  return isSome(words) ? { type: "fitting", gateway, filter: { conditions, here, words } } : undefined;
}
