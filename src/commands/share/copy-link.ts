import * as vscode from "vscode";
import { copyText } from "../../platform/clipboard.ts";
import type { LogRef } from "../../source/log.ts";
import { PlainError } from "../../words/explain.ts";
import { oneLine } from "../../logs/format.ts";
import { linkTo } from "../../logs/link.ts";

/** Copies links that open logs in this editor, one per line. */
export async function copyLink(logs: readonly LogRef[], extensionId: string): Promise<void> {
  const { t } = vscode.l10n;
  const links = logs.map((ref) => {
    const link = linkTo(ref);
    if (!link)
      throw new PlainError(t("There is no link to the log {0}: its ID can't be part of one.", oneLine(ref.logId, 80)));
    return `${vscode.env.uriScheme}://${extensionId}${link.path}?${link.query}`;
  });
  await copyText(links.join("\n"));
  const words = links.length === 1 ? t("Link copied") : t("{0} links copied", links.length);
  vscode.window.setStatusBarMessage(words, 3000);
}
