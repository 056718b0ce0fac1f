import * as vscode from "vscode";
import type { ListLogs, SourceOf } from "../../account/signed-in.ts";
import { valuesSeen } from "../../query/completion.ts";
import type { QueryLine } from "../../query/query-line.ts";
import type { Log, LogRef } from "../../source/log.ts";
import { itemsFor } from "../../filter/items.ts";
import type { ReadLine } from "../../filter/line.ts";
import { logFinder, type FoundLogs } from "../../filter/preview.ts";
import { choiceIn, nextChoice, withChoice, type Toggle } from "../../filter/toggles.ts";
import type { GatewayNode } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";
import { filteredLogs } from "./filtered.ts";
import { editLine, type Editing, type LineButton, type Subject } from "./line-editor.ts";
import { pickCondition } from "./pick-filter.ts";

export type EditNeeds = Editing & {
  tree: Pick<LogTree, "known" | "arrangements">;
  listLogs: ListLogs;
  sourceOf: SourceOf;
  openLog: (ref: LogRef, log: Log) => void | Promise<void>;
  /** The lines from which a log was opened, by the id of their gateway's node, until they are taken up or given up. */
  drafts: Map<string, Draft>;
};

/** A line that is not applied yet, and the one that was so when it was written. */
export type Draft = { line: string; over: string };

const icon = (id: string) => new vscode.ThemeIcon(id);

/** How a toggle looks with the choice that a line makes. */
function toggleLook(choice: string | undefined, toggle: Toggle): vscode.QuickInputButton {
  const t = vscode.l10n.t;
  switch (toggle) {
    case "status":
      return choice === "status:error"
        ? { iconPath: icon("error"), tooltip: t("Status: error. Show success only") }
        : choice === "status:success"
          ? { iconPath: icon("pass"), tooltip: t("Status: success. Show all") }
          : { iconPath: icon("circle-large-outline"), tooltip: t("Status: all. Show errors only") };
    case "cache":
      return choice === "cached"
        ? { iconPath: icon("zap"), tooltip: t("Cache: hits. Show the others only") }
        : choice === "-cached"
          ? { iconPath: icon("circle-slash"), tooltip: t("Cache: no hits. Show all") }
          : { iconPath: icon("database"), tooltip: t("Cache: all. Show hits only") };
    case "source":
      return choice === "source:playground"
        ? { iconPath: icon("beaker"), tooltip: t("Source: playground. Show those with a key only") }
        : choice === "source:key"
          ? { iconPath: icon("key"), tooltip: t("Source: key. Show all") }
          : { iconPath: icon("globe"), tooltip: t("Source: all. Show the playground's only") };
  }
}

const toggleButton = (read: ReadLine<QueryLine>, toggle: Toggle): LineButton<QueryLine> => ({
  ...toggleLook(choiceIn(read, toggle), toggle),
  does: (now) => withChoice(now, toggle, nextChoice(now, toggle)),
});

const buttonsFor = (read: ReadLine<QueryLine>): LineButton<QueryLine>[] => [
  toggleButton(read, "status"),
  toggleButton(read, "cache"),
  toggleButton(read, "source"),
  { does: "pick", iconPath: icon("list-filter"), tooltip: vscode.l10n.t("Add from Lists…") },
];

/**
 * Lets a person write which logs of a gateway are shown; `line` is where to begin, if not with the one from which a log was opened, or the
 * gateway's own.
 */
export async function editFilter(needs: EditNeeds, gateway: GatewayNode, line?: string): Promise<void> {
  const { tree, format, drafts } = needs;
  const t = vscode.l10n.t;
  const filtered = filteredLogs(tree, gateway);
  const draft = drafts.get(gateway.id);
  drafts.delete(gateway.id);
  const seen = valuesSeen(tree.known(gateway.ref));
  let searched: readonly string[] = [];
  const readSearched = async () => {
    const search = (await needs.sourceOf(gateway.ref))?.lists.search;
    if (typeof search === "object") searched = search;
  };
  // Not waited for: the box opens at once.
  readSearched().catch(needs.tell);
  const subject: Subject<QueryLine, FoundLogs, Log> = {
    filtered,
    title: t("Filter {0}", gateway.ref.collectionId),
    placeholder: t("model:gpt-4o status:error cost:>0.01 since:2h or any text"),
    find: logFinder((query, signal) => needs.listLogs(gateway.ref, query, signal)),
    items: (read, preview) => itemsFor({ read, preview, seen, searched }, format),
    buttons: buttonsFor,
    open: async (log, text) => {
      await needs.openLog({ ...gateway.ref, logId: log.id }, log);
      drafts.set(gateway.id, { line: text, over: filtered.shown() });
    },
    pick: (text) => pickCondition(needs, gateway, text),
  };
  await editLine(subject, needs, line ?? (draft?.over === filtered.shown() ? draft.line : undefined));
}
