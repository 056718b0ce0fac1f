import * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import { signedIn } from "../account/signed-in.ts";
import type { CollectionRef } from "../source/log.ts";
import type { DeletableSource } from "../source/source.ts";
import { capable } from "../words/cannot.ts";
import type { Subset } from "../logs/subset.ts";
import type { SaveUi } from "../platform/export-file.ts";
import type { Ui } from "../platform/pick-one.ts";
import {
  askUnfinished,
  confirmDeletion,
  confirmUnfinished,
  type ConfirmedDeletion,
  type ConfirmUi,
} from "./confirm.ts";
import type { UnfinishedDeletions } from "./core/unfinished.ts";
import { exportBefore } from "./export-before.ts";
import { planDeletion, requestFor } from "./plan.ts";
import { previewDeletion, type Decision, type PreviewNeeds } from "./preview.ts";
import { reportDeletion } from "./report.ts";
import { runDeletion, type RunNeeds } from "./run.ts";

export type DeleteNeeds = Omit<RunNeeds, "unfinishedDeletions"> &
  Pick<PreviewNeeds, "openLog"> & {
    unfinishedDeletions: Pick<UnfinishedDeletions, "begin" | "moveOn" | "end" | "of">;
    sessions: Pick<Sessions, "sourceOf">;
    ui?: Ui & ConfirmUi & SaveUi;
  };

/** Runs a deletion and reports the outcome, without waiting for the user to answer the message. */
async function carryOut(
  needs: RunNeeds,
  source: DeletableSource,
  confirmed: ConfirmedDeletion,
  replaces?: string,
): Promise<void> {
  const ended = await runDeletion(needs, source, confirmed, replaces);
  void reportDeletion(ended, needs.format).then((isToContinue) => {
    const { left } = ended;
    return isToContinue && left ? carryOut(needs, source, left.rest, left.key) : undefined;
  });
}

/** Offers to continue a gateway's interrupted deletions first. Returns whether to go ahead with the new one. */
async function settleUnfinished(
  needs: DeleteNeeds & { ui: ConfirmUi },
  source: DeletableSource,
  gateway: CollectionRef,
): Promise<boolean> {
  const { unfinishedDeletions, format, ui } = needs;
  for (const unfinished of await unfinishedDeletions.of(gateway)) {
    const answer = await askUnfinished(ui, unfinished, format);
    if (answer === undefined) return false;
    if (answer === "continue") {
      const confirmed = await confirmUnfinished(ui, unfinished, format);
      if (confirmed) await carryOut(needs, source, confirmed, unfinished.key);
      return false;
    }
    await unfinishedDeletions.end(unfinished.key);
  }
  return true;
}

/**
 * Deletes logs after a preview and a confirmation. `first`: the preview's first choice, to delete or to export before.
 * @throws PlainError, SourceError
 */
export async function deleteLogs(given: DeleteNeeds, subset: Subset, first: Decision = "delete"): Promise<void> {
  const needs = { ui: vscode.window, ...given };
  const { sessions, format, ui } = needs;
  const request = requestFor(subset);
  const kept = signedIn(await sessions.sourceOf(request.gateway));
  const source = { ...kept, deletion: capable(kept.deletion, "canDelete") };
  if (!(await settleUnfinished(needs, source, request.gateway))) return;
  const planned = await planDeletion(source, request, subset, format);
  const decision = await previewDeletion(needs, planned, first);
  if (decision === undefined) return;
  const exported = decision === "exportThenDelete" ? await exportBefore(needs, source, planned) : planned;
  const confirmed = exported && (await confirmDeletion(ui, exported, format));
  if (confirmed) await carryOut(needs, source, confirmed);
}
