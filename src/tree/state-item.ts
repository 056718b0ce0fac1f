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

const callsWords = (calls: number, format: Format): string =>
  calls === 1
    ? vscode.l10n.t("One call went through this gateway in the last 31 days.")
    : vscode.l10n.t("{0} calls went through this gateway in the last 31 days.", format.count(calls));

/** Why calls have no logs, and what to do now. */
function causeWords(cause: "allowance" | "retention" | "unknown"): string {
  const { t } = vscode.l10n;
  switch (cause) {
    case "allowance":
      return t(
        "The account's daily allowance for logs may be used up. On the Free plan, logs are kept again after midnight UTC. The dashboard shows the usage.",
      );
    case "retention":
      return t("Logs are kept for 7 days, unless the account pays for more, so theirs are gone.");
    case "unknown":
      return t("Their logs may have been deleted, or weren't kept. The gateway's settings in the dashboard tell.");
  }
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
    case "loggingOff": {
      const how = t(
        "The gateway keeps no logs. Turn on Collect logs in its settings, or send the header {0}: true with a call.",
        GATEWAY_NAMES.headers.collectLog,
      );
      return {
        label: t("Logging is off for this gateway"),
        icon: "circle-slash",
        tooltip: state.calls > 0 ? `${callsWords(state.calls, format)} ${how}` : how,
        command: "aiGateway.openDashboard",
      };
    }
    case "noLogs": {
      const isOfCalls = parent?.kind !== "gateway" || parent.gateway.holds === undefined;
      const soon = isOfCalls
        ? t("A log appears here some seconds after a call through this gateway.")
        : t("A log appears here when a guardrail blocks a call or masks a part of it.");
      if (!state.maybeOtherStore) return { label: t("No logs yet"), icon: "info", tooltip: soon };
      const elsewhere = t(
        "If the account was made since September 24, 2026, its logs are in Workers Observability, which this token can't read.",
      );
      return {
        label: t("No logs yet"),
        icon: "info",
        tooltip: `${soon} ${elsewhere}`,
        command: "aiGateway.openDashboard",
      };
    }
    case "moved":
      return { label: t("Reading logs…"), icon: "loading~spin" };
    case "otherStore":
      return {
        label: t("The permission {0} is missing", state.permission),
        description: t("Sign In…"),
        icon: "warning",
        tooltip: t(
          "This gateway's logs are in another store, which this token can't read. Give it the permission {0} for the account, or sign in with a token that has it.",
          state.permission,
        ),
        command: "aiGateway.signIn",
      };
    case "callsWithoutLogs":
      return {
        label: t("Calls without logs"),
        description: format.count(state.calls),
        icon: "info",
        tooltip: [
          callsWords(state.calls, format),
          state.last ? t("The last one was at {0}.", format.time(state.last)) : "",
          causeWords(state.cause),
        ]
          .filter((sentence) => sentence !== "")
          .join(" "),
        command: "aiGateway.openDashboard",
      };
    case "sampled":
      return {
        label: t("Some logs are missing here"),
        icon: "warning",
        tooltip: t(
          "{0} answered from a sample of the logs, because there are many. A narrower filter or a single day shows more of them.",
          state.service,
        ),
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
