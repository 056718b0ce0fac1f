import { signedIn } from "../account/signed-in.ts";
import { matchesRow } from "../source/match.ts";
import type { CollectionRef } from "../source/log.ts";
import { PlainError } from "../words/explain.ts";
import { readFilter } from "../filter/line.ts";
import { bounded, MOST_OF_ANSWER, mostLogs, type ToolNeeds } from "./needs.ts";
import { rowOf } from "./rows.ts";

export type SearchInput = { filter?: string; gateway?: string; limit?: number };

/**
 * Returns the named gateway, or else the one that the workspace's programs call, or the only one.
 * @throws PlainError if there is none
 */
export async function gatewayOf(name: string | undefined, { debugging }: ToolNeeds): Promise<CollectionRef> {
  const { gateways } = await debugging.features();
  const { used, others } = await gateways.places();
  const all = [...used, ...others];
  const found = name === undefined ? await gateways.likeliest() : all.find(({ collectionId }) => collectionId === name);
  if (found) return found;
  const names = all.map(({ collectionId }) => collectionId);
  if (names.length === 0) throw new PlainError("There is no gateway. Sign in to AI Gateway Logs first.");
  throw new PlainError(`Name one of the gateways: ${names.join(", ")}.`);
}

/**
 * Returns the newest logs of a gateway that match a filter, as rows; one call.
 * @throws PlainError for an invalid search, SourceError
 */
export async function searchLogs(input: SearchInput, needs: ToolNeeds, signal: AbortSignal): Promise<string> {
  const gateway = await gatewayOf(input.gateway, needs);
  const { conditions, search, clientSide } = await readFilter(input.filter ?? "", needs.format.calendar);
  const source = signedIn(await needs.sessions.sourceOf(gateway));
  const query = {
    conditions,
    narrowing: clientSide,
    search,
    size: Math.min(mostLogs(input.limit), source.lists.pageSize),
  };
  const { logs, total } = await source.list(gateway, query, undefined, { signal });
  const fitting = logs.filter((log) => matchesRow(log, clientSide));
  return bounded(JSON.stringify({ total, logs: fitting.map((log) => rowOf(gateway, log)) }), MOST_OF_ANSWER);
}
