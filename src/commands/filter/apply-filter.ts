import * as vscode from "vscode";
import { pickOne, type Ui } from "../../platform/pick-one.ts";
import type { SavedFilter } from "../../filter/saved.ts";
import { plain, type Format } from "../../logs/format.ts";
import type { GatewayNode } from "../../tree/nodes.ts";
import { editFilter, type EditNeeds } from "./edit-filter.ts";
import { filteredLogs, type Filtered } from "./filtered.ts";

/** Asks for one of the saved filters; undefined when the person leaves. */
async function askSaved(ui: Ui, filtered: Filtered, format: Format): Promise<SavedFilter | undefined> {
  const { t } = vscode.l10n;
  const shown = filtered.shown();
  const items = (await filtered.saved()).map((saved) => ({
    label: `${saved.filter === shown ? "$(check)" : "$(bookmark)"} ${plain(saved.name)}`,
    description: plain(filtered.lines.describe(saved.filter, format)),
    saved,
  }));
  const active = items.find(({ saved }) => saved.filter === shown);
  const title = t("Saved Filters of {0}", filtered.name);
  return (await pickOne(ui, items, { title, placeholder: t("Select a filter"), active }))?.saved;
}

/**
 * Shows what fits a saved filter, asking which when none is given; all again when it is the one that is shown. A line that cannot be
 * read, as somebody may have written it into settings, is opened in the editor, which says what is wrong with it.
 */
export async function applySaved(
  filtered: Filtered,
  { format, ui = vscode.window }: { format: Format; ui?: Ui },
  edit: (line: string) => Promise<void>,
  saved?: SavedFilter,
): Promise<void> {
  const chosen = saved ?? (await askSaved(ui, filtered, format));
  if (!chosen) return;
  const { problems } = filtered.lines.parse(chosen.filter, new Date(), format.calendar.zone);
  if (problems.length > 0) await edit(chosen.filter);
  else filtered.show(filtered.shown() === chosen.filter ? "" : chosen.filter);
}

/** As `applySaved`, of the logs of a gateway. */
export const applyFilter = (needs: EditNeeds, gateway: GatewayNode, saved?: SavedFilter): Promise<void> =>
  applySaved(filteredLogs(needs.tree, gateway), needs, (line) => editFilter(needs, gateway, line), saved);
