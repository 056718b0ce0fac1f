import * as vscode from "vscode";
import type { Log } from "../../cloudflare/schema.ts";
import { logCount } from "../../filter/items.ts";
import type { DeletionPreview } from "../../deletion/core/preview.ts";
import { plain, type Format } from "../../logs/format.ts";
import type { LogPanels } from "../../panel/panels.ts";
import { logItem } from "../browse/log-item.ts";
import { pickOne, type Ui } from "../pick-one.ts";

/** What a person decides on when they have seen what would go. */
export type Decision = "delete" | "exportThenDelete";

type Item = vscode.QuickPickItem & { decision?: Decision; log?: Log };

const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });

function rowItem(log: Log, format: Format, told?: string): Item {
  const item = logItem(log, ["time", "status", "tokens", "cost"], format);
  return { ...item, description: [told, item.description].filter(Boolean).join(" · ") };
}

/** Why logs that were meant are not among those that go. */
export function passedOverWords({ passedOver }: DeletionPreview, isChosen: boolean, format: Format): string {
  const { t } = vscode.l10n;
  if (passedOver === 0) return "";
  const count = logCount(passedOver, format);
  return isChosen
    ? t("No longer there: {0}.", count)
    : t("Left alone, because their rows don't show that they fit: {0}.", count);
}

/**
 * Shows what would be deleted: how many, the oldest and the newest, and some of them, which can be looked at. Gives what
 * the person decides on; undefined when they leave. `words` say which logs these are, `first` is offered first.
 */
export async function previewDeletion(
  { panels, format, ui }: { panels: Pick<LogPanels, "openFromTree">; format: Format; ui: Ui },
  preview: DeletionPreview,
  { words, isChosen, first }: { words: string; isChosen: boolean; first: Decision },
): Promise<Decision | undefined> {
  const { t } = vscode.l10n;
  const { gateway, ids, oldest, newest, sample } = preview;
  const count = ids.length;
  const counted = logCount(count, format);
  const detail = passedOverWords(preview, isChosen, format);
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
    title: t("Delete {0} of {1}", counted, plain(gateway.gatewayId)),
    placeholder: t("Nothing is deleted yet. A log of the list can be opened."),
    // It is shown beside the list, which stays.
    stays: ({ log }) => {
      if (log) void panels.openFromTree({ ...gateway, logId: log.id }, log);
      return log !== undefined;
    },
  });
  return chosen?.decision;
}
