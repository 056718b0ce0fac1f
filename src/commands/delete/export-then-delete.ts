import { basename } from "node:path";
import * as vscode from "vscode";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import { isAborted } from "../../cloudflare/errors.ts";
import { explain, inSentences, PlainError } from "../../words/explain.ts";
import { Doubt, exportForDeletion } from "../../deletion/core/export-first.ts";
import { ExportError } from "../../export/failure.ts";
import { logCount } from "../../filter/items.ts";
import type { DeletionPreview } from "../../deletion/core/preview.ts";
import { oneLine, type Format } from "../../logs/format.ts";
import { confirmDeletion, type ConfirmUi } from "./confirm-deletion.ts";
import { askTarget, exportOptions } from "../export/export-logs.ts";
import { troubleWords } from "../export/export-words.ts";
import { runDeletion, type RunNeeds } from "./run-deletion.ts";

/** Where a person chooses a file and says yes. */
export type ExportUi = ConfirmUi & Pick<typeof vscode.window, "showSaveDialog">;

/** IDs that are named in a message. */
const NAMED = 3;

/** Which logs may lack a body in the file, and what to do about them. */
function bodiesWords({ logIds, waitMs }: Doubt, file: string, format: Format): string {
  const { t } = vscode.l10n;
  const ids = logIds.slice(0, NAMED).map((id) => oneLine(id, 80));
  const named = logIds.length > NAMED ? [...ids, "…"] : ids;
  const which = t(
    "{0} may lack a body that the gateway has or is still writing: {1}. What could be read is in {2}.",
    logCount(logIds.length, format),
    named.join(", "),
    file,
  );
  const minutes = Math.ceil(waitMs / 60_000);
  const wait = minutes === 1 ? t("Try again in a minute.") : t("Try again in {0} minutes.", format.count(minutes));
  const without = t(
    "To delete these logs without their bodies, select them and run Delete Logs; then export the others.",
  );
  const all = t("The output channel AI Gateway Logs lists all their IDs.");
  return [which, waitMs > 0 ? wait : without, ...(logIds.length > NAMED ? [all] : [])].join(" ");
}

/** Why nothing was deleted, and where what was written is. */
function stopWords(error: unknown, file: string, format: Format): string {
  const { t } = vscode.l10n;
  if (error instanceof Doubt && error.about === "bodies") return bodiesWords(error, file, format);
  if (error instanceof Doubt) return t("Logs came or went since the preview. What there is was exported to {0}.", file);
  if (error instanceof ExportError) return troubleWords(error);
  return t("The export to {0} was not finished. {1}", file, inSentences(explain(error, format)));
}

/** Writes and checks the file. @throws PlainError that says that nothing was deleted, and why */
async function exportAll(
  client: CloudflareClient,
  preview: DeletionPreview,
  file: string,
  { format, logger }: Pick<RunNeeds, "format" | "logger">,
): Promise<DeletionPreview> {
  const { t } = vscode.l10n;
  const title = t("Exporting {0} to {1}", logCount(preview.ids.length, format), basename(file));
  try {
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => exportForDeletion(client, preview, file, exportOptions(progress, token, format)),
    );
  } catch (error) {
    if (isAborted(error)) throw error;
    if (error instanceof Doubt) logger.warn(`not deleted, ${error.about} in doubt: ${error.logIds.join(", ")}`);
    throw new PlainError(t("Nothing was deleted. {0}", stopWords(error, oneLine(file, 300), format)), { cause: error });
  }
}

/**
 * Writes logs with their bodies to a file that the person chooses, checks the file, asks, and deletes exactly the logs that it holds.
 * `words` and `details` say which those are.
 * @throws PlainError when there is any doubt: then nothing was deleted
 */
export async function exportThenDelete(
  { ui, ...needs }: RunNeeds & { ui: ExportUi },
  client: CloudflareClient,
  preview: DeletionPreview,
  { words, details }: { words: string; details: readonly string[] },
): Promise<void> {
  const { t } = vscode.l10n;
  const { format } = needs;
  const file = await askTarget(ui, {
    name: preview.gateway.gatewayId,
    title: t("Export, then Delete"),
    ending: ".jsonl",
  });
  if (file === undefined) return;
  const name = oneLine(file, 300);
  const exported = await exportAll(client, preview, file, needs);
  const { gateway, ids } = exported;
  const kept = t("They are in {0}, which was checked: count, IDs and hash.", name);
  const confirmed = await confirmDeletion(ui, { gateway, count: ids.length, details: [kept, ...details] }, format);
  if (confirmed) await runDeletion(needs, client, { gateway, ids, words });
}
