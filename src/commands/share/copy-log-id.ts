import * as vscode from "vscode";
import { copyText } from "../../platform/clipboard.ts";
import type { LogRef } from "../../source/log.ts";

/** Copies the IDs of logs, one per line. */
export async function copyLogId(logs: readonly LogRef[]): Promise<void> {
  const { t } = vscode.l10n;
  await copyText(logs.map(({ logId }) => logId).join("\n"));
  const words = logs.length === 1 ? t("Log ID copied") : t("{0} log IDs copied", logs.length);
  vscode.window.setStatusBarMessage(words, 3000);
}
