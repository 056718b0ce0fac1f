import { basename } from "node:path";
import * as vscode from "vscode";
import { isAborted } from "../source/errors.ts";
import { ExportError } from "../export/failure.ts";
import { logCount } from "../filter/items.ts";
import { oneLine, type Format } from "../logs/format.ts";
import { askTarget, exportOptions, type SaveUi } from "../platform/export-file.ts";
import type { Logger } from "../platform/logger.ts";
import { explain, inSentences, PlainError } from "../words/explain.ts";
import { troubleWords } from "../words/export-words.ts";
import { Doubt, exportForDeletion } from "./core/export-first.ts";
import type { LogSource } from "../source/source.ts";
import type { PlannedDeletion } from "./plan.ts";

/** Maximum number of IDs in a message. */
const NAMED = 3;

/** Describes the logs with bodies possibly missing from the file, and what to do about them. */
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

/** Explains why nothing was deleted, and where the exported part is. */
function stopWords(error: unknown, file: string, format: Format): string {
  const { t } = vscode.l10n;
  if (error instanceof Doubt && error.about === "bodies") return bodiesWords(error, file, format);
  if (error instanceof Doubt)
    return t("Logs were added or removed since the preview. The current ones were exported to {0}.", file);
  if (error instanceof ExportError) return troubleWords(error);
  return t("The export to {0} wasn't finished. {1}", file, inSentences(explain(error, format)));
}

/**
 * Exports the logs of a deletion with their bodies to a file chosen by the user, and verifies the file. Returns the
 * deletion limited to the logs in the file, or undefined if the user cancels.
 * @throws PlainError in any doubt; its message says that nothing was deleted, and why
 */
export async function exportBefore(
  { ui, format, logger }: { ui: SaveUi; format: Format; logger: Logger },
  source: LogSource,
  planned: PlannedDeletion,
): Promise<PlannedDeletion | undefined> {
  const { t } = vscode.l10n;
  const target = { name: planned.gateway.collectionId, title: t("Export, then Delete"), ending: ".jsonl" };
  const file = await askTarget(ui, target);
  if (file === undefined) return undefined;
  const title = t("Exporting {0} to {1}", logCount(planned.ids.length, format), basename(file));
  try {
    const exported = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => exportForDeletion(source, planned, file, exportOptions(progress, token, format)),
    );
    return { ...planned, ...exported, file };
  } catch (error) {
    if (isAborted(error)) throw error;
    if (error instanceof Doubt) logger.warn(`not deleted, ${error.about} in doubt: ${error.logIds.join(", ")}`);
    throw new PlainError(t("Nothing was deleted. {0}", stopWords(error, oneLine(file, 300), format)), { cause: error });
  }
}
