import * as vscode from "vscode";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";
import type { GatewayRef } from "../cloudflare/schema.ts";
import { explain, inSentences } from "../explain.ts";
import { logCount } from "../filter/items.ts";
import type { Logger } from "../logger.ts";
import { deleteSubset, type Outcome } from "../logs/deleting.ts";
import { amongDeleted, type DeletionPreview } from "../logs/deletionPreview.ts";
import { oneLine, type Format } from "../logs/format.ts";
import { signalOf, withoutLinks } from "../notify.ts";
import type { Deleting } from "../tree/deleting.ts";

export type RunNeeds = { deleting: Pick<Deleting, "during">; format: Format; logger: Logger };

/** Ids that are named in a message. */
const NAMED = 3;

function goneWords({ gone }: Outcome, count: number, format: Format): string {
  const { t } = vscode.l10n;
  if (gone === 0) return t("Nothing is seen to be gone.");
  return t("{0} of {1} are gone.", format.count(gone), logCount(count, format));
}

/** What is not known of a call that was made and not answered. */
function unsureWords(outcome: Outcome, format: Format): string {
  const { t } = vscode.l10n;
  if (outcome.left.length > 0)
    return t("{0} more were asked to go, and may still do so.", format.count(outcome.left.length));
  const { error } = outcome.end === "failed" ? outcome : {};
  const isUnanswered = error instanceof CloudflareError && error.method === "DELETE" && error.reason !== "forbidden";
  return isUnanswered ? t("Whether the API deletes the last of them all the same is not known: refresh to see.") : "";
}

/** How a deletion ended, in words: what is gone, what is not, and why. */
export function outcomeWords(outcome: Outcome, preview: DeletionPreview, format: Format): string {
  const { t } = vscode.l10n;
  const { count, gateway } = preview;
  const gatewayId = oneLine(gateway.gatewayId);
  switch (outcome.end) {
    case "done":
      return count === 1
        ? t("1 log of {0} is deleted.", gatewayId)
        : t("{0} of {1} are deleted.", logCount(count, format), gatewayId);
    case "cancelled":
      return [t("Cancelled."), goneWords(outcome, count, format), unsureWords(outcome, format)].join(" ").trim();
    case "stuck": {
      const ids = outcome.left.slice(0, NAMED).map(({ id }) => oneLine(id, 80));
      const named = outcome.left.length > NAMED ? [...ids, "…"] : ids;
      const stuck = t(
        "The API accepted it, but {0} did not go within a minute: {1}.",
        logCount(outcome.left.length, format),
        named.join(", "),
      );
      return [goneWords(outcome, count, format), stuck, t("Nothing more was asked for.")].join(" ");
    }
    case "failed": {
      const why = inSentences(explain(outcome.error, format));
      const sentences = [why, goneWords(outcome, count, format), unsureWords(outcome, format)];
      return sentences.filter(Boolean).join(" ");
    }
  }
}

/** Deletes what a preview has shown, with progress and a way to cancel; rows and panels say so meanwhile. Tells how it ended. */
export async function runDeletion(
  { deleting, format, logger }: RunNeeds,
  client: Pick<CloudflareClient, "deleteLogs">,
  preview: DeletionPreview,
): Promise<Outcome> {
  const { t } = vscode.l10n;
  const { gateway, count } = preview;
  const started = new Date();
  const title = t("Deleting {0} of {1}", logCount(count, format), oneLine(gateway.gatewayId));
  const outcome = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) =>
      deleting.during(gateway, amongDeleted(preview), (drop) => {
        let gone = 0;
        const onGone: typeof drop = (logs) => {
          gone += logs.length;
          progress.report({ message: t("{0} gone", format.count(gone)), increment: (100 * logs.length) / count });
          drop(logs);
        };
        return deleteSubset(client, preview, { signal: signalOf(token), onGone });
      }),
  );
  const words = withoutLinks(outcomeWords(outcome, preview, format));
  if (outcome.end === "failed") logger.error(`delete in ${gateway.gatewayId}: ${String(outcome.error)}`);
  void tell(outcome, words, { ...gateway, since: started });
  return outcome;
}

/** Tells how it ended; where something may be gone, the account's audit log is a click away. */
async function tell({ end, gone, left }: Outcome, words: string, deleted: GatewayRef & { since: Date }): Promise<void> {
  const { showErrorMessage, showInformationMessage, showWarningMessage } = vscode.window;
  const show = {
    done: showInformationMessage,
    cancelled: showInformationMessage,
    stuck: showWarningMessage,
    failed: showErrorMessage,
  };
  const audit = vscode.l10n.t("Show in Audit Log");
  const chosen = await show[end](words, ...(gone > 0 || left.length > 0 ? [audit] : []));
  if (chosen === audit) await vscode.commands.executeCommand("aiGateway.showInAuditLog", deleted);
}
