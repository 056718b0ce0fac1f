import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { Condition } from "../../cloudflare/filter/conditions.ts";
import type { GatewayRef, Log } from "../../cloudflare/schema.ts";

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
  client: Pick<CloudflareClient, "listLogs">,
  gateway: GatewayRef,
  provider: string | undefined,
  since: Date,
  signal: AbortSignal,
): Promise<Today> {
  const filters: Condition[] = [
    // "Later than", in whole seconds (API notes: Filters).
    { key: "created_at", operator: "gt", value: [new Date(since.getTime() - 1000).toISOString()] },
    ...(provider === undefined ? [] : [{ key: "provider", operator: "eq" as const, value: [provider] }]),
  ];
  const list = (page: number, more: Condition[] = [], perPage = PAGE) =>
    client.listLogs(gateway, { filters: [...filters, ...more], page, perPage }, { signal, priority: "background" });
  const first = await list(1);
  const logs = [...first.logs];
  const { total } = first;
  if (total <= first.logs.length)
    return { ...summed(logs), total, errors: logs.filter(({ success }) => !success).length };
  const failed: Condition = { key: "success", operator: "eq", value: [false] };
  const pages = Array.from({ length: Math.min(MOST_PAGES, Math.ceil(total / PAGE)) - 1 }, (_, index) => index + 2);
  const [errors, ...others] = await Promise.all([list(1, [failed], 1), ...pages.map((page) => list(page))]);
  logs.push(...others.flatMap((page) => page.logs));
  return { ...summed(logs), total, errors: errors.total };
}

function summed(logs: readonly Log[]): Pick<Today, "last" | "costUsd" | "of"> {
  const costs = logs.flatMap(({ costUsd }) => costUsd ?? []);
  const costUsd = costs.reduce((sum, cost) => sum + cost, 0);
  return { of: logs.length, ...(logs[0] ? { last: logs[0] } : {}), ...(costs.length > 0 ? { costUsd } : {}) };
}
