import * as vscode from "vscode";
import { PlainError } from "../explain.ts";
import { describeFilter } from "../filter/words.ts";
import { plain, type Format } from "../logs/format.ts";
import { pickOne, type Ui } from "./pickOne.ts";
import { deleteSavedFilter as forget, savedFilters, type SavedFilter } from "../filter/saved.ts";
import type { GatewayNode } from "../tree/nodes.ts";

async function ask(ui: Ui, gatewayId: string, format: Format): Promise<SavedFilter | undefined> {
  const t = vscode.l10n.t;
  const own = savedFilters(gatewayId).filter(({ ready }) => !ready);
  if (own.length === 0) throw new PlainError(t("There is no saved filter of your own."));
  const items = own.map((saved) => ({
    label: plain(saved.name),
    description: plain(describeFilter(saved.filter, format)),
    saved,
  }));
  const options = { title: t("Delete Saved Filter"), placeholder: t("Which filter?") };
  return (await pickOne(ui, items, options))?.saved;
}

/** Forgets a saved filter, asking which when none is given. What the tree shows stays as it is. */
export async function deleteSavedFilter(
  { format, ui = vscode.window }: { format: Format; ui?: Ui },
  gateway: GatewayNode,
  saved?: SavedFilter,
): Promise<void> {
  const chosen = saved ?? (await ask(ui, gateway.ref.gatewayId, format));
  if (!chosen) return;
  if (chosen.ready) throw new PlainError(vscode.l10n.t("This filter came with the extension and cannot be deleted."));
  await forget(chosen);
  const told = vscode.l10n.t("Deleted the filter {0}: {1}", plain(chosen.name), plain(chosen.filter));
  vscode.window.setStatusBarMessage(told, 10_000);
}
