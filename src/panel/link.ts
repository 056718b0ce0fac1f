import * as vscode from "vscode";
import { copyText } from "../platform/clipboard.ts";
import { webAddress } from "./intents.ts";

type OpensLinks = {
  window: Pick<typeof vscode.window, "showInformationMessage" | "showWarningMessage">;
  env: Pick<typeof vscode.env, "clipboard">;
  commands: Pick<typeof vscode.commands, "executeCommand">;
};

/** Opens a link of a recorded message in the browser: only a web URL, and only after confirmation of its full text. */
export async function openLink(text: string, { window, env, commands }: OpensLinks): Promise<void> {
  const url = webAddress(text);
  if (!url) {
    void window.showWarningMessage(vscode.l10n.t("Only web addresses can be opened."));
    return;
  }
  const open = vscode.l10n.t("Open");
  const copy = vscode.l10n.t("Copy");
  const question = vscode.l10n.t("Open this address from the recorded log?");
  const answer = await window.showInformationMessage(question, { modal: true, detail: url.href }, open, copy);
  // As a string: a Uri would decode parts of it, and lead somewhere else than shown.
  if (answer === open) await commands.executeCommand("vscode.open", url.href);
  if (answer === copy) await copyText(url.href, env);
}
