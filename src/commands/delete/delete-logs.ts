import * as vscode from "vscode";
import { signedIn } from "../../account/signed-in.ts";
import type { Sessions } from "../../account/session.ts";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { GatewayRef } from "../../cloudflare/schema.ts";
import { PlainError } from "../../words/explain.ts";
import { logCount } from "../../filter/items.ts";
import { describeSubset } from "../../filter/subset-words.ts";
import { deletableOf, type Deletable } from "../../deletion/core/deletable.ts";
import { previewOf, type DeletionPreview } from "../../deletion/core/preview.ts";
import type { UnfinishedDeletion, UnfinishedDeletions } from "../../deletion/core/unfinished.ts";
import { oneLine, type Format } from "../../logs/format.ts";
import type { Subset } from "../../logs/subset.ts";
import type { LogPanels } from "../../panel/panels.ts";
import { withoutLinks } from "../../platform/notify.ts";
import { waiting } from "../../platform/progress.ts";
import { confirmDeletion, type ConfirmUi } from "./confirm-deletion.ts";
import { limitWords } from "./deletion-words.ts";
import { exportThenDelete, type ExportUi } from "./export-then-delete.ts";
import type { Ui } from "../pick-one.ts";
import { passedOverWords, previewDeletion, type Decision } from "./preview-deletion.ts";
import { runDeletion, type RunNeeds } from "./run-deletion.ts";

export type DeleteNeeds = Omit<RunNeeds, "unfinishedDeletions"> & {
  unfinishedDeletions: Pick<UnfinishedDeletions, "begin" | "moveOn" | "end" | "of">;
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
  return waiting(t("Reading which logs would be deleted…"), (signal, report) => {
    let [read, total] = [0, 0];
    const show = (words: string) => report(total === 0 ? 0 : read / total, words);
    return previewOf(client, deletable, {
      signal,
      onProgress: (nowRead, nowTotal) => {
        [read, total] = [nowRead, nowTotal];
        show(t("{0} of about {1} read", format.count(read), format.count(total)));
      },
      onWait: (until) => show(t("call limit reached, continues at {0}", format.time(until))),
    });
  });
}

/** What is to become of a deletion that was interrupted; undefined when the person leaves. */
async function askUnfinished(
  ui: ConfirmUi,
  { gateway, ids, count, words }: UnfinishedDeletion,
  format: Format,
): Promise<"continue" | "discard" | undefined> {
  const { t } = vscode.l10n;
  const [goOn, discard] = [t("Continue…"), t("Discard")];
  const message = t(
    "Deleting {0} of the gateway {1} was interrupted. {2} are left.",
    logCount(count, format),
    oneLine(gateway.gatewayId),
    format.count(ids.length),
  );
  const detail = withoutLinks(t("They are: {0}. Discarding deletes nothing.", oneLine(words, 500)));
  const answer = await ui.showWarningMessage(withoutLinks(message), { modal: true, detail }, goOn, discard);
  return answer === goOn ? "continue" : answer === discard ? "discard" : undefined;
}

/** Lets the person continue what was interrupted in a gateway before they delete more of it; whether they want to delete more. */
async function settleUnfinished(
  needs: DeleteNeeds & { ui: ConfirmUi },
  client: CloudflareClient,
  gateway: GatewayRef,
): Promise<boolean> {
  const { unfinishedDeletions, format, ui } = needs;
  for (const unfinished of await unfinishedDeletions.of(gateway)) {
    const answer = await askUnfinished(ui, unfinished, format);
    if (answer === undefined) return false;
    if (answer === "discard") {
      await unfinishedDeletions.end(unfinished.key);
      continue;
    }
    const { ids, words, key } = unfinished;
    const details = [oneLine(words, 500), limitWords(ids.length, format)];
    if (await confirmDeletion(ui, { gateway, count: ids.length, details }, format))
      await runDeletion(needs, client, { gateway, ids, words }, key);
    return false;
  }
  return true;
}

/**
 * Deletes logs, once the person has seen which and has said yes. `first`: what is offered first, to delete them, or to export them before.
 * @throws PlainError, CloudflareError
 */
export async function deleteLogs(needs: DeleteNeeds, subset: Subset, first: Decision = "delete"): Promise<void> {
  const { t } = vscode.l10n;
  const { sessions, panels, format, ui = vscode.window } = needs;
  const deletable = someOf(subset);
  const { gateway } = subset;
  const client = signedIn(await sessions.clientOf(gateway.accountId));
  if (!(await settleUnfinished({ ...needs, ui }, client, gateway))) return;
  const words = describeSubset(subset, format);
  const preview = await look(client, deletable, format);
  if (!preview) throw new PlainError(t("There is nothing to delete: {0}.", words));
  const isChosen = subset.type === "chosen";
  const decision = await previewDeletion({ panels, format, ui }, preview, { words, isChosen, first });
  if (decision === undefined) return;
  const { ids, oldest, newest } = preview;
  const span = t("From {0} to {1}.", format.dateTime(oldest.createdAt), format.dateTime(newest.createdAt));
  const details = [
    oneLine(words, 500),
    span,
    passedOverWords(preview, isChosen, format),
    limitWords(ids.length, format),
  ];
  if (decision === "exportThenDelete") return exportThenDelete({ ...needs, ui }, client, preview, { words, details });
  if (await confirmDeletion(ui, { gateway, count: ids.length, details }, format))
    await runDeletion(needs, client, { gateway, ids, words });
}
