import * as vscode from "vscode";
import { SourceError } from "../source/errors.ts";
import type { CollectionRef } from "../source/log.ts";
import { logCount } from "../filter/items.ts";
import { oneLine, type Format } from "../logs/format.ts";
import { commandsOf } from "../platform/commands.ts";
import { withoutLinks } from "../platform/notify.ts";
import { explain, inSentences } from "../words/explain.ts";
import type { DeletionResult } from "./core/run.ts";
import type { EndedDeletion } from "./run.ts";

/** The command used by a report. */
export type DeletionCalls = { "aiGateway.showInAuditLog": (deleted: CollectionRef & { since: Date }) => void };

const { run } = commandsOf<DeletionCalls>();

/** Maximum number of IDs in a message. */
const NAMED = 3;

function goneWords({ gone, absent }: DeletionResult, count: number, format: Format): string {
  const { t } = vscode.l10n;
  const deleted =
    gone === 0
      ? t("No deletions were confirmed.")
      : t("{0} of {1} are deleted.", format.count(gone), logCount(count, format));
  return absent === 0 ? deleted : `${deleted} ${t("Already deleted before: {0}.", logCount(absent, format))}`;
}

/** Describes the possible effects of an unconfirmed call, or returns "". */
function unsureWords(result: DeletionResult, format: Format): string {
  const { t } = vscode.l10n;
  if (result.left.length > 0) return t("{0} more may still be deleted.", format.count(result.left.length));
  const { error } = result.end === "failed" ? result : {};
  const isUnanswered = error instanceof SourceError && error.method === "DELETE" && error.reason !== "forbidden";
  return isUnanswered ? t("Whether the last batch is deleted is unknown. Refresh to see.") : "";
}

const inOrder = (...sentences: string[]): string => sentences.filter(Boolean).join(" ");

const idWords = ({ id }: { id: string }): string => oneLine(id, 80);

/** Describes the outcome of a deletion: deleted logs, remaining ones, and the reason. `count`: its number of logs. */
export function resultWords(
  result: DeletionResult,
  { gateway, count }: { gateway: CollectionRef; count: number },
  format: Format,
): string {
  const { t } = vscode.l10n;
  const collectionId = oneLine(gateway.collectionId);
  const gone = goneWords(result, count, format);
  switch (result.end) {
    case "done":
      if (result.absent > 0) return gone;
      return count === 1
        ? t("1 log of {0} is deleted.", collectionId)
        : t("{0} of {1} are deleted.", logCount(count, format), collectionId);
    case "canceled":
      return inOrder(t("Canceled."), gone, unsureWords(result, format));
    case "stuck": {
      const ids = result.left.slice(0, NAMED).map(idWords);
      const named = result.left.length > NAMED ? [...ids, "…"] : ids;
      const stuck = t(
        "The API accepted the request, but didn't delete {0} within a minute: {1}.",
        logCount(result.left.length, format),
        named.join(", "),
      );
      return inOrder(gone, stuck, t("Deleting has stopped."));
    }
    case "ignored": {
      const [named] = result.left;
      const instead = result.isPreviewed
        ? t(
            "The API was asked to delete log {0} and deleted {1} first.",
            named ? idWords(named) : "",
            idWords(result.instead),
          )
        : t(
            "The API was asked to delete log {0}, but {1} is gone, which wasn't selected.",
            named ? idWords(named) : "",
            idWords(result.instead),
          );
      return inOrder(instead, t("It ignores the filter of the request, so deleting has stopped."), gone);
    }
    case "failed":
      return inOrder(inSentences(explain(result.error, format)), gone, unsureWords(result, format));
  }
}

/**
 * Reports the outcome of a deletion and returns whether to continue the rest. If something may have been deleted,
 * offers the account's audit log.
 */
export async function reportDeletion(
  { confirmed: { gateway, ids }, result, since, left }: EndedDeletion,
  format: Format,
): Promise<boolean> {
  const { showErrorMessage, showInformationMessage, showWarningMessage } = vscode.window;
  const show = {
    done: showInformationMessage,
    canceled: showInformationMessage,
    stuck: showWarningMessage,
    ignored: showErrorMessage,
    failed: showErrorMessage,
  };
  const [goOn, audit] = [vscode.l10n.t("Continue"), vscode.l10n.t("Show in Audit Log")];
  const mayBeGone = result.gone > 0 || result.left.length > 0;
  const buttons = [...(left ? [goOn] : []), ...(mayBeGone ? [audit] : [])];
  const words = withoutLinks(resultWords(result, { gateway, count: ids.length }, format));
  const chosen = await show[result.end](words, ...buttons);
  if (chosen === audit) await run("aiGateway.showInAuditLog", { ...gateway, since });
  return chosen === goOn;
}
