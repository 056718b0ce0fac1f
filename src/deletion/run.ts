import * as vscode from "vscode";
import type { DeletableSource } from "../source/source.ts";
import type { Log } from "../source/log.ts";
import { logCount } from "../filter/items.ts";
import { oneLine, type Format } from "../logs/format.ts";
import type { Logger } from "../platform/logger.ts";
import { signalOf } from "../platform/notify.ts";
import type { ConfirmedDeletion } from "./confirm.ts";
import { isPreviewed } from "./core/preview.ts";
import { deleteSubset, type DeletionResult, type Progress } from "./core/run.ts";
import type { UnfinishedDeletions } from "./core/unfinished.ts";
import { deletionProgressWords } from "./deletion-words.ts";
import type { Deleting } from "./in-progress.ts";

export type RunNeeds = {
  deleting: Pick<Deleting, "during">;
  unfinishedDeletions: Pick<UnfinishedDeletions, "begin" | "moveOn" | "end">;
  format: Format;
  logger: Logger;
};

/** A completed or interrupted deletion. */
export type EndedDeletion = {
  confirmed: ConfirmedDeletion;
  result: DeletionResult;
  /** Start time. */
  since: Date;
  /** The remaining part, and the key of its stored plan. */
  left: { rest: ConfirmedDeletion; key: string } | undefined;
};

/** Number of IDs between checkpoints. */
const NOTED_EVERY = 1000;

/**
 * Deletes with a progress notification that counts down while the call limit is reached; stores checkpoints under
 * `key`.
 */
async function runNoted(
  { deleting, unfinishedDeletions, format }: RunNeeds,
  source: DeletableSource,
  confirmed: ConfirmedDeletion,
  key: string,
): Promise<{ result: DeletionResult; rest: ConfirmedDeletion | undefined }> {
  const { t } = vscode.l10n;
  const { gateway, ids } = confirmed;
  const count = ids.length;
  const title = t("Deleting {0} of {1}", logCount(count, format), oneLine(gateway.collectionId));
  const started = Date.now();
  let far: Progress = { gone: 0, absent: 0, handled: 0 };
  const run = async (
    progress: vscode.Progress<{ message: string; increment: number }>,
    signal: AbortSignal,
    onGone: (logs: readonly Log[]) => void,
  ): Promise<DeletionResult> => {
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
      return await deleteSubset(source, confirmed, {
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
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) =>
      deleting.during(gateway, isPreviewed(confirmed), (onGone) => run(progress, signalOf(token), onGone)),
  );
  const rest = result.end === "done" ? undefined : confirmed.rest(far.handled);
  if (rest) unfinishedDeletions.moveOn(key, far.handled);
  return { result, rest };
}

/**
 * Runs a confirmed deletion, stored until it is done. `replaces`: the key of the stored deletion that this one
 * continues.
 */
export async function runDeletion(
  needs: RunNeeds,
  source: DeletableSource,
  confirmed: ConfirmedDeletion,
  replaces?: string,
): Promise<EndedDeletion> {
  const { unfinishedDeletions, logger } = needs;
  const since = new Date();
  const key = await unfinishedDeletions.begin(confirmed);
  if (replaces !== undefined) await unfinishedDeletions.end(replaces);
  const { result, rest } = await runNoted(needs, source, confirmed, key);
  if (result.end === "failed") logger.error(`delete in ${confirmed.gateway.collectionId}: ${String(result.error)}`);
  const left = rest && result.end !== "ignored" ? { rest, key } : undefined;
  if (!left) await unfinishedDeletions.end(key);
  return { confirmed, result, since, left };
}
