import * as vscode from "vscode";
import type { Tokens } from "../account/tokens.ts";
import { plain } from "../logs/format.ts";

/** What is kept of accounts besides their tokens. */
type Kept = { forget(accountId: string): void | Promise<void> };

/** Forgets the token of an account and what else is kept of it, asking which when there are several. */
export async function signOut(tokens: Tokens, kept: readonly Kept[]): Promise<void> {
  const accounts = await tokens.accounts();
  const [first] = accounts;
  if (!first) {
    void vscode.window.showInformationMessage(vscode.l10n.t("You are not signed in to any account."));
    return;
  }
  const items = accounts.map((account) => ({ label: plain(account.name), description: account.id, account }));
  const placeHolder = vscode.l10n.t(
    "Which account do you want to sign out of? Its token is forgotten on this machine.",
  );
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  if (!picked) return;
  await tokens.forget(picked.account.id);
  for (const one of kept) await one.forget(picked.account.id);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Signed out of {0}.", plain(picked.account.name)), 5000);
}
