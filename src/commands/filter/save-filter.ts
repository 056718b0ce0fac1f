import * as vscode from "vscode";
import { parseFilter } from "../../cloudflare/filter/query-line.ts";
import { describeFilter, explainProblem } from "../../filter/words.ts";
import { PlainError } from "../../words/explain.ts";
import { plain, type Format } from "../../logs/format.ts";
import { withoutLinks } from "../../platform/notify.ts";
import { pickOne, type Ui } from "../pick-one.ts";
import { filterNameIn, saveFilter as keep, savedFilters, type SavedFilter } from "../../filter/saved.ts";
import type { GatewayNode } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";

export type SaveNeeds = { tree: Pick<LogTree, "arrangements">; format: Format; ui?: Ui };

/** Asks what a filter is to be called, which is told in words; undefined when the person leaves. */
export async function askFilterName(ui: Ui, saved: readonly SavedFilter[], words: string): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const taken = new Set(saved.flatMap(({ name, ready }) => (ready ? [] : [name])));
  const given = await ui.showInputBox({
    title: t("Save Filter"),
    // A prompt makes links as a notification does.
    prompt: withoutLinks(plain(words, 400)),
    placeHolder: t("Name"),
    validateInput: (text) => {
      const name = filterNameIn(text);
      if (name === undefined) return t("A name has 1 to 100 characters in one line.");
      if (!taken.has(name)) return undefined;
      const message = t(
        "There is a filter of this name: the new one takes its place where both are for the same gateways.",
      );
      return { message, severity: vscode.InputBoxValidationSeverity.Info };
    },
  });
  return filterNameIn(given);
}

/** Keeps the filter of a gateway (or the line that is given) with a name, for that gateway or for all. */
export async function saveFilter(
  { tree, format, ui = vscode.window }: SaveNeeds,
  gateway: GatewayNode,
  line = tree.arrangements.filterOf(gateway.ref),
): Promise<void> {
  const t = vscode.l10n.t;
  const { gatewayId } = gateway.ref;
  if (line === "") throw new PlainError(t("There is no filter to save: {0} shows all its logs.", gatewayId));
  const [problem] = parseFilter(line, new Date(), format.calendar.zone).problems;
  if (problem) throw new PlainError(explainProblem(problem, line));
  const name = await askFilterName(ui, savedFilters(gatewayId), describeFilter(line, format));
  if (name === undefined) return;
  const scopes = [
    { label: t("For all gateways") },
    { label: t("For this gateway"), description: gatewayId, gateway: gatewayId },
  ];
  const scope = await pickOne(ui, scopes, { title: t("Save Filter"), placeholder: t("Where is it shown?") });
  if (!scope) return;
  await keep("savedFilters", {
    name,
    filter: line,
    ready: false,
    ...(scope.gateway === undefined ? {} : { gateway: scope.gateway }),
  });
}
