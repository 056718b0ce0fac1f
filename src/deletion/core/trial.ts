import type { CallOptions } from "../../cloudflare/http/call.ts";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import { PER_PAGE } from "../../cloudflare/pages.ts";
import type { Log } from "../../cloudflare/schema.ts";
import { byIds } from "./ids.ts";
import type { DeletionPreview } from "./preview.ts";

/**
 * The log that a run's first DELETE names, and the log deleted instead if the API ignores a DELETE's filter, like a
 * malformed one in a GET (API notes: Deleting logs): the gateway's first in `direction`; undefined if its row can't be
 * read.
 */
export type Trial = { named: Log; bystander: Log | undefined; direction: "asc" | "desc" };

/**
 * Chooses the log of the first DELETE from `candidates`; returns undefined if none of them exists. If the gateway's
 * first or last log is in the preview, the direction is such that even an API that ignores the filter deletes a
 * previewed log.
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
