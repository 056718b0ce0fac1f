import * as vscode from "vscode";
import { parseFilter } from "../../cloudflare/filter/query-line.ts";
import { describeFilter } from "../../filter/words.ts";
import { pickOne, type Ui } from "../pick-one.ts";
import { savedFilters, type SavedFilter } from "../../filter/saved.ts";
import { plain } from "../../logs/format.ts";
import type { GatewayNode } from "../../tree/nodes.ts";
import { editFilter, type EditNeeds } from "./edit-filter.ts";

/** The filters to choose from: which is shown, and what a line says. */
type Choice = { all: readonly SavedFilter[]; shown: string; describe: (line: string) => string };

/** Asks for one of the saved filters; undefined when the person leaves. */
export async function askSaved(
  ui: Ui,
  title: string,
  { all, shown, describe }: Choice,
): Promise<SavedFilter | undefined> {
  const items = all.map((saved) => ({
    label: `${saved.filter === shown ? "$(check)" : "$(bookmark)"} ${plain(saved.name)}`,
    description: plain(describe(saved.filter)),
    saved,
  }));
  const active = items.find(({ saved }) => saved.filter === shown);
  return (await pickOne(ui, items, { title, placeholder: vscode.l10n.t("Which filter?"), active }))?.saved;
}

/**
 * Shows what fits a saved filter, asking which when none is given; all logs again when it is the one that is shown. A line that cannot be
 * read, as somebody may have written it into settings, is opened in the editor, which says what is wrong with it.
 */
export async function applyFilter(needs: EditNeeds, gateway: GatewayNode, saved?: SavedFilter): Promise<void> {
  const { tree, format, ui = vscode.window } = needs;
  const { arrangements } = tree;
  const { gatewayId } = gateway.ref;
  const chosen =
    saved ??
    (await askSaved(ui, vscode.l10n.t("Saved Filters of {0}", gatewayId), {
      all: savedFilters(gatewayId),
      shown: arrangements.filterOf(gateway.ref),
      describe: (line) => describeFilter(line, format),
    }));
  if (!chosen) return;
  const { problems } = parseFilter(chosen.filter, new Date(), format.calendar.zone);
  if (problems.length > 0) await editFilter(needs, gateway, chosen.filter);
  else arrangements.setFilter(gateway.ref, arrangements.filterOf(gateway.ref) === chosen.filter ? "" : chosen.filter);
}
