import * as vscode from "vscode";
import type { LogRef } from "../../source/log.ts";
import { sendAll, type SendNeeds } from "../../rating/send.ts";

/** Rates logs up or down, or (null) clears their rating. */
export async function rate(needs: SendNeeds, logs: readonly LogRef[], feedback: 1 | -1 | null): Promise<void> {
  const title = vscode.l10n.t("Rating {0} logs", needs.format.count(logs.length));
  await sendAll(
    logs.map((ref) => ({ ref, changes: { feedback } })),
    needs,
    title,
  );
}
