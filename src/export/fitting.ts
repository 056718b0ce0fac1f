import type { CloudflareClient } from "../cloudflare/client.ts";
import type { Filter } from "../cloudflare/filter/query-line.ts";
import { matchesRow } from "../cloudflare/filter/row-filter.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import { walkPages, type Reached } from "../cloudflare/walk.ts";

/** Pages that are read at once: as many calls as the budget lets the background make. */
const AT_ONCE = 5;

/** A batch of logs; undefined for a log that is unreadable or deleted. `left`: number of rows from this batch on. */
export type Batch = { logs: readonly (Log | undefined)[]; left: number };

/** The logs of a gateway that fit and are older than `bound`, newest first, each once, at constant memory, while logs come and go. */
export async function* fittingLogs(
  client: Pick<CloudflareClient, "listLogs">,
  { gateway, filter }: { gateway: GatewayRef; filter: Filter },
  bound: Date,
  reached: Reached | undefined,
  signal: AbortSignal,
): AsyncGenerator<Batch, void, undefined> {
  const { conditions, search, clientSide } = filter;
  const pages = walkPages(
    (query, until) => client.listLogs(gateway, query, { signal: until, priority: "background" }),
    { filters: conditions, ...(search ? { search } : {}) },
    { ahead: AT_ONCE, bound, reached, signal },
  );
  for await (const { logs, unreadable, left } of pages) {
    const fitting = logs.filter((log) => matchesRow(log, clientSide));
    const lacking = Array.from({ length: unreadable }, () => undefined);
    yield { logs: [...fitting, ...lacking], left: left + logs.length };
  }
}
