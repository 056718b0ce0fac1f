import { KINDS } from "../account/kinds.ts";
import type { Capability } from "../source/capabilities.ts";
import * as vscode from "vscode";
import type { Log } from "../source/log.ts";
import { commandsOf } from "../platform/commands.ts";
import { collectionName } from "../words/collection-name.ts";
import { explain } from "../words/explain.ts";
import { oneLine, outcomeOf, type Format } from "../logs/format.ts";
import type { Shown } from "../logs/sent.ts";
import { groupItem } from "./group-item.ts";
import type { SavedFilter } from "../filter/saved.ts";
import type { CallNode, EarlierNode, GatewayNode, LogNode, MoreNode, Node, RunNode } from "./nodes.ts";
import { OUTCOME_ICONS, rowDescription, rowLabel, rowlessWord, spokenRow } from "../words/log-row.ts";
import { DEFAULT_PARTS, withFirst, type RowPart } from "../logs/row-parts.ts";
import { itemOfLook, stateItem } from "./state-item.ts";
import { logTooltip } from "./tooltip.ts";

/*
 * What a node looks like. `contextValue` is a list of words that the menus of package.json look for.
 */

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** How many logs a gateway shows, as far as that is known, and whether that is all of them. */
function shownWord({ filter, total }: GatewayNode, format: Format): string | undefined {
  const { t } = vscode.l10n;
  if (filter === "") return total === undefined ? undefined : format.count(total);
  return total === undefined ? t("filtered") : t("filtered: {0}", format.count(total));
}

function gatewayItem(node: GatewayNode, format: Format): vscode.TreeItem {
  const { gateway, account, filter } = node;
  const name = collectionName(gateway);
  const item = new vscode.TreeItem(name, Collapsed);
  // A server's only gateway is named like it.
  const shown = [shownWord(node, format), account.name === name ? "" : oneLine(account.name)].filter(Boolean);
  item.iconPath = new vscode.ThemeIcon(gateway.holds === "guardrails" ? "shield" : KINDS[account.kind].icon);
  item.description = shown.join(" · ");
  if (filter !== "") item.tooltip = vscode.l10n.t("Filter: {0}", oneLine(filter, 400));
  item.accessibilityInformation = { label: [name, ...shown].join(", ") };
  item.contextValue = [account.kind, "gateway", filter !== "" && "filtered"].filter(Boolean).join(" ");
  return item;
}

/** The item of the saved filters. */
export function filtersItem(): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t("Saved filters"), Collapsed);
  item.iconPath = new vscode.ThemeIcon("bookmark");
  item.contextValue = "filters";
  return item;
}

/** The item of a saved filter; `command` applies it. */
export function filterItem(
  node: { saved: SavedFilter; active: boolean },
  command = "aiGateway.applyFilter",
): vscode.TreeItem {
  const { saved, active } = node;
  const item = new vscode.TreeItem(oneLine(saved.name, 80), None);
  const line = oneLine(saved.filter);
  item.iconPath = new vscode.ThemeIcon(active ? "check" : "bookmark");
  item.description = line;
  item.tooltip = line;
  item.contextValue = ["filter", saved.ready ? "ready" : "own", active && "active"].filter(Boolean).join(" ");
  item.command = { command, title: vscode.l10n.t("Apply"), arguments: [node] };
  const spoken = [oneLine(saved.name), active && vscode.l10n.t("active"), line];
  item.accessibilityInformation = { label: spoken.filter(Boolean).join(", ") };
  return item;
}

/** The commands behind rows. */
export type RowCalls = {
  "aiGateway.openLog": (node: LogNode) => void;
  "aiGateway.loadMore": (node: MoreNode) => void;
  "aiGateway.loadEarlier": (node: EarlierNode) => void;
};

const { behind } = commandsOf<RowCalls>();

/** A row as it is shown, with what was sent of it. */
type ShownRow = (node: LogNode) => Shown;

const asListed: ShownRow = ({ log }) => ({ log, ours: new Set() });

function logItem(node: LogNode, log: Log, format: Format, chosen: readonly RowPart[]): vscode.TreeItem {
  const { parent, isNew } = node;
  const isUnderDay = parent.kind === "group" && parent.group === "day";
  const day = isUnderDay ? parent.known.key : format.calendar.dayOf(new Date());
  // Below an event it is the step that tells one row from the next.
  const isStep = parent.kind === "group" && parent.group === "event";
  const parts = isStep ? withFirst("step", chosen) : chosen;
  const item = new vscode.TreeItem(rowLabel(log), None);
  const description = rowDescription(log, parts, format, day);
  const spoken = spokenRow(log, parts, format, day);
  item.iconPath = OUTCOME_ICONS[outcomeOf(log)];
  item.description = isNew ? `● ${description}` : description;
  item.contextValue = "log";
  item.command = behind("aiGateway.openLog", vscode.l10n.t("Open"), node);
  item.accessibilityInformation = { label: isNew ? `${vscode.l10n.t("new")}, ${spoken}` : spoken };
  return item;
}

function runItem({ run }: RunNode, format: Format): vscode.TreeItem {
  const { t } = vscode.l10n;
  const count = run.calls.length;
  const item = new vscode.TreeItem(t("Debug Session"), run.endedAt ? Collapsed : Expanded);
  const calls = count === 1 ? t("1 call") : t("{0} calls", format.count(count));
  const shown = [oneLine(run.name, 60), calls, ...(run.endedAt ? [format.time(run.startedAt)] : [])];
  item.iconPath = new vscode.ThemeIcon(run.endedAt ? "debug-disconnect" : "debug-alt");
  item.description = shown.join(" · ");
  item.tooltip = run.endedAt
    ? t("From {0} to {1}", format.dateTime(run.startedAt), format.time(run.endedAt))
    : t("Since {0}", format.dateTime(run.startedAt));
  item.contextValue = "run";
  item.accessibilityInformation = { label: [t("Debug Session"), ...shown].join(", ") };
  return item;
}

function callItem({ call }: CallNode, format: Format): vscode.TreeItem {
  const { t } = vscode.l10n;
  const { state, id } = call;
  // The description says more than the middle of an id.
  const item = new vscode.TreeItem(oneLine(id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id), None);
  const isWaiting = state.type === "waiting";
  item.iconPath = new vscode.ThemeIcon(isWaiting ? "loading~spin" : "question");
  item.description = rowlessWord(isWaiting ? "waiting" : "missing");
  const why = state.type === "missing" && state.error !== undefined ? explain(state.error, format) : undefined;
  const reason = isWaiting
    ? t("A log can be read some seconds after its call.")
    : (why?.detail ?? t("None of your gateways has a log of this ID. Is logging on for the gateway that was called?"));
  item.tooltip = `${oneLine(id)}\n${reason}`;
  item.contextValue = "call";
  item.accessibilityInformation = { label: `${oneLine(id, 80)}, ${item.description}` };
  return item;
}

function plainItem(node: Node, format: Format, parts: readonly RowPart[], shown: ShownRow): vscode.TreeItem {
  switch (node.kind) {
    case "gateway":
      return gatewayItem(node, format);
    case "filters":
      return filtersItem();
    case "filter":
      return filterItem(node);
    case "group":
      return groupItem(node, format, parts);
    case "log":
      return logItem(node, shown(node).log, format, parts);
    case "run":
      return runItem(node, format);
    case "call":
      return callItem(node, format);
    case "more":
      return itemOfLook(node, {
        label: vscode.l10n.t("Load More"),
        ...(node.left === undefined ? {} : { description: vscode.l10n.t("{0} left", format.count(node.left)) }),
        icon: "chevron-down",
        command: "aiGateway.loadMore",
      });
    case "earlier":
      return itemOfLook(node, {
        label: node.later ? vscode.l10n.t("Later…") : vscode.l10n.t("Earlier…"),
        icon: "history",
        command: "aiGateway.loadEarlier",
      });
    case "state":
      return stateItem(node, format);
  }
}

/** The item that VS Code shows for a node; `parts` are those of a log's row. */
export function itemOf(
  node: Node,
  format: Format,
  parts: readonly RowPart[] = DEFAULT_PARTS,
  shown = asListed,
): vscode.TreeItem {
  const item = plainItem(node, format, parts, shown);
  item.id = node.id;
  return item;
}

/** Adds words for menus: what can be done with the item's logs. */
export function addWords(item: vscode.TreeItem, words: readonly Capability[]): void {
  item.contextValue = [item.contextValue, ...words].join(" ");
}

/** Says of a log's item that the log is being deleted: nothing else can be done with it then. */
export function markDeleting(item: vscode.TreeItem): void {
  const word = vscode.l10n.t("deleting…");
  item.iconPath = new vscode.ThemeIcon("loading~spin");
  item.description = word;
  item.contextValue = "deleting";
  item.accessibilityInformation = { label: `${word} ${item.accessibilityInformation?.label ?? ""}` };
}

/** The tooltip that is only made when a node is hovered. */
export function tooltipOf(node: Node, format: Format, shown = asListed): vscode.MarkdownString | undefined {
  return node.kind === "log" ? logTooltip(shown(node), format) : undefined;
}
