import * as vscode from "vscode";
import { placedIds } from "../logs/wanted.ts";

/** Characters of a document and of a line that are looked at. */
const MOST_TEXT = 2_000_000;
const MOST_LINE = 5000;

type IdLink = vscode.TerminalLink & { id: string };

const tooltip = (): string => vscode.l10n.t("Open the log at AI Gateway");

/** Makes ids in terminals links that open their logs. */
export const terminalLinks: vscode.TerminalLinkProvider<IdLink> = {
  provideTerminalLinks: ({ line }) =>
    placedIds(line.slice(0, MOST_LINE)).map(({ id, start, end }) => ({
      id,
      startIndex: start,
      length: end - start,
      tooltip: tooltip(),
    })),
  handleTerminalLink: ({ id }) => void vscode.commands.executeCommand("aiGateway.openLogOf", id),
};

/** Makes ids in output channels and log files links that open their logs. */
export const documentLinks: vscode.DocumentLinkProvider = {
  provideDocumentLinks: (document) =>
    placedIds(document.getText().slice(0, MOST_TEXT)).map(({ id, start, end }) => {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      const argument = encodeURIComponent(JSON.stringify([id]));
      const link = new vscode.DocumentLink(range, vscode.Uri.parse(`command:aiGateway.openLogOf?${argument}`));
      link.tooltip = tooltip();
      return link;
    }),
};
