import * as vscode from "vscode";
import { ORDER_NAMES, type OrderName } from "../../source/query.ts";
import { pickOne, type Ui } from "../../platform/pick-one.ts";
import type { LogTree } from "../../tree/provider.ts";

function wordsOf(order: OrderName): string {
  const t = vscode.l10n.t;
  switch (order) {
    case "newest":
      return t("Newest first");
    case "oldest":
      return t("Oldest first");
    case "cost":
      return t("Highest cost first");
    case "duration":
      return t("Longest first");
    case "tokens":
      return t("Most tokens first");
    case "model":
      return t("By model");
  }
}

/** Asks for the sort order of logs. The current one is checked. */
export async function setOrder({
  tree,
  ui = vscode.window,
}: {
  tree: Pick<LogTree, "arrangements">;
  ui?: Ui;
}): Promise<void> {
  const { arrangements } = tree;
  const items = ORDER_NAMES.map((order) => ({
    label: `${order === arrangements.order ? "$(check)" : "$(blank)"} ${wordsOf(order)}`,
    order,
  }));
  const active = items.find(({ order }) => order === arrangements.order);
  const options = { title: vscode.l10n.t("Sort Logs"), placeholder: vscode.l10n.t("Select a sort order"), active };
  const picked = await pickOne(ui, items, options);
  if (picked) arrangements.setOrder(picked.order);
}
