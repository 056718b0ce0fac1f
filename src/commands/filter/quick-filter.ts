import * as vscode from "vscode";
import { parseQueryLine, type QueryLine } from "../../query/query-line.ts";
import { choiceIn, TOGGLES, withChoice, type Toggle } from "../../filter/toggles.ts";
import { pickOne, type Ui } from "../../platform/pick-one.ts";
import type { GatewayNode } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";

type Choice = vscode.QuickPickItem & { line: string };

/** The words of each choice, in the order of `TOGGLES`. */
function wordsOf(toggle: Toggle): { title: string; choices: readonly string[] } {
  const t = vscode.l10n.t;
  switch (toggle) {
    case "status":
      return { title: t("Status"), choices: [t("All"), t("Error"), t("Success")] };
    case "cache":
      return { title: t("Cache"), choices: [t("All"), t("Hits"), t("No hits")] };
    case "source":
      return { title: t("Source"), choices: [t("All"), t("Playground"), t("Key")] };
  }
}

/** A section with its heading; the choice that the line makes is checked. */
function sectionOf(toggle: Toggle, read: QueryLine): Choice[] {
  const { title, choices } = wordsOf(toggle);
  const chosen = choiceIn(read, toggle);
  const items = TOGGLES[toggle].map((choice, index) => ({
    label: `${choice === chosen ? "$(check)" : "$(blank)"} ${choices[index] ?? choice}`,
    // Without a heading, as VS Code shows the items while it searches them, "All" would be anything.
    description: choice === "" ? title : choice,
    line: withChoice(read, toggle, choice),
  }));
  return [{ label: title, kind: vscode.QuickPickItemKind.Separator, line: read.line }, ...items];
}

/** Changes status, cache or source of a gateway's filter; the rest of its line stays. */
export async function quickFilter(
  { tree, ui = vscode.window }: { tree: Pick<LogTree, "arrangements">; ui?: Ui },
  gateway: GatewayNode,
): Promise<void> {
  const read = parseQueryLine(tree.arrangements.filterOf(gateway.ref), new Date());
  const toggles: readonly Toggle[] = ["status", "cache", "source"];
  const picked = await pickOne(
    ui,
    toggles.flatMap((toggle) => sectionOf(toggle, read)),
    {
      title: vscode.l10n.t("Quick Filter of {0}", gateway.ref.collectionId),
      placeholder: vscode.l10n.t("Select the logs to show"),
    },
  );
  if (picked) tree.arrangements.setFilter(gateway.ref, picked.line.trim());
}
