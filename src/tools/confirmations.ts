import * as vscode from "vscode";
import { oneLine } from "../logs/format.ts";
import { appendWords } from "../words/recorded.ts";
import type { CompareInput } from "./compare-logs.ts";
import { MOST_CALLS, MOST_OF_LOG, MOST_SESSIONS, mostLogs, type ToolNeeds } from "./needs.ts";
import { gatewayOf, type SearchInput } from "./search-logs.ts";

/** A confirmation that the user sees before a tool reads anything. */
type Confirmation = { title: string; message: vscode.MarkdownString };

/** Maximum number of characters shown of a model's input. */
const MOST_GIVEN = 300;

/**
 * Returns a question, and a description of what the model receives after a yes. VS Code renders both as Markdown, and a
 * model's words may come from anywhere, so they are only in the message, as plain text.
 */
function confirmation(title: string, facts: readonly (readonly [string, string])[], sent: string): Confirmation {
  const message = new vscode.MarkdownString();
  for (const [name, value] of facts) {
    appendWords(message.appendMarkdown("**").appendText(name).appendMarkdown("** "), oneLine(value, MOST_GIVEN));
    message.appendMarkdown("  \n");
  }
  const redacted = vscode.l10n.t("API keys, tokens, email addresses and card numbers are redacted where recognized.");
  appendWords(message.appendMarkdown("\n\n"), `${sent} ${redacted}`);
  return { title, message };
}

const conversation = (): string =>
  vscode.l10n.t(
    "The request, the response and the facts of the log go to the language model that you chat with: at most {0} characters per log.",
    MOST_OF_LOG,
  );

/** Confirms a search: shows the gateway, the filter and the maximum number of rows. */
export async function confirmSearch(input: SearchInput, needs: ToolNeeds): Promise<Confirmation> {
  const { t } = vscode.l10n;
  const { gateway, filter, limit } = input;
  // If the gateway is unknown, the tool reports why when it runs.
  const known = await gatewayOf(gateway, needs).catch(() => undefined);
  return confirmation(
    t("Search the logs of AI Gateway for the language model?"),
    [
      [t("Gateway"), known?.collectionId ?? gateway ?? t("this workspace's gateway")],
      [t("Filter"), filter?.trim() || t("none, the newest logs")],
      [t("At most"), t("{0} logs", mostLogs(limit))],
    ],
    t(
      "The rows of these logs go to the language model that you chat with: IDs, times, models, paths, status, tokens, costs, user agents and metadata, without requests and responses.",
    ),
  );
}

/** Confirms reading a log: shows its ID. */
export function confirmRead({ id }: { id: string }): Confirmation {
  const { t } = vscode.l10n;
  return confirmation(t("Share a log of AI Gateway with the language model?"), [[t("Log"), id]], conversation());
}

/** Confirms comparing two logs: shows both IDs. */
export function confirmCompare({ first, second }: CompareInput): Confirmation {
  const { t } = vscode.l10n;
  const facts = [
    [t("First log"), first],
    [t("Second log"), second],
  ] as const;
  return confirmation(t("Share two logs of AI Gateway with the language model?"), facts, conversation());
}

/** Confirms listing the calls of debug sessions: shows the sessions' names. */
export function confirmDebugCalls({ runs }: Pick<ToolNeeds, "runs">): Confirmation {
  const { t } = vscode.l10n;
  const names = runs.shown.map(({ name }) => name).join(", ");
  return confirmation(
    t("Share the calls of your debug sessions with the language model?"),
    [
      [t("Debug sessions"), names || t("none")],
      [t("At most"), t("{0} sessions, {1} calls each", MOST_SESSIONS, MOST_CALLS)],
    ],
    t(
      "The rows of these calls go to the language model that you chat with: IDs, times, models, paths, status, tokens, costs, user agents and metadata, and the source files and lines that printed their IDs, without requests and responses.",
    ),
  );
}
