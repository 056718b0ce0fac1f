import type { CallOptions } from "../../source/query.ts";
import type { LogSource } from "../../source/source.ts";
import type { Log } from "../../source/log.ts";
import { BATCH, byIds } from "./ids.ts";
import type { DeletionPreview } from "./preview.ts";

/**
 * The log that a run's first DELETE names, and the log deleted instead if the API ignores a DELETE's filter, like a
 * malformed one in a GET (API notes: Deleting logs): the gateway's first in `order`; undefined if its row can't be
 * read.
 */
export type Trial = { named: Log; bystander: Log | undefined; order: "newest" | "oldest" };

/**
 * Chooses the log of the first DELETE from `candidates`; returns undefined if none of them exists. If the gateway's
 * first or last log is in the preview, the order is such that even an API that ignores the filter deletes a
 * previewed log.
 */
export async function chooseTrial(
  source: Pick<LogSource, "list">,
  { gateway, ids }: Pick<DeletionPreview, "gateway" | "ids">,
  candidates: readonly string[],
  options: CallOptions,
): Promise<Trial | undefined> {
  const first = async (order: Trial["order"]) => {
    const { logs } = await source.list(gateway, { size: 1, order }, undefined, options);
    return logs.map((log) => ({ log, order }));
  };
  const query = { conditions: byIds(candidates), size: BATCH };
  const [oldest, newest, found] = await Promise.all([
    first("oldest"),
    first("newest"),
    source.list(gateway, query, undefined, options),
  ]);
  const ends = [...oldest, ...newest];
  const previewed = new Set(ids);
  const end = ends.find(({ log }) => previewed.has(log.id)) ?? ends[0];
  const named = found.logs.find(({ id }) => id !== end?.log.id) ?? found.logs[0];
  return named && { named, bystander: end?.log, order: end?.order ?? "oldest" };
}
