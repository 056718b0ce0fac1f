import * as vscode from "vscode";
import type { LogRef } from "../cloudflare/schema.ts";

/** Puts a log's id on the clipboard. */
export async function copyLogId({ logId }: LogRef): Promise<void> {
  await vscode.env.clipboard.writeText(logId);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Log ID copied"), 3000);
}
