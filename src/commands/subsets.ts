import * as vscode from "vscode";
import type { LogRef } from "../source/log.ts";
import { PlainError } from "../words/explain.ts";
import type { Format } from "../logs/format.ts";
import { isOfGateway } from "../logs/log-key.ts";
import { filterOfGroup, type Subset } from "../logs/subset.ts";
import type { LogPanels } from "../panel/panels.ts";
import { readFilter } from "../filter/line.ts";
import type { GatewayNode, Node } from "../tree/nodes.ts";
import type { LogTreeView } from "../tree/view.ts";
import { logsIn, type Target } from "./targets.ts";

/** Sources of a command's target logs, and a question for a gateway. */
export type SubsetPlaces = {
  panels: Pick<LogPanels, "active">;
  view: Pick<LogTreeView, "selectedLogs" | "selection" | "gatewayFor">;
  format: Format;
};

function chosen(logs: readonly [LogRef, ...LogRef[]]): Subset {
  const [{ sourceId, collectionId, logId }, ...others] = logs;
  if (!others.every(isOfGateway({ sourceId, collectionId })))
    throw new PlainError(vscode.l10n.t("The selected logs are in several gateways. Select logs of one gateway."));
  return {
    type: "chosen",
    gateway: { sourceId, collectionId },
    logIds: [logId, ...others.map((other) => other.logId)],
  };
}

async function fitting(node: GatewayNode | undefined, { calendar }: Format): Promise<Subset | undefined> {
  return node && { type: "fitting", gateway: node.ref, filter: await readFilter(node.filter, calendar) };
}

/**
 * Returns the target logs of a command for many: the selected ones, those of a group, or those shown of a gateway by
 * its filter. From the palette: the active log, or else the tree's selection, or else a gateway, which is asked for.
 * Returns undefined if the user cancels.
 * @throws PlainError for logs of several gateways, for more than one group or gateway, and BadFilter
 */
export async function subsetIn(
  target: Target | LogRef | undefined,
  selected: readonly Node[] | undefined,
  places: SubsetPlaces,
): Promise<Subset | undefined> {
  const { panels, view, format } = places;
  const isFromTree = target === "selection" || (target === undefined && !panels.active);
  const meant = isFromTree ? view.selection[0] : target;
  // A context menu on a row outside the selection is about that row alone.
  const nodes = isFromTree ? view.selection : (selected ?? []);
  const all = nodes.some((node) => node === meant) ? nodes : [];
  if (all.length > 1 && all.some(({ kind }) => kind !== "log"))
    throw new PlainError(vscode.l10n.t("Select one day, group or gateway, or one or more logs."));
  if (meant && "kind" in meant && meant.kind === "group") {
    const { parent, group, known } = meant;
    const filter = await readFilter(parent.filter, format.calendar);
    return { type: "fitting", gateway: meant.ref, filter: filterOfGroup(filter, group, known.key, format.calendar) };
  }
  if (meant && "kind" in meant && meant.kind === "gateway") return fitting(meant, format);
  if (!meant && !panels.active) return fitting(await view.gatewayFor(), format);
  return chosen(logsIn(target, selected, places));
}
