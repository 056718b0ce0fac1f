import * as vscode from "vscode";
import { valuesSeen } from "../../cloudflare/filter/completion.ts";
import { parseFilter } from "../../cloudflare/filter/query-line.ts";
import type { Log, LogRef } from "../../cloudflare/schema.ts";
import { itemsFor } from "../../filter/items.ts";
import { logFinder, type FoundLogs } from "../../filter/preview.ts";
import { choiceIn, nextChoice, withChoice, type Toggle } from "../../filter/toggles.ts";
import type { Format } from "../../logs/format.ts";
import type { GatewayNode } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";
import { editLine, saveButtons, type Editing, type Left, type LineButton, type Subject } from "./line-editor.ts";
import { pickCondition } from "./pick-filter.ts";
import { saveFilter } from "./save-filter.ts";

export type EditNeeds = Editing & {
  tree: Pick<LogTree, "listLogs" | "known" | "arrangements">;
  format: Format;
  openLog: (ref: LogRef, log: Log) => void | Promise<void>;
  /** Tells the person of a failure after which the editor goes on. */
  tell: (error: unknown) => void;
  /** The lines from which a log was opened, by the id of their gateway's node, until they are taken up or given up. */
  drafts: Map<string, Draft>;
};

type ReadLine = ReturnType<typeof parseFilter>;

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

const toggleButton = (line: string, toggle: Toggle): LineButton => ({
  ...toggleLook(choiceIn(line, toggle), toggle),
  does: (now) => withChoice(now, toggle, nextChoice(now, toggle)),
});

function buttonsFor(line: string, canSave: boolean): LineButton[] {
  return [
    toggleButton(line, "status"),
    toggleButton(line, "cache"),
    toggleButton(line, "source"),
    { does: "pick", iconPath: icon("list-filter"), tooltip: vscode.l10n.t("Add from Lists…") },
    ...saveButtons(canSave),
  ];
}

/** Does what the editor was left for; the line to go on with, or undefined when that is all. */
async function follow(needs: EditNeeds, gateway: GatewayNode, left: Left<Log>): Promise<string | undefined> {
  const { arrangements } = needs.tree;
  const { line } = left;
  switch (left.type) {
    case "apply":
      arrangements.setFilter(gateway.ref, line.trim());
      return undefined;
    case "open":
      await needs.openLog({ ...gateway.ref, logId: left.row.id }, left.row);
      needs.drafts.set(gateway.id, { line, over: arrangements.filterOf(gateway.ref) });
      return undefined;
    case "save":
      await saveFilter(needs, gateway, line.trim());
      return line;
    case "pick":
      return (await pickCondition(needs, gateway, line)) ?? line;
  }
}

/**
 * Lets a person write which logs of a gateway are shown. Nothing is shown otherwise until Enter; `line` is where to begin, if not with the one
 * from which a log was opened, or the gateway's own.
 */
export async function editFilter(needs: EditNeeds, gateway: GatewayNode, line?: string): Promise<void> {
  const { tree, format, drafts } = needs;
  const t = vscode.l10n.t;
  const shown = tree.arrangements.filterOf(gateway.ref);
  const draft = drafts.get(gateway.id);
  drafts.delete(gateway.id);
  const seen = valuesSeen(tree.known(gateway.ref));
  const subject: Subject<ReadLine, FoundLogs, Log> = {
    title: t("Filter {0}", gateway.ref.gatewayId),
    placeholder: t("model:gpt-4o status:error cost:>0.01 since:2h or any text"),
    read: (text: string) => parseFilter(text, new Date(), format.calendar.zone),
    find: logFinder(tree.listLogs.bind(tree, gateway.ref)),
    items: (text, filter, preview) => itemsFor({ line: text, filter, preview, seen }, format),
    buttons: buttonsFor,
  };
  const begin = line ?? (draft?.over === shown ? draft.line : shown);
  await editLine(subject, needs, begin, (left) => follow(needs, gateway, left));
}
