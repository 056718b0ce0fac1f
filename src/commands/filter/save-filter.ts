import * as vscode from "vscode";
import { readLine } from "../../filter/line.ts";
import { filterNameIn, ownFilters, saveFilter as keep } from "../../filter/saved.ts";
import { PlainError } from "../../words/explain.ts";
import { plain, type Format } from "../../logs/format.ts";
import { withoutLinks } from "../../platform/notify.ts";
import { pickOne, type Ui } from "../../platform/pick-one.ts";
import type { GatewayNode } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";
import { filteredLogs, type Filtered } from "./filtered.ts";

export type SaveNeeds = { tree: Pick<LogTree, "arrangements">; format: Format; ui?: Ui };

/** Asks for a filter's name, and shows the filter in words; undefined if canceled. */
async function askName(ui: Ui, { setting, collectionId }: Filtered, words: string): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const taken = new Set(ownFilters(setting, collectionId).map(({ name }) => name));
  const given = await ui.showInputBox({
    title: t("Save Filter"),
    // A prompt makes links as a notification does.
    prompt: withoutLinks(plain(words, 400)),
    placeHolder: t("Name"),
    validateInput: (text) => {
      const name = filterNameIn(text);
      if (name === undefined) return t("Enter 1 to 100 characters on one line.");
      if (!taken.has(name)) return undefined;
      const message = t("A filter with this name exists and will be replaced if it's for the same gateways.");
      return { message, severity: vscode.InputBoxValidationSeverity.Info };
    },
  });
  return filterNameIn(given);
}

/** Asks whether a filter is for one gateway, where it can be for one alone; undefined when the person leaves. */
async function askScope(ui: Ui, { collectionId }: Filtered): Promise<{ gateway?: string } | undefined> {
  if (collectionId === undefined) return {};
  const t = vscode.l10n.t;
  const scopes = [
    { label: t("For all gateways"), of: {} },
    { label: t("For this gateway"), description: collectionId, of: { gateway: collectionId } },
  ];
  return (await pickOne(ui, scopes, { title: t("Save Filter"), placeholder: t("Select where to show the filter") }))
    ?.of;
}

/** Keeps the line that is shown (or the one that is given) with a name. @throws PlainError when there is none, or it can't be read */
export async function saveLine(
  filtered: Filtered,
  { format, ui = vscode.window }: { format: Format; ui?: Ui },
  line = filtered.shown(),
): Promise<void> {
  if (line === "") throw new PlainError(filtered.unfiltered);
  readLine(filtered.lines, line, format.calendar.zone);
  const name = await askName(ui, filtered, filtered.lines.describe(line, format));
  const scope = name === undefined ? undefined : await askScope(ui, filtered);
  if (name !== undefined && scope) await keep(filtered.setting, { name, filter: line, ready: false, ...scope });
}

/** As `saveLine`, of the logs of a gateway. */
export const saveFilter = ({ tree, ...needs }: SaveNeeds, gateway: GatewayNode, line?: string): Promise<void> =>
  saveLine(filteredLogs(tree, gateway), needs, line);
