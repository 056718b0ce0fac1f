import * as vscode from "vscode";
import type { Tokens } from "../../account/tokens.ts";
import { plain } from "../../logs/format.ts";

/**
 * Removes the token of an account, asking which if there are several; the owners of other data of the account remove
 * it.
 */
export async function signOut(
  tokens: Pick<Tokens, "accounts" | "forget">,
  window: Pick<typeof vscode.window, "showInformationMessage" | "showQuickPick"> = vscode.window,
): Promise<void> {
  const accounts = await tokens.accounts();
  const [first] = accounts;
  if (!first) {
    void window.showInformationMessage(vscode.l10n.t("You aren't signed in to any account."));
    return;
  }
  const items = accounts.map((account) => ({ label: plain(account.name), description: account.id, account }));
  const placeHolder = vscode.l10n.t("Select an account to sign out of. Its token is removed from this machine.");
  const picked = await window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  if (!picked) return;
  await tokens.forget(picked.account.id);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Signed out of {0}.", plain(picked.account.name)), 5000);
}
