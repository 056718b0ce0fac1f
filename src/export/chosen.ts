import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";
import { PER_PAGE } from "../cloudflare/pages.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import type { Batch } from "./fitting.ts";

/**
 * Whether a call failed because the API has nothing to return: the log doesn't exist, or its body is too large to be
 * stored.
 */
export const isNone = (error: unknown): boolean =>
  error instanceof CloudflareError && (error.status === 413 || error.reason === "notFound");

/** Returns the value of a call; undefined if the API has none. */
export async function orNone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNone(error)) return undefined;
    throw error;
  }
}

/** Yields the logs with these IDs, in order; undefined for one that no longer exists. */
export async function* chosenLogs(
  client: Pick<CloudflareClient, "listLogs" | "getLog">,
  gateway: GatewayRef,
  logIds: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Batch, void, undefined> {
  const options = { signal, priority: "background" } as const;
  for (let start = 0; start < logIds.length; start += PER_PAGE) {
    const ids = logIds.slice(start, start + PER_PAGE);
    const { logs } = await client.listLogs(gateway, { filters: [{ key: "id", operator: "eq", value: ids }] }, options);
    const found = new Map<string, Log>(logs.map((log) => [log.id, log]));
    // No documentation promises that several values mean "one of them" (API notes: Filters).
    for (const logId of ids.filter((id) => !found.has(id))) {
      const log = await orNone(client.getLog({ ...gateway, logId }, options));
      if (log) found.set(logId, log);
    }
    yield { logs: ids.map((id) => found.get(id)), left: logIds.length - start };
  }
}
