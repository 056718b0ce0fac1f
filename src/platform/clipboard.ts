import * as vscode from "vscode";
import { escapeControls } from "../chat/control-characters.ts";

/**
 * Puts a text on the clipboard. Everything copied goes through here (a lint rule keeps it so): recorded text is of anybody's making, and in
 * a terminal that it is pasted into, a control character is a key that is pressed.
 */
export async function copyText(
  text: string,
  { clipboard }: Pick<typeof vscode.env, "clipboard"> = vscode.env,
): Promise<void> {
  await clipboard.writeText(escapeControls(text));
}
