import * as vscode from "vscode";
import type { Log, LogRef } from "../source/log.ts";
import { logCount } from "../filter/items.ts";
import { plain, type Format } from "../logs/format.ts";
import { pickOne, type Ui } from "../platform/pick-one.ts";
import { logItem } from "../words/log-item.ts";
import { passedOverWords } from "./deletion-words.ts";
import type { PlannedDeletion } from "./plan.ts";

/** The user's choice in the preview. */
export type Decision = "delete" | "exportThenDelete";

export type PreviewNeeds = {
  /** Opens a log of the list next to it. */
  openLog: (ref: LogRef, log: Log) => void | Promise<void>;
  format: Format;
  ui: Ui;
};

type Item = vscode.QuickPickItem & { decision?: Decision; log?: Log };

const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });

function rowItem(log: Log, format: Format, told?: string): Item {
  const item = logItem(log, ["time", "status", "tokens", "cost"], format);
  return { ...item, description: [told, item.description].filter(Boolean).join(" · ") };
}

/**
 * Shows a preview of a deletion: the number of logs, the oldest, the newest and a sample; all can be opened.
 * Returns the user's choice, or undefined if they cancel. `first`: the choice at the top.
 */
export async function previewDeletion(
  { openLog, format, ui }: PreviewNeeds,
  planned: PlannedDeletion,
  first: Decision,
): Promise<Decision | undefined> {
  const { t } = vscode.l10n;
  const { gateway, ids, oldest, newest, sample, words } = planned;
  const count = ids.length;
  const counted = logCount(count, format);
  const detail = passedOverWords(planned, format);
  const decisions: Item[] = [
    {
      label: `$(trash) ${t("Delete {0}…", counted)}`,
      description: plain(words, 300),
      decision: "delete",
      ...(detail === "" ? {} : { detail }),
    },
    {
      label: `$(save) ${t("Export, then Delete {0}…", counted)}`,
      description: t("with their bodies, to a file that is checked before anything goes"),
      decision: "exportThenDelete",
    },
  ];
  const ends = count > 1 ? [rowItem(oldest, format, t("oldest")), rowItem(newest, format, t("newest"))] : [];
  const items: Item[] = [
    ...(first === "delete" ? decisions : decisions.toReversed()),
    ...(ends.length > 0 ? [separator(t("From – to")), ...ends] : []),
    separator(count > sample.length ? t("The newest {0} of {1}", sample.length, counted) : t("All of them")),
    ...sample.map((log) => rowItem(log, format)),
  ];
  const chosen = await pickOne(ui, items, {
    title: t("Delete {0} of {1}", counted, plain(gateway.collectionId)),
    placeholder: t("Nothing is deleted yet. Select a log to open it."),
    // Opens next to the list, which stays.
    stays: ({ log }) => {
      if (log) void openLog({ ...gateway, logId: log.id }, log);
      return log !== undefined;
    },
  });
  return chosen?.decision;
}
