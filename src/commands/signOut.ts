import * as vscode from "vscode";
import type { Tokens } from "../account/tokens.ts";

/** Forgets the token of an account, asking which when there are several. */
export async function signOut(tokens: Tokens): Promise<void> {
  const accounts = await tokens.accounts();
  const [first] = accounts;
  if (!first) {
    void vscode.window.showInformationMessage(vscode.l10n.t("You are not signed in to any account."));
    return;
  }
  const items = accounts.map((account) => ({ label: account.name, description: account.id, account }));
  const placeHolder = vscode.l10n.t(
    "Which account do you want to sign out of? Its token is forgotten on this machine.",
  );
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  if (!picked) return;
  await tokens.forget(picked.account.id);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Signed out of {0}.", picked.account.name), 5000);
}
