import type * as vscode from "vscode";

/** Appends untrusted text as text. VS Code doesn't escape "<", so `<command:…>` would be a link. */
export function appendWords(markdown: vscode.MarkdownString, text: string): vscode.MarkdownString {
  const [first = "", ...others] = text.split("<");
  markdown.appendText(first);
  for (const other of others) markdown.appendMarkdown("&lt;").appendText(other);
  return markdown;
}
