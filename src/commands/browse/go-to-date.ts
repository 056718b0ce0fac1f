import * as vscode from "vscode";
import type { Sessions } from "../../account/session.ts";
import { capable } from "../../words/cannot.ts";
import { dayNamed } from "../../logs/day-words.ts";
import type { Day } from "../../logs/days.ts";
import type { Format } from "../../logs/format.ts";
import { isByTime } from "../../logs/order.ts";
import type { Node } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";
import type { LogTreeView } from "../../tree/view.ts";

export type GoToDateNeeds = {
  sessions: Pick<Sessions, "canOf">;
  tree: Pick<LogTree, "arrangements" | "logReads">;
  view: Pick<LogTreeView, "gatewayFor" | "goTo">;
  format: Format;
};

/** Asks for a line of text; returns undefined if the user cancels. */
export type Ask = (options: vscode.InputBoxOptions) => Thenable<string | undefined>;

const ask: Ask = (options) => vscode.window.showInputBox(options);

/** Formats a day in the user's language. */
function written(day: Day, format: Format): string {
  return format.date(format.calendar.rangeOf(day).start, new Date());
}

/** Returns the day that the input means, or the valid forms. */
function check(text: string, format: Format): vscode.InputBoxValidationMessage {
  const { t } = vscode.l10n;
  const severity = vscode.InputBoxValidationSeverity;
  const now = new Date();
  const day = dayNamed(text, now, format.calendar);
  if (day === undefined) {
    return { message: t("A day, such as 2026-11-19, today, yesterday, 3d or 2w."), severity: severity.Error };
  }
  if (day > format.calendar.dayOf(now)) return { message: t("This day is in the future."), severity: severity.Error };
  return { message: written(day, format), severity: severity.Info };
}

/** Groups the tree by day, because only then does it have days. */
function showDays(arrangements: LogTree["arrangements"]): void {
  if (arrangements.group !== "day") arrangements.setGroup("day");
  if (!isByTime(arrangements.order)) arrangements.setOrder("newest");
}

/**
 * Asks for a day and opens it in the tree, grouped by day; without logs on that day, opens the nearest one that has
 * some.
 */
export async function goToDate(
  { sessions, tree, view, format }: GoToDateNeeds,
  node?: Node,
  input = ask,
): Promise<void> {
  const { t } = vscode.l10n;
  const gateway = await view.gatewayFor(node);
  if (!gateway) return;
  if (!sessions.canOf(gateway.ref).includes("canAskByTime")) capable(undefined, "canAskByTime");
  const text = await input({
    title: t("Go to a day of {0}", gateway.gateway.id),
    prompt: format.calendar.zone === "utc" ? t("Days are in UTC.") : t("Days are in local time."),
    placeHolder: t("2026-11-19, today, yesterday, 3d (days back), 2w (weeks back)"),
    validateInput: (value) => (value.trim() === "" ? undefined : check(value, format)),
  });
  const day = dayNamed(text ?? "", new Date(), format.calendar);
  if (day === undefined) return;
  showDays(tree.arrangements);
  const location = { viewId: "aiGateway.logs" };
  const group = await vscode.window.withProgress({ location }, () => tree.logReads.goToDay(gateway, day));
  if (!group) {
    const told =
      tree.arrangements.filterOf(gateway.ref) === ""
        ? t("No logs on {0} or beyond.", written(day, format))
        : t("No matching logs on {0} or beyond.", written(day, format));
    void vscode.window.showInformationMessage(told);
    return;
  }
  await view.goTo(group);
  const { key } = group.known;
  if (key === day) return;
  const told = t("No logs on {0}: this is {1}.", written(day, format), written(key, format));
  vscode.window.setStatusBarMessage(told, 8000);
}
