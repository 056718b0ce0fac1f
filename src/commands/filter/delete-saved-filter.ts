import * as vscode from "vscode";
import { PlainError } from "../../words/explain.ts";
import { plain, type Format } from "../../logs/format.ts";
import { pickOne, type Ui } from "../../platform/pick-one.ts";
import { deleteSavedFilter as forget, savedFilters, type FilterSetting, type SavedFilter } from "../../filter/saved.ts";
import { describeFilter } from "../../filter/words.ts";

/** The filters of a kind: where they are kept, which there are, and what a line of theirs says. */
export type Kept = {
  setting: FilterSetting;
  all: readonly SavedFilter[];
  describe: (line: string) => string;
  ui?: Ui;
};

/** Those of a gateway's logs. */
export const keptForLogs = (collectionId: string, format: Format): Kept => ({
  setting: "savedFilters",
  all: savedFilters(collectionId),
  describe: (line) => describeFilter(line, format),
});

async function ask({ all, describe, ui = vscode.window }: Kept): Promise<SavedFilter | undefined> {
  const t = vscode.l10n.t;
  const own = all.filter(({ ready }) => !ready);
  if (own.length === 0) throw new PlainError(t("There is no saved filter of your own."));
  const items = own.map((saved) => ({
    label: plain(saved.name),
    description: plain(describe(saved.filter)),
    saved,
  }));
  const options = { title: t("Delete Saved Filter"), placeholder: t("Select a filter") };
  return (await pickOne(ui, items, options))?.saved;
}

/** Forgets a saved filter, asking which when none is given. What the tree shows stays as it is. */
export async function deleteSavedFilter(kept: Kept, saved?: SavedFilter): Promise<void> {
  const chosen = saved ?? (await ask(kept));
  if (!chosen) return;
  if (chosen.ready) throw new PlainError(vscode.l10n.t("This filter came with the extension and can't be deleted."));
  await forget(kept.setting, chosen);
  const told = vscode.l10n.t("Deleted the filter {0}: {1}", plain(chosen.name), plain(chosen.filter));
  vscode.window.setStatusBarMessage(told, 10_000);
}
