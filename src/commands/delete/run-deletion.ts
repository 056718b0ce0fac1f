import * as vscode from "vscode";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { GatewayRef, Log } from "../../cloudflare/schema.ts";
import { isSome } from "../../deletion/core/deletable.ts";
import { isPreviewed } from "../../deletion/core/preview.ts";
import { deleteSubset, type Outcome, type Progress } from "../../deletion/core/run.ts";
import type { DeletionPlan, UnfinishedDeletions } from "../../deletion/core/unfinished.ts";
import { logCount } from "../../filter/items.ts";
import type { Logger } from "../../platform/logger.ts";
import { oneLine, type Format } from "../../logs/format.ts";
import { signalOf, withoutLinks } from "../../platform/notify.ts";
import type { Deleting } from "../../deletion/in-progress.ts";
import { deletionProgressWords, outcomeWords } from "./deletion-words.ts";

export type RunNeeds = {
  deleting: Pick<Deleting, "during">;
  unfinishedDeletions: Pick<UnfinishedDeletions, "begin" | "moveOn" | "end">;
  format: Format;
  logger: Logger;
};

type Client = Pick<CloudflareClient, "listLogs" | "deleteLogs">;

/** Ids after which the place of a deletion is noted again. */
const NOTED_EVERY = 1000;

/** What a deletion ended with, and the plan of what is left of it. */
type Ended = { outcome: Outcome; rest: DeletionPlan | undefined };

/** Deletes with a progress notification that counts down while the call limit is reached; the plan is noted until it is done. */
async function runNoted(
  { deleting, unfinishedDeletions, format }: RunNeeds,
  client: Client,
  plan: DeletionPlan,
  key: string,
): Promise<Ended> {
  const { t } = vscode.l10n;
  const { gateway, ids } = plan;
  const count = ids.length;
  const title = t("Deleting {0} of {1}", logCount(count, format), oneLine(gateway.gatewayId));
  const started = Date.now();
  let far: Progress = { gone: 0, absent: 0, handled: 0 };
  const run = async (
    progress: vscode.Progress<{ message: string; increment: number }>,
    signal: AbortSignal,
    onGone: (logs: readonly Log[]) => void,
  ): Promise<Outcome> => {
    let waitingUntil: Date | undefined;
    let [shown, noted] = [0, 0];
    const show = (): void => {
      const message = deletionProgressWords(far, { count, elapsedMs: Date.now() - started, waitingUntil }, format);
      progress.report({ message, increment: (100 * (far.handled - shown)) / count });
      shown = far.handled;
    };
    const ticking = setInterval(() => waitingUntil && show(), 1000);
    const onProgress = (now: Progress): void => {
      far = now;
      waitingUntil = undefined;
      show();
      if (far.handled - noted < NOTED_EVERY) return;
      noted = far.handled;
      unfinishedDeletions.moveOn(key, noted);
    };
    try {
      return await deleteSubset(client, plan, {
        signal,
        onGone,
        onProgress,
        onWait: (until) => {
          waitingUntil = until;
          show();
        },
      });
    } finally {
      clearInterval(ticking);
    }
  };
  const outcome = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) =>
      deleting.during(gateway, isPreviewed(plan), (onGone) => run(progress, signalOf(token), onGone)),
  );
  const rest = ids.slice(far.handled);
  if (outcome.end === "done" || !isSome(rest)) return { outcome, rest: undefined };
  unfinishedDeletions.moveOn(key, far.handled);
  return { outcome, rest: { ...plan, ids: rest } };
}

/**
 * Deletes the logs of a plan that the person has agreed to. Tells how it ended and offers to continue where that makes sense. `replaces`:
 * the key of the noted plan that this is the rest of.
 */
export async function runDeletion(
  needs: RunNeeds,
  client: Client,
  plan: DeletionPlan,
  replaces?: string,
): Promise<Outcome> {
  const { unfinishedDeletions, format, logger } = needs;
  const { gateway } = plan;
  const since = new Date();
  const noted = await unfinishedDeletions.begin(plan);
  if (replaces !== undefined) await unfinishedDeletions.end(replaces);
  const { outcome, rest } = await runNoted(needs, client, plan, noted);
  const { end } = outcome;
  if (end === "failed") logger.error(`delete in ${gateway.gatewayId}: ${String(outcome.error)}`);
  const canContinue = rest !== undefined && end !== "ignored";
  if (!canContinue) await unfinishedDeletions.end(noted);
  const words = withoutLinks(outcomeWords(outcome, { gateway, count: plan.ids.length }, format));
  void tell(outcome, words, { ...gateway, since }, canContinue).then((isToContinue) => {
    if (isToContinue && rest) return runDeletion(needs, client, rest, noted);
    return undefined;
  });
  return outcome;
}

/** Tells how a deletion ended; whether it is to continue. Where something may be gone, the account's audit log is a click away. */
async function tell(
  { end, gone, left }: Outcome,
  words: string,
  deleted: GatewayRef & { since: Date },
  canContinue: boolean,
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
  const buttons = [...(canContinue ? [goOn] : []), ...(gone > 0 || left.length > 0 ? [audit] : [])];
  const chosen = await show[end](words, ...buttons);
  if (chosen === audit) await vscode.commands.executeCommand("aiGateway.showInAuditLog", deleted);
  return chosen === goOn;
}
