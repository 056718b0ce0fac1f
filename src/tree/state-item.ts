import * as vscode from "vscode";
import { GATEWAY_NAMES } from "../account/gateway-names.ts";
import type { Explanation } from "../words/explain.ts";
import { oneLine, type Format } from "../logs/format.ts";
import type { OrderName } from "../source/query.ts";
import type { StateNode } from "./nodes.ts";

/** How a state looks: its words, and the one action that may help. */
export type Look = { label: string; description?: string; icon: string; command?: string; tooltip?: string };

/** What logs are sorted by, in a word. */
function orderWord(order: OrderName): string {
  switch (order) {
    case "newest":
    case "oldest":
      return vscode.l10n.t("time");
    case "cost":
      return vscode.l10n.t("cost");
    case "duration":
      return vscode.l10n.t("duration");
    case "tokens":
      return vscode.l10n.t("tokens");
    case "model":
      return vscode.l10n.t("model");
  }
}

/** How a failure looks; `retry` is the command that tries again. */
export function failedLook({ summary, detail, remedy }: Explanation, retry = "aiGateway.retry"): Look {
  const t = vscode.l10n.t;
  const remedies = {
    signIn: { description: t("Sign In…"), command: "aiGateway.signIn" },
    retry: { description: t("Try Again"), command: retry },
    showOutput: { description: t("Show Output"), command: "aiGateway.showOutput" },
  };
  return { label: summary, tooltip: detail, icon: "warning", ...remedies[remedy] };
}

/** How a filter looks that cannot be used; `edit` is the command that edits it. */
export function badFilterLook(problem: string, edit: string): Look {
  const { t } = vscode.l10n;
  return {
    label: t("The filter can't be used"),
    description: t("Edit Filter"),
    icon: "warning",
    tooltip: oneLine(problem),
    command: edit,
  };
}

function stateLook({ state, parent }: StateNode, format: Format): Look {
  const t = vscode.l10n.t;
  switch (state.type) {
    case "failed":
      return failedLook(state.explanation);
    case "noGateways":
      return {
        label: t("No gateways yet"),
        description: oneLine(state.accountName),
        icon: "info",
        tooltip: t("The account has no AI Gateway. Create one in the Cloudflare dashboard, then refresh."),
        command: "aiGateway.openDashboard",
      };
    case "loggingOff":
      return {
        label: t("Logging is off for this gateway"),
        icon: "circle-slash",
        tooltip: t(
          "The gateway keeps no logs. Turn on Collect logs in its settings, or send the header {0}: true with a call.",
          GATEWAY_NAMES.headers.collectLog,
        ),
        command: "aiGateway.openDashboard",
      };
    case "noLogs": {
      const isOfCalls = parent?.kind !== "gateway" || parent.gateway.holds === undefined;
      const soon = isOfCalls
        ? t("A log appears here some seconds after a call through this gateway.")
        : t("A log appears here when a guardrail blocks a call or masks a part of it.");
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
        label: t("This gateway no longer exists"),
        icon: "info",
        description: t("Refresh"),
        command: "aiGateway.refresh",
      };
    case "noMatch":
      return {
        label: t("No logs match the filter"),
        description: t("Clear Filter"),
        icon: "filter",
        command: "aiGateway.clearFilter",
      };
    case "groupEmpty": {
      const isDay = parent?.kind === "group" && parent.group === "day";
      return { label: isDay ? t("This day no longer has logs") : t("This group no longer has logs"), icon: "info" };
    }
    case "noneFitsHere":
      return {
        label:
          state.loaded === 1
            ? t("The loaded log doesn't match")
            : t("None of the {0} loaded logs match", format.count(state.loaded)),
        description: t("Clear Filter"),
        icon: "filter",
        tooltip: t("{0} can't filter by all conditions, so some are checked in the loaded logs.", state.service),
        command: "aiGateway.clearFilter",
      };
    case "fitHere":
      return {
        label: t("{0} of {1} loaded", format.count(state.fit), format.count(state.loaded)),
        icon: "filter",
        tooltip: t("{0} can't filter by all conditions, so some are checked in the loaded logs.", state.service),
      };
    case "sortedHere":
      return {
        label:
          state.total === undefined
            ? t("Sorted here: {0} loaded", format.count(state.loaded))
            : t("Sorted here: {0} of {1} loaded", format.count(state.loaded), format.count(state.total)),
        icon: "list-ordered",
        tooltip: t(
          "{0} does not sort by {1}. These are the newest logs, sorted here.",
          state.service,
          orderWord(state.order),
        ),
      };
    case "badFilter":
      return badFilterLook(state.problem, "aiGateway.editFilter");
    case "noCalls":
      return {
        label: t("No calls yet"),
        icon: "info",
        tooltip: t("Calls are found by log IDs in the program's output and in the debugger's values."),
      };
    case "malformed":
      return {
        label:
          state.count === 1 ? t("1 log could not be read") : t("{0} logs could not be read", format.count(state.count)),
        icon: "warning",
        tooltip: t("The API gave them without an ID or a time, so they can't be shown."),
      };
  }
}

/** The item of a state: its words, and (when chosen) the one action that may help. */
export const stateItem = (node: StateNode, format: Format): vscode.TreeItem =>
  itemOfLook(node, stateLook(node, format));

/** The item of what looks so; its command is called with the node. */
export function itemOfLook(node: unknown, look: Look): vscode.TreeItem {
  const item = new vscode.TreeItem(look.label, vscode.TreeItemCollapsibleState.None);
  item.iconPath = new vscode.ThemeIcon(look.icon);
  if (look.description) item.description = look.description;
  if (look.tooltip) item.tooltip = look.tooltip;
  if (look.command) item.command = { command: look.command, title: look.description ?? look.label, arguments: [node] };
  item.accessibilityInformation = { label: [look.label, look.description].filter(Boolean).join(", ") };
  item.contextValue = "state";
  return item;
}
