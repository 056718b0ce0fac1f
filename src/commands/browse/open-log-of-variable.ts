import * as vscode from "vscode";
import { variablesIn } from "../../debugging/core/adapter-message.ts";
import { idsCarriedBy } from "../../debugging/core/values.ts";
import type { DebugFeatures } from "../../debugging/features.ts";
import { PlainError } from "../../words/explain.ts";
import type { LogPanels } from "../../panel/panels.ts";
import { openLogOf } from "./open-log-of.ts";

/** Maximum number of requests to the debugger below a variable. */
const MOST_REQUESTS = 30;

/**
 * Opens the log for a variable of the debugger's views, which holds an ID or a response. `place`: the argument from VS
 * Code's menu.
 */
export async function openLogOfVariable(
  features: Pick<DebugFeatures, "watch" | "ids">,
  panels: Pick<LogPanels, "open" | "openBeside">,
  place: unknown,
): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  const variable = typeof place === "object" && place !== null && "variable" in place ? place.variable : undefined;
  const [shown] = variablesIn({ variables: [variable] });
  if (!session || !shown) throw new PlainError(vscode.l10n.t("Run this from a variable while a program is debugged."));
  const children = async (variablesReference: number) =>
    variablesIn(await session.customRequest("variables", { variablesReference }));
  const [seen] = await idsCarriedBy(features.ids, shown, children, { requests: MOST_REQUESTS });
  if (!seen) throw new PlainError(vscode.l10n.t("This variable has no log ID, and isn't a response with one."));
  await openLogOf(features, panels, seen.id);
}
