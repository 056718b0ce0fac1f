import * as vscode from "vscode";
import { signedIn } from "../account/signedIn.ts";
import type { Sessions } from "../account/session.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { PlainError } from "../explain.ts";
import { describeSubset } from "../filter/subsetWords.ts";
import { deletableOf, type Deletable } from "../logs/deletable.ts";
import { previewOf, type DeletionPreview } from "../logs/deletionPreview.ts";
import { oneLine, type Format } from "../logs/format.ts";
import type { Subset } from "../logs/subset.ts";
import type { LogPanels } from "../panel/panels.ts";
import { waiting } from "../progress.ts";
import { confirmDeletion } from "./confirmDeletion.ts";
import { exportThenDelete, type ExportUi } from "./exportThenDelete.ts";
import type { Ui } from "./pickOne.ts";
import { howWords, passedOverWords, previewDeletion, type Decision } from "./previewDeletion.ts";
import { runDeletion, type RunNeeds } from "./runDeletion.ts";

export type DeleteNeeds = RunNeeds & {
  sessions: Pick<Sessions, "clientOf">;
  panels: Pick<LogPanels, "openFromTree">;
  ui?: Ui & ExportUi;
};

/** What of a subset can be deleted. @throws PlainError when nothing says which logs: it would be all of a gateway */
function someOf(subset: Subset): Deletable {
  const deletable = deletableOf(subset);
  if (deletable) return deletable;
  const { t } = vscode.l10n;
  const gatewayId = oneLine(subset.gateway.gatewayId);
  throw new PlainError(
    t(
      "This would be all logs of {0}, so nothing is deleted. Say which: set a filter (Edit Filter), or run the command from a day or from logs that you select in the tree.",
      gatewayId,
    ),
  );
}

function look(client: CloudflareClient, deletable: Deletable, format: Format): Promise<DeletionPreview | undefined> {
  const { t } = vscode.l10n;
  return waiting(t("Looking which logs these are…"), (signal, report) =>
    previewOf(client, deletable, {
      signal,
      onProgress: (read, total) =>
        report(read / total, t("{0} of about {1} read", format.count(read), format.count(total))),
    }),
  );
}

/**
 * Deletes logs, once the person has seen which and has said yes. `first`: what is offered first, to delete them, or to export them before.
 * @throws PlainError, CloudflareError
 */
export async function deleteLogs(needs: DeleteNeeds, subset: Subset, first: Decision = "delete"): Promise<void> {
  const { t } = vscode.l10n;
  const { sessions, panels, format, ui = vscode.window } = needs;
  const deletable = someOf(subset);
  const client = signedIn(await sessions.clientOf(subset.gateway.accountId));
  const words = describeSubset(subset, format);
  const preview = await look(client, deletable, format);
  if (!preview) throw new PlainError(t("There is nothing to delete: {0}.", words));
  const isChosen = subset.type === "chosen";
  const decision = await previewDeletion({ panels, format, ui }, preview, { words, isChosen, first });
  if (decision === undefined) return;
  const { gateway, count, oldest, newest } = preview;
  const span = t("From {0} to {1}.", format.dateTime(oldest.createdAt), format.dateTime(newest.createdAt));
  const details = [oneLine(words, 500), span, passedOverWords(preview, isChosen, format)];
  if (decision === "exportThenDelete") return exportThenDelete({ ...needs, ui }, client, preview, details);
  details.push(howWords(preview, isChosen));
  if (await confirmDeletion(ui, { gateway, count, details }, format)) await runDeletion(needs, client, preview);
}
