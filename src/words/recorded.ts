import type * as vscode from "vscode";

/** Appends words that somebody else has written, as words. VS Code leaves "<" as it is, and `<command:…>` would be a link. */
export function appendWords(markdown: vscode.MarkdownString, text: string): vscode.MarkdownString {
  const [first = "", ...others] = text.split("<");
  markdown.appendText(first);
  for (const other of others) markdown.appendMarkdown("&lt;").appendText(other);
  return markdown;
}
