import { KINDS } from "../account/kinds.ts";
import * as vscode from "vscode";
import { oneLine, type Format } from "../logs/format.ts";
import { dayLabel } from "../tree/group-item.ts";
import { factsTooltip } from "../tree/tooltip.ts";
import { filterItem, filtersItem } from "../tree/items.ts";
import { badFilterLook, failedLook, itemOfLook, type Look } from "../tree/state-item.ts";
import { entryFacts } from "./facts.ts";
import type { AccountNode, DayNode, EntryNode, Node, StateNode } from "./nodes.ts";
import { entryDescription, entryIcon, entryLabel, spokenEntry } from "./row.ts";

/*
 * The look of the audit log's nodes. `contextValue` is a list of words that the menus of package.json test for.
 */

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** Returns a count such as "1 entry" or "12 entries". */
export const entryCount = (count: number, format: Format): string =>
  count === 1 ? vscode.l10n.t("1 entry") : vscode.l10n.t("{0} entries", format.count(count));

function accountItem({ account, filter, isOnly }: AccountNode): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(account.name, 80), isOnly ? Expanded : Collapsed);
  const filtered = filter === "" ? undefined : vscode.l10n.t("filtered");
  item.iconPath = new vscode.ThemeIcon(account.kind === "sample" ? KINDS.sample.icon : "organization");
  if (filtered) item.description = filtered;
  if (filter !== "") item.tooltip = vscode.l10n.t("Filter: {0}", oneLine(filter, 400));
  item.accessibilityInformation = { label: [oneLine(account.name), filtered].filter(Boolean).join(", ") };
  item.contextValue = ["auditAccount", filter !== "" && "filtered"].filter(Boolean).join(" ");
  return item;
}

function dayItem({ day, count, isWhole }: DayNode, format: Format): vscode.TreeItem {
  const label = dayLabel(day, format, new Date());
  const item = new vscode.TreeItem(label, Collapsed);
  item.description = `${format.count(count)}${isWhole ? "" : "+"}`;
  item.tooltip = day;
  item.accessibilityInformation = { label: `${label}, ${entryCount(count, format)}` };
  item.contextValue = "auditDay";
  return item;
}

function entryItem(node: EntryNode, format: Format): vscode.TreeItem {
  const { entry, parent, gatewayId } = node;
  const item = new vscode.TreeItem(entryLabel(entry), None);
  item.iconPath = entryIcon(entry);
  item.description = entryDescription(entry, format, parent.day);
  item.contextValue = gatewayId === undefined ? "entry" : "entry ofGateway";
  item.command = { command: "aiGateway.openAuditEntry", title: vscode.l10n.t("Open"), arguments: [node] };
  item.accessibilityInformation = { label: spokenEntry(entry, format, parent.day) };
  return item;
}

function stateLook({ state }: StateNode, format: Format): Look {
  const t = vscode.l10n.t;
  const date = (time: Date) => format.date(time, new Date());
  const clear = { description: t("Clear Filter"), icon: "filter", command: "aiGateway.clearAuditFilter" };
  switch (state.type) {
    case "failed":
      return failedLook(state.explanation, "aiGateway.retryAudit");
    case "none":
      return {
        label: t("No entries since {0}", date(state.since)),
        icon: "info",
        tooltip: t("Changes in the account appear here after some time."),
      };
    case "noMatch":
      return { label: t("No entries since {0} match the filter", date(state.since)), ...clear };
    case "fitHere":
      return {
        label: t("{0} of {1} read", format.count(state.fit), format.count(state.read)),
        icon: "filter",
        tooltip: t("Cloudflare can't filter by all conditions, so some are checked in the loaded entries."),
      };
    case "end":
      return {
        label: state.of === "kept" ? t("Nothing older is kept") : t("The filter ends here"),
        description: date(state.since),
        icon: "info",
        tooltip: t("Cloudflare keeps the audit log for 18 months."),
      };
    case "badFilter":
      return badFilterLook(state.problem, "aiGateway.editAuditFilter");
    case "malformed":
      return {
        label:
          state.count === 1
            ? t("1 entry could not be read")
            : t("{0} entries could not be read", format.count(state.count)),
        icon: "warning",
        tooltip: t("The API gave them without an ID or a time, so they can't be shown."),
      };
  }
}

function plainItem(node: Node, format: Format): vscode.TreeItem {
  switch (node.kind) {
    case "account":
      return accountItem(node);
    case "filters":
      return filtersItem();
    case "filter":
      return filterItem(node, "aiGateway.applyAuditFilter");
    case "day":
      return dayItem(node, format);
    case "entry":
      return entryItem(node, format);
    case "more":
      return itemOfLook(node, {
        label: vscode.l10n.t("Load More"),
        icon: "chevron-down",
        command: "aiGateway.loadMoreAudit",
      });
    case "earlier":
      return itemOfLook(node, {
        label: vscode.l10n.t("Earlier…"),
        description: vscode.l10n.t("before {0}", format.date(node.since, new Date())),
        icon: "history",
        command: "aiGateway.loadMoreAudit",
      });
    case "state":
      return itemOfLook(node, stateLook(node, format));
  }
}

/** Returns VS Code's item for a node. */
export function itemOf(node: Node, format: Format): vscode.TreeItem {
  const item = plainItem(node, format);
  item.id = node.id;
  return item;
}

/** Returns a node's tooltip, created only on hover. */
export function tooltipOf(node: Node, format: Format): vscode.MarkdownString | undefined {
  if (node.kind !== "entry") return undefined;
  const facts = entryFacts(node.entry, format).flatMap((group) => group.facts);
  return factsTooltip(facts.map(({ name, value, title }) => [name, title ? `${value} (${title})` : value]));
}
