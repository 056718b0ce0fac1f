import * as vscode from "vscode";
import { CALLER_GROUPS, GROUP_NAMES, metadataOf, type CallerGroup, type GroupName } from "../../logs/grouping.ts";
import { plain, type Format } from "../../logs/format.ts";
import { logCount } from "../../filter/items.ts";
import { FIELD_VALUES } from "../../source/field-values.ts";
import { pickOne, type Ui } from "../../platform/pick-one.ts";
import type { LogTree } from "../../tree/provider.ts";

function wordsOf(group: GroupName): string {
  const t = vscode.l10n.t;
  switch (group) {
    case "day":
      return t("Day");
    case "model":
      return t("Model");
    case "provider":
      return t("Provider");
    case "status":
      return t("Status");
    case "event":
      return t("Event (fallbacks and retries together)");
    case "endpoint":
      return t("Endpoint");
    case "user":
      return t("User");
    case "key":
      return t("Key");
    case "source":
      return t("Source (playground or key)");
    default:
      return t("Metadata: {0}", plain(metadataOf(group) ?? group, 80));
  }
}

/** Returns the metadata names of the loaded logs with their number of logs, most frequent first. */
function namesSeen(tree: Pick<LogTree, "watched" | "known">): [name: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { ref } of tree.watched()) {
    for (const { metadata } of tree.known(ref)) {
      for (const name of Object.keys(metadata)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, 50);
}

/** Whether a loaded log tells what it would be grouped by. */
const isSeen = (tree: Pick<LogTree, "watched" | "known">, group: CallerGroup): boolean =>
  tree.watched().some(({ ref }) => tree.known(ref).some((log) => FIELD_VALUES[group](log) !== undefined));

/** Asks what to group logs by, including any metadata entry, found or typed. The current group is checked. */
export async function setGroup({
  tree,
  format,
  ui = vscode.window,
}: {
  tree: Pick<LogTree, "arrangements" | "watched" | "known">;
  format: Format;
  ui?: Ui;
}): Promise<void> {
  const { arrangements } = tree;
  const itemOf = (group: GroupName, count?: number) => ({
    label: `${group === arrangements.group ? "$(check)" : "$(blank)"} ${wordsOf(group)}`,
    ...(count === undefined ? {} : { description: logCount(count, format) }),
    group,
  });
  const items = [
    ...GROUP_NAMES.map((group) => itemOf(group)),
    ...CALLER_GROUPS.filter((group) => isSeen(tree, group)).map((group) => itemOf(group)),
    ...namesSeen(tree).map(([name, count]) => itemOf(`meta.${name}`, count)),
  ];
  const now = arrangements.group;
  if (!items.some(({ group }) => group === now)) items.push(itemOf(now));
  const picked = await pickOne(ui, items, {
    title: vscode.l10n.t("Group Logs"),
    placeholder: vscode.l10n.t("Select what to group by, or type the name of any metadata entry"),
    active: items.find(({ group }) => group === now),
    entriesFor: (name) => {
      const group: GroupName = `meta.${name}`;
      return items.some((item) => item.group === group) ? [] : [{ ...itemOf(group), alwaysShow: true }];
    },
  });
  if (picked) arrangements.setGroup(picked.group);
}
