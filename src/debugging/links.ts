import * as vscode from "vscode";
import type { CollectionRef } from "../source/log.ts";
import { GATEWAY_NAMES } from "../account/gateway-names.ts";
import { LogIds } from "../logs/log-ids.ts";
import { commandsOf } from "../platform/commands.ts";

/** The commands of links and lenses. */
export type DebuggingCalls = {
  "aiGateway.openLogOf": (id: string) => void;
  "aiGateway.showCalls": (gateway: CollectionRef, line: string) => void;
};

const ids = new LogIds(GATEWAY_NAMES.logIds);
const { run, link } = commandsOf<DebuggingCalls>();

/** Maximum number of searched characters of a document and of a line. */
const MOST_TEXT = 2_000_000;
const MOST_LINE = 5000;

type IdLink = vscode.TerminalLink & { id: string };

const tooltip = (): string => vscode.l10n.t("Open in AI Gateway");

/** Links IDs in terminals to their logs. */
export const terminalLinks: vscode.TerminalLinkProvider<IdLink> = {
  provideTerminalLinks: ({ line }) =>
    ids.locate(line.slice(0, MOST_LINE)).map(({ id, start, end }) => ({
      id,
      startIndex: start,
      length: end - start,
      tooltip: tooltip(),
    })),
  handleTerminalLink: ({ id }) => void run("aiGateway.openLogOf", id),
};

/** Links IDs in output channels and log files to their logs. */
export const documentLinks: vscode.DocumentLinkProvider = {
  provideDocumentLinks: (document) =>
    ids.locate(document.getText().slice(0, MOST_TEXT)).map(({ id, start, end }) => {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      return Object.assign(new vscode.DocumentLink(range, link("aiGateway.openLogOf", id)), { tooltip: tooltip() });
    }),
};
