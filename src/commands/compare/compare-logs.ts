import * as vscode from "vscode";
import type { LogRef } from "../../source/log.ts";
import { PlainError } from "../../words/explain.ts";
import type { LogTree } from "../../tree/provider.ts";
import { compare, type CompareNeeds, type CompareUi } from "./compare.ts";
import { logItem } from "../../words/log-item.ts";

/** Asks which of the loaded logs to compare a log with. */
async function pickOther(ref: LogRef, { tree, format }: CompareLogsNeeds, ui: CompareUi): Promise<LogRef | undefined> {
  const { t } = vscode.l10n;
  const { sourceId, collectionId, logId } = ref;
  const others = tree.known(ref).filter(({ id }) => id !== logId);
  if (others.length === 0)
    throw new PlainError(t("No other log of {0} is loaded. Open the gateway in the tree first.", collectionId));
  const items = others.map((log) => logItem(log, ["status", "time", "duration", "tokens", "cost"], format));
  const options = {
    title: t("Compare Logs"),
    placeHolder: t("Select a log to compare with"),
    matchOnDescription: true,
  };
  const picked = await ui.pick(items, options);
  return picked && { sourceId, collectionId, logId: picked.log.id };
}

export type CompareLogsNeeds = CompareNeeds & { tree: Pick<LogTree, "known"> };

/**
 * Compares two logs; asks for the second if there is only one.
 * @throws PlainError if there are more
 */
export async function compareLogs(
  logs: readonly [LogRef, ...LogRef[]],
  needs: CompareLogsNeeds,
  ui: CompareUi,
): Promise<void> {
  if (logs.length > 2) throw new PlainError(vscode.l10n.t("Select one or two logs to compare."));
  const [one] = logs;
  const other = logs[1] ?? (await pickOther(one, needs, ui));
  if (other) await compare(one, other, needs, ui);
}
