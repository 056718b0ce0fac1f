import * as vscode from "vscode";
import { escapeControls } from "../chat/control-characters.ts";

/**
 * Copies a text to the clipboard. Everything copied goes through here (a lint rule enforces it): recorded text is
 * untrusted, and pasted into a terminal, a control character acts like a key press.
 */
export async function copyText(
  text: string,
  { clipboard }: Pick<typeof vscode.env, "clipboard"> = vscode.env,
): Promise<void> {
  await clipboard.writeText(escapeControls(text));
}
