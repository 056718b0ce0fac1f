import * as vscode from "vscode";
import type { Sessions } from "../../account/session.ts";
import type { Tokens } from "../../account/tokens.ts";
import { plain } from "../../logs/format.ts";

/** Shows one account alone in the tree, or all of them; `signIn` connects to another one. */
export async function switchAccount(
  tokens: Pick<Tokens, "accounts">,
  sessions: Pick<Sessions, "shownAccount" | "show">,
  signIn: () => Promise<void>,
): Promise<void> {
  const accounts = await tokens.accounts();
  if (accounts.length === 0) {
    await signIn();
    return;
  }
  const shown = sessions.shownAccount;
  const current = vscode.l10n.t("shown now");
  const other = { label: `$(add) ${vscode.l10n.t("Sign in to another account…")}`, show: "signIn" as const };
  const all = {
    label: vscode.l10n.t("All accounts, side by side"),
    ...(shown ? {} : { description: current }),
    show: undefined,
  };
  const each = accounts.map(({ id, name }) => ({
    label: plain(name),
    description: shown === id ? current : id,
    show: { id },
  }));
  const placeHolder = vscode.l10n.t("Select an account to show");
  const picked = await vscode.window.showQuickPick([...each, all, other], { placeHolder, matchOnDescription: true });
  if (!picked) return;
  if (picked.show === "signIn") await signIn();
  else await sessions.show(picked.show?.id);
}
