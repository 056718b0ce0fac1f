import * as vscode from "vscode";

/** Asks for a token with a password input; returns undefined if the user cancels. */
export async function askToken(
  title: string,
  prompt: string,
  window: Pick<typeof vscode.window, "showInputBox"> = vscode.window,
): Promise<string | undefined> {
  const given = await window.showInputBox({
    title,
    prompt,
    placeHolder: vscode.l10n.t("API token"),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      /[^\x21-\x7e]/.test(value.trim())
        ? vscode.l10n.t("A token has no spaces and no special characters in it.")
        : undefined,
  });
  return given?.trim() || undefined;
}
