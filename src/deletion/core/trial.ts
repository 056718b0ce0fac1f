import type { CallOptions } from "../../cloudflare/http/call.ts";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import { PER_PAGE } from "../../cloudflare/pages.ts";
import type { Log } from "../../cloudflare/schema.ts";
import { byIds } from "./ids.ts";
import type { DeletionPreview } from "./preview.ts";

/**
 * The one log that the first DELETE of a run names, and the log that goes in its place when the API ignores the filter of a DELETE, as it ignores a
 * malformed one in a GET (API notes: Deleting logs): the first of the whole gateway in `direction`; undefined when its row cannot be read.
 */
export type Trial = { named: Log; bystander: Log | undefined; direction: "asc" | "desc" };

/**
 * Chooses the log of the first DELETE among `candidates`; undefined when none of them exists. Where an end of the gateway is among the
 * previewed logs, the order is such that even an API which ignores the filter deletes a previewed log.
 */
export async function chooseTrial(
  client: Pick<CloudflareClient, "listLogs">,
  { gateway, ids }: Pick<DeletionPreview, "gateway" | "ids">,
  candidates: readonly string[],
  options: CallOptions,
): Promise<Trial | undefined> {
  const first = async (direction: Trial["direction"]) => {
    const { logs } = await client.listLogs(gateway, { perPage: 1, direction }, options);
    return logs.map((log) => ({ log, direction }));
  };
  const query = { filters: byIds(candidates), perPage: PER_PAGE };
  const [oldest, newest, found] = await Promise.all([
    first("asc"),
    first("desc"),
    client.listLogs(gateway, query, options),
  ]);
  const ends = [...oldest, ...newest];
  const previewed = new Set(ids);
  const end = ends.find(({ log }) => previewed.has(log.id)) ?? ends[0];
  const named = found.logs.find(({ id }) => id !== end?.log.id) ?? found.logs[0];
  return named && { named, bystander: end?.log, direction: end?.direction ?? "asc" };
}
