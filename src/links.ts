import * as vscode from "vscode";
import type { Sessions } from "./account/session.ts";
import type { Tokens } from "./account/tokens.ts";
import type { AccountCommands } from "./commands/account/table.ts";
import type { Logger } from "./platform/logger.ts";
import { oneLine, type Format } from "./logs/format.ts";
import { refOf } from "./logs/link.ts";
import { commandsOf } from "./platform/commands.ts";
import { showError, withoutLinks } from "./platform/notify.ts";
import type { LogPanels } from "./panel/panels.ts";

type LinkNeeds = {
  tokens: Pick<Tokens, "accounts">;
  sessions: Pick<Sessions, "current" | "shownAccount" | "show">;
  panels: Pick<LogPanels, "open">;
};

/** UI for questions. */
type LinkUi = Pick<typeof vscode.window, "showWarningMessage" | "showInformationMessage"> & {
  signIn(): Thenable<unknown>;
};

const linkUi: LinkUi = {
  showWarningMessage: vscode.window.showWarningMessage,
  showInformationMessage: vscode.window.showInformationMessage,
  signIn: () => commandsOf<AccountCommands>().run("aiGateway.signIn", "cloudflare"),
};

/** Returns whether the account is among the shown ones. */
async function isShown(sourceId: string, { sessions }: LinkNeeds): Promise<boolean> {
  const { accounts } = await sessions.current();
  return accounts.some(({ id }) => id === sourceId);
}

/** Shows a log's account after confirmation: by switching to it, or by signing in. Returns whether it is shown. */
async function askForAccount(sourceId: string, needs: LinkNeeds, ui: LinkUi): Promise<boolean> {
  const { t } = vscode.l10n;
  const known = (await needs.tokens.accounts()).find(({ id }) => id === sourceId);
  if (known) {
    const change = t("Show This Account");
    const question = t("The log is of another account, {0}.", oneLine(known.name));
    const detail = t("Opening it switches to that account's logs.");
    if ((await ui.showInformationMessage(question, { modal: true, detail }, change)) !== change) return false;
    await needs.sessions.show(sourceId);
    return true;
  }
  const signIn = t("Sign In");
  const question = t("The log is of an account that you aren't signed in to.");
  const detail = t("Its ID is {0}. To open the log, sign in with a token for that account.", sourceId);
  if ((await ui.showInformationMessage(question, { modal: true, detail }, signIn)) !== signIn) return false;
  await ui.signIn();
  return isShown(sourceId, needs);
}

/** Opens a link's log; reports a failure. */
export async function followLink(
  uri: vscode.Uri,
  needs: LinkNeeds & { format: Format; logger: Logger },
): Promise<void> {
  try {
    await openLink(uri, needs);
  } catch (error) {
    showError(error, needs.format, needs.logger);
  }
}

/**
 * Opens a link's log, and does nothing else: anyone may have written the link, so it must consist of three valid IDs.
 * Changes the shown account only after confirmation.
 */
export async function openLink({ path, query, fragment }: vscode.Uri, needs: LinkNeeds, ui = linkUi): Promise<void> {
  const ref = fragment === "" ? refOf(path, query) : undefined;
  if (!ref) {
    const shown = withoutLinks(oneLine(`${path}?${query}`, 80));
    void ui.showWarningMessage(vscode.l10n.t("This link doesn't lead to a log: {0}", shown));
    return;
  }
  if ((await isShown(ref.sourceId, needs)) || (await askForAccount(ref.sourceId, needs, ui)))
    await needs.panels.open(ref);
}
