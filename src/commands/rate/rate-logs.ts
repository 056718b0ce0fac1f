import { capable } from "../../words/cannot.ts";
import * as vscode from "vscode";
import { signedIn } from "../../account/signed-in.ts";
import type { Filter } from "../../query/query-line.ts";
import { matchesRow } from "../../source/match.ts";
import type { CollectionRef, Log, LogRef } from "../../source/log.ts";
import { Listing } from "../../logs/listing.ts";
import type { OrderName } from "../../source/query.ts";
import { UnratedLogs } from "../../logs/unrated.ts";
import { verdictOf } from "../../logs/verdict.ts";
import type { Logger } from "../../platform/logger.ts";
import { showError } from "../../platform/notify.ts";
import type { LogPanels } from "../../panel/panels.ts";
import type { RoundBar } from "../../rating/bar.ts";
import { waiting } from "../../platform/progress.ts";
import { Round, type RoundNeeds } from "../../rating/round.ts";
import { sendOne, type SendNeeds } from "../../rating/send.ts";
import type { GatewayNode, GroupNode } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";
import type { LogTreeView } from "../../tree/view.ts";
import { subsetIn } from "../subsets.ts";
import type { Target } from "../targets.ts";

/** A running round, and the key of its logs. */
export type UnderWay = { of: string; round: Round };

/** Page size of the list: the API's maximum (API notes: Paging). */
const PAGE = 50;

export type RateLogsNeeds = SendNeeds & {
  tree: Pick<LogTree, "gatewayOf" | "rowOf" | "arrangements">;
  view: Pick<LogTreeView, "selectedLogs" | "selectedNode" | "selection" | "gatewayFor" | "reveal">;
  panels: Pick<LogPanels, "active" | "openPreview">;
  round: RoundBar;
  logger: Logger;
};

/** Returns the target group or gateway: the active panel's, if the tree has none. */
async function nodeOf(target: Target | undefined, needs: RateLogsNeeds): Promise<GatewayNode | GroupNode | undefined> {
  const { tree, view, panels } = needs;
  const node = target === "selection" ? view.selectedNode : target;
  const meant = node && "kind" in node ? node : undefined;
  if (meant?.kind === "group") return meant;
  const inFront = meant || !panels.active ? undefined : await tree.gatewayOf(panels.active);
  return view.gatewayFor(meant ?? inFront);
}

/** Yields the matching logs without a rating, from the API or from this window. */
async function unratedLogs(
  gateway: CollectionRef,
  filter: Filter,
  order: OrderName,
  needs: RateLogsNeeds,
): Promise<UnratedLogs> {
  const { conditions, search, clientSide } = filter;
  const query = { conditions, search, order, size: PAGE };
  const listing = new Listing(signedIn(await needs.sourceOf(gateway)), gateway, query);
  return new UnratedLogs(listing, (log) => {
    const shown = needs.ratings.shown({ ...gateway, logId: log.id }, log);
    return matchesRow(log, clientSide) && verdictOf(shown.log) === undefined;
  });
}

function roundNeeds(needs: RateLogsNeeds): RoundNeeds {
  const { tree, view, panels, format, logger } = needs;
  const tell = (error: unknown) => showError(error, format, logger);
  const open = (ref: LogRef, log: Log) => {
    panels.openPreview(ref, log).catch(tell);
    const row = tree.rowOf(ref);
    if (row) view.reveal(row);
  };
  return {
    bar: needs.round,
    send: (ref, feedback) => sendOne(ref, { feedback }, needs),
    open,
    tell,
    format,
  };
}

/**
 * Starts to rate the logs of a group or a gateway one by one, or continues `before` if it is about the same logs.
 * Returns undefined if all logs are rated, which it reports, or if the user cancels.
 */
export async function rateLogs(
  needs: RateLogsNeeds,
  target: Target | undefined,
  before: UnderWay | undefined,
): Promise<UnderWay | undefined> {
  const t = vscode.l10n.t;
  const node = await nodeOf(target, needs);
  const subset = node && (await subsetIn(node, undefined, needs));
  if (!node || subset?.type !== "fitting") return before;
  const { gateway, filter } = subset;
  const { arrangements } = needs.tree;
  const of = JSON.stringify([node.id, arrangements.filterOf(gateway), arrangements.order]);
  const title = t("Finding unrated logs in {0}", gateway.collectionId);
  const begin = (round: Round) => waiting(title, (signal) => round.begin(signal));
  if (before?.of === of && (await begin(before.round))) return before;
  before?.round.stop();
  capable(signedIn(await needs.sourceOf(gateway)).changes, "canRate");
  const unrated = await unratedLogs(gateway, filter, arrangements.order, needs);
  const round = new Round(gateway, unrated, roundNeeds(needs));
  if (await begin(round)) return { of, round };
  void vscode.window.showInformationMessage(t("All logs shown in {0} are rated.", gateway.collectionId));
  return undefined;
}
