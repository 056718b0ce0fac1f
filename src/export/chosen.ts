import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";
import { PER_PAGE } from "../cloudflare/pages.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import type { Batch } from "./fitting.ts";

/** Whether a call failed because the API has nothing to give: it is not there, or larger than is stored. */
export const isNone = (error: unknown): boolean =>
  error instanceof CloudflareError && (error.status === 413 || error.reason === "notFound");

/** The value of a call, or undefined where the API has none. */
export async function orNone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNone(error)) return undefined;
    throw error;
  }
}

/** The logs of these ids, in their order; undefined for one that is gone. */
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
    // That several values mean "one of them" is nowhere promised (API notes: Filters).
    for (const logId of ids.filter((id) => !found.has(id))) {
      const log = await orNone(client.getLog({ ...gateway, logId }, options));
      if (log) found.set(logId, log);
    }
    yield { logs: ids.map((id) => found.get(id)), left: logIds.length - start };
  }
}
