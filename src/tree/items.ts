import * as vscode from "vscode";
import { dayBefore, dayOf, rangeOf } from "../logs/days.ts";
import { oneLine, outcomeOf, shortModel, shortPath, tokensTotal, type Format, type Outcome } from "../logs/format.ts";
import { logTooltip } from "./tooltip.ts";
import type { DayNode, GatewayNode, LogNode, Node, StateNode } from "./nodes.ts";

/*
 * What a node looks like. `contextValue` is a list of words that the menus of package.json look for.
 */

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

/** Shape and colour, so that the colour is not all that tells. */
const OUTCOMES: Record<Outcome, vscode.ThemeIcon> = {
  success: new vscode.ThemeIcon("pass", new vscode.ThemeColor("charts.green")),
  error: new vscode.ThemeIcon("error", new vscode.ThemeColor("errorForeground")),
  cached: new vscode.ThemeIcon("zap", new vscode.ThemeColor("charts.blue")),
  blocked: new vscode.ThemeIcon("shield", new vscode.ThemeColor("list.warningForeground")),
};

/** How a call ended, in a word. */
export function outcomeWord(outcome: Outcome): string {
  switch (outcome) {
    case "success":
      return vscode.l10n.t("succeeded");
    case "error":
      return vscode.l10n.t("failed");
    case "cached":
      return vscode.l10n.t("cached");
    case "blocked":
      return vscode.l10n.t("blocked by DLP");
  }
}

function gatewayItem(node: GatewayNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.gateway.id, Collapsed);
  item.iconPath = new vscode.ThemeIcon(node.account.isSample ? "beaker" : "cloud");
  item.description = oneLine(node.account.name);
  item.contextValue = node.account.isSample ? "gateway sample" : "gateway";
  return item;
}

function dayLabel({ day }: DayNode, format: Format, now: Date): string {
  const today = dayOf(now);
  if (day === today) return vscode.l10n.t("Today");
  if (day === dayBefore(today)) return vscode.l10n.t("Yesterday");
  return format.date(rangeOf(day).start, now);
}

function dayItem(node: DayNode, format: Format): vscode.TreeItem {
  const label = dayLabel(node, format, new Date());
  const item = new vscode.TreeItem(label, Collapsed);
  const { total, logs } = node.known;
  item.description = total === undefined ? `${format.count(logs.length)}+` : format.count(total);
  item.tooltip = node.day;
  item.accessibilityInformation = { label: vscode.l10n.t("{0}, {1} logs", label, item.description) };
  item.contextValue = "day";
  return item;
}

function logItem(node: LogNode, format: Format): vscode.TreeItem {
  const { log } = node;
  const outcome = outcomeOf(log);
  const label = oneLine([shortModel(log), shortPath(log)].filter(Boolean).join(" "), 80);
  const tokens = tokensTotal(log);
  const failed = outcome === "error" && log.statusCode !== undefined ? [String(log.statusCode)] : [];
  const facts = [
    ...failed,
    ...(outcome === "blocked" || outcome === "cached" ? [outcomeWord(outcome)] : []),
    format.time(log.createdAt),
    ...(tokens === undefined ? [] : [vscode.l10n.t("{0} tok", format.count(tokens))]),
    ...(log.costUsd === undefined ? [] : [format.cost(log.costUsd)]),
  ];
  const item = new vscode.TreeItem(label, None);
  item.iconPath = OUTCOMES[outcome];
  item.description = facts.join(" · ");
  item.contextValue = "log";
  item.command = { command: "aiGateway.openLog", title: vscode.l10n.t("Open"), arguments: [node] };
  const whole = [oneLine(log.model ?? log.provider), oneLine(log.path), outcomeWord(outcome), ...facts];
  item.accessibilityInformation = { label: whole.join(", ") };
  return item;
}

type Look = { label: string; description?: string; icon: string; command?: string; tooltip?: string };

function stateLook({ state }: StateNode): Look {
  const t = vscode.l10n.t;
  switch (state.type) {
    case "failed": {
      const { summary, detail, remedy } = state.explanation;
      const remedies = {
        signIn: { description: t("Sign in…"), command: "aiGateway.signIn" },
        retry: { description: t("Try again"), command: "aiGateway.retry" },
        showOutput: { description: t("Show output"), command: "aiGateway.showOutput" },
      };
      return { label: summary, tooltip: detail, icon: "warning", ...remedies[remedy] };
    }
    case "noGateways":
      return {
        label: t("No gateways yet"),
        description: oneLine(state.accountName),
        icon: "info",
        tooltip: t("The account has no AI Gateway. Make one in the Cloudflare dashboard, then refresh."),
        command: "aiGateway.openDashboard",
      };
    case "loggingOff":
      return {
        label: t("Logging is off for this gateway"),
        icon: "circle-slash",
        tooltip: t(
          "The gateway keeps no logs. Turn on Collect logs in its settings, or send the header cf-aig-collect-log: true with a call.",
        ),
        command: "aiGateway.openDashboard",
      };
    case "noLogs": {
      const soon = t("A log appears here some seconds after a call through this gateway.");
      if (!state.maybeOtherStore) return { label: t("No logs yet"), icon: "info", tooltip: soon };
      const elsewhere = t(
        "If the account was made since September 24, 2026, its logs are in Workers Observability: the dashboard shows them.",
      );
      return {
        label: t("No logs yet"),
        icon: "info",
        tooltip: `${soon} ${elsewhere}`,
        command: "aiGateway.openDashboard",
      };
    }
    case "otherStore":
      return {
        label: t("This account's logs are kept elsewhere"),
        icon: "info",
        tooltip: t(
          "Accounts made since September 24, 2026 keep their logs in Workers Observability. Cloudflare's logs API does not show those; the dashboard does.",
        ),
        command: "aiGateway.openDashboard",
      };
    case "gatewayGone":
      return {
        label: t("This gateway does not exist any more"),
        icon: "info",
        description: t("Refresh"),
        command: "aiGateway.refresh",
      };
    case "noMatch":
      return {
        label: t("No log fits the filter"),
        description: t("Clear Filter"),
        icon: "filter",
        command: "aiGateway.clearFilter",
      };
    case "dayEmpty":
      return { label: t("No logs on this day any more"), icon: "info" };
    case "malformed":
      return {
        label: state.count === 1 ? t("1 log could not be read") : t("{0} logs could not be read", String(state.count)),
        icon: "warning",
        tooltip: t("The API gave them without an id or a time, so they cannot be shown."),
      };
  }
}

function stateItem(node: StateNode): vscode.TreeItem {
  const look = stateLook(node);
  const item = new vscode.TreeItem(look.label, None);
  item.iconPath = new vscode.ThemeIcon(look.icon);
  if (look.description) item.description = look.description;
  if (look.tooltip) item.tooltip = look.tooltip;
  if (look.command) item.command = { command: look.command, title: look.description ?? look.label, arguments: [node] };
  item.accessibilityInformation = { label: [look.label, look.description].filter(Boolean).join(", ") };
  item.contextValue = "state";
  return item;
}

/** The item that VS Code shows for a node. */
export function itemOf(node: Node, format: Format): vscode.TreeItem {
  const item = plainItem(node, format);
  item.id = node.id;
  return item;
}

function plainItem(node: Node, format: Format): vscode.TreeItem {
  switch (node.kind) {
    case "gateway":
      return gatewayItem(node);
    case "day":
      return dayItem(node, format);
    case "log":
      return logItem(node, format);
    case "state":
      return stateItem(node);
    case "more": {
      const item = new vscode.TreeItem(vscode.l10n.t("Load more"), None);
      item.description = vscode.l10n.t("{0} left", format.count(node.left));
      item.iconPath = new vscode.ThemeIcon("chevron-down");
      item.command = { command: "aiGateway.loadMore", title: vscode.l10n.t("Load more"), arguments: [node] };
      return item;
    }
    case "earlier": {
      const item = new vscode.TreeItem(vscode.l10n.t("Earlier…"), None);
      item.iconPath = new vscode.ThemeIcon("history");
      item.command = { command: "aiGateway.loadEarlier", title: vscode.l10n.t("Earlier…"), arguments: [node] };
      return item;
    }
  }
}

/** The tooltip that is only made when a node is hovered. */
export function tooltipOf(node: Node, format: Format): vscode.MarkdownString | undefined {
  return node.kind === "log" ? logTooltip(node.log, format) : undefined;
}
