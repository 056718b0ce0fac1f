import * as vscode from "vscode";
import { parseFilter } from "../cloudflare/filter-text.ts";
import { describeFilter } from "../filter/words.ts";
import { pickOne } from "./pickOne.ts";
import { savedFilters, type SavedFilter } from "../filter/saved.ts";
import { plain } from "../logs/format.ts";
import type { GatewayNode } from "../tree/nodes.ts";
import { editFilter, type EditNeeds } from "./editFilter.ts";

async function ask({ format, tree, ui = vscode.window }: EditNeeds, gateway: GatewayNode) {
  const t = vscode.l10n.t;
  const line = tree.arrangements.filterOf(gateway.ref);
  const items = savedFilters(gateway.ref.gatewayId).map((saved) => ({
    label: `${saved.filter === line ? "$(check)" : "$(bookmark)"} ${plain(saved.name)}`,
    description: plain(describeFilter(saved.filter, format)),
    saved,
  }));
  const active = items.find(({ saved }) => saved.filter === line);
  const title = t("Saved Filters of {0}", gateway.ref.gatewayId);
  return (await pickOne(ui, items, { title, placeholder: t("Which filter?"), active }))?.saved;
}

/**
 * Shows what fits a saved filter, asking which when none is given; all logs again when it is the one that is shown. A line that cannot be
 * read, as somebody may have written it into settings, is opened in the editor, which says what is wrong with it.
 */
export async function applyFilter(needs: EditNeeds, gateway: GatewayNode, saved?: SavedFilter): Promise<void> {
  const { arrangements } = needs.tree;
  const chosen = saved ?? (await ask(needs, gateway));
  if (!chosen) return;
  const { problems } = parseFilter(chosen.filter, new Date(), needs.format.calendar.zone);
  if (problems.length > 0) await editFilter(needs, gateway, chosen.filter);
  else arrangements.setFilter(gateway.ref, arrangements.filterOf(gateway.ref) === chosen.filter ? "" : chosen.filter);
}
