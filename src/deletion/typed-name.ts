import * as vscode from "vscode";
import type { Ui } from "../platform/pick-one.ts";
import { PlainError } from "../words/explain.ts";

/**
 * Asks to type a name as a confirmation; `wrong` says that another text isn't it. Returns false if the user cancels.
 * @throws PlainError if another text was typed
 */
export async function isNameTyped(
  ui: Pick<Ui, "showInputBox">,
  name: string,
  { title, prompt, wrong }: { title: string; prompt: string; wrong: string },
): Promise<boolean> {
  const typed = await ui.showInputBox({
    title,
    prompt,
    ignoreFocusOut: true,
    validateInput: (text) => (text === "" || text === name ? undefined : wrong),
  });
  if (typed === undefined) return false;
  if (typed !== name) throw new PlainError(vscode.l10n.t("Nothing was deleted. {0}", wrong));
  return true;
}
