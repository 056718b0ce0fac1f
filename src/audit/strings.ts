import * as vscode from "vscode";
import { pageStrings } from "../panel/strings.ts";

/** The strings of an entry's page. */
export type EntryStrings = ReturnType<typeof entryStrings>;

/** Returns the page's strings in the user's language: those of every page, and its own. */
export function entryStrings() {
  const t = vscode.l10n.t;
  return {
    ...pageStrings(),
    previous: t("Previous entry (K)"),
    next: t("Next entry (J)"),
    copyJson: t("Copy as JSON"),
    copyMarkdown: t("Copy as Markdown"),
    showGateway: t("Show Gateway"),
    showHistory: t("Show History"),
    history: t("History of the resource"),
    shownEntry: t("shown here"),
  };
}
