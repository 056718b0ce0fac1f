import type { Cursor } from "../../source/cursor.ts";
import type { Page, Query } from "../../source/query.ts";
import type { LogSource } from "../../source/source.ts";
import type { Condition } from "../../source/conditions.ts";
import type { CollectionRef, Log } from "../../source/log.ts";

/** Today's activity at a call site. */
export type Today = {
  last?: Log;
  total: number;
  errors: number;
  /** Total of the newest `of` logs; undefined without a known cost. */
  costUsd?: number;
  of: number;
};

/** Maximum number of pages for the total cost. */
const MOST_PAGES = 4;
const PAGE = 50;

/**
 * Reads the activity at a gateway, optionally of one `provider`, since a time: one call; with several logs, one for the
 * errors; above 50 logs, up to three for their costs. All of them after calls made for a user.
 */
export async function todayOf(
  source: Pick<LogSource, "list">,
  gateway: CollectionRef,
  provider: string | undefined,
  since: Date,
  signal: AbortSignal,
): Promise<Today> {
  const conditions: Condition[] =
    provider === undefined ? [] : [{ key: "provider", operator: "eq", value: [provider] }];
  const list = (query: Query, after?: Cursor) =>
    source.list(gateway, { range: { start: since }, size: PAGE, ...query }, after, { signal, priority: "background" });
  const first = await list({ conditions });
  const logs = [...first.logs];
  const total = first.total ?? logs.length;
  if (total <= logs.length) return { ...summed(logs), total, errors: logs.filter(({ success }) => !success).length };
  const failed: Condition = { key: "success", operator: "eq", value: [false] };
  const errors = list({ conditions: [...conditions, failed], size: 1 });
  // Awaited below. Swallow the rejection until then, or Node reports it as unhandled.
  errors.catch(() => undefined);
  let { next } = first;
  for (let pages = 1; next && pages < MOST_PAGES; pages++) {
    const page: Page = await list({ conditions }, next);
    logs.push(...page.logs);
    ({ next } = page);
  }
  return { ...summed(logs), total, errors: (await errors).total ?? 0 };
}

function summed(logs: readonly Log[]): Pick<Today, "last" | "costUsd" | "of"> {
  const costs = logs.flatMap(({ costUsd }) => costUsd ?? []);
  const costUsd = costs.reduce((sum, cost) => sum + cost, 0);
  return { of: logs.length, ...(logs[0] ? { last: logs[0] } : {}), ...(costs.length > 0 ? { costUsd } : {}) };
}
