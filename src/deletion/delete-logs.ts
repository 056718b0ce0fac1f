import * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import { signedIn } from "../account/signed-in.ts";
import type { GatewayRef } from "../cloudflare/schema.ts";
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
import { runDeletion, type DeletingClient, type RunNeeds } from "./run.ts";

export type DeleteNeeds = Omit<RunNeeds, "unfinishedDeletions"> &
  Pick<PreviewNeeds, "openLog"> & {
    unfinishedDeletions: Pick<UnfinishedDeletions, "begin" | "moveOn" | "end" | "of">;
    sessions: Pick<Sessions, "clientOf">;
    ui?: Ui & ConfirmUi & SaveUi;
  };

/** Runs a deletion and reports the outcome, without waiting for the user to answer the message. */
async function carryOut(
  needs: RunNeeds,
  client: DeletingClient,
  confirmed: ConfirmedDeletion,
  replaces?: string,
): Promise<void> {
  const ended = await runDeletion(needs, client, confirmed, replaces);
  void reportDeletion(ended, needs.format).then((isToContinue) => {
    const { left } = ended;
    return isToContinue && left ? carryOut(needs, client, left.rest, left.key) : undefined;
  });
}

/** Offers to continue a gateway's interrupted deletions first. Returns whether to go ahead with the new one. */
async function settleUnfinished(
  needs: DeleteNeeds & { ui: ConfirmUi },
  client: DeletingClient,
  gateway: GatewayRef,
): Promise<boolean> {
  const { unfinishedDeletions, format, ui } = needs;
  for (const unfinished of await unfinishedDeletions.of(gateway)) {
    const answer = await askUnfinished(ui, unfinished, format);
    if (answer === undefined) return false;
    if (answer === "continue") {
      const confirmed = await confirmUnfinished(ui, unfinished, format);
      if (confirmed) await carryOut(needs, client, confirmed, unfinished.key);
      return false;
    }
    await unfinishedDeletions.end(unfinished.key);
  }
  return true;
}

/**
 * Deletes logs after a preview and a confirmation. `first`: the preview's first choice, to delete or to export before.
 * @throws PlainError, CloudflareError
 */
export async function deleteLogs(given: DeleteNeeds, subset: Subset, first: Decision = "delete"): Promise<void> {
  const needs = { ui: vscode.window, ...given };
  const { sessions, format, ui } = needs;
  const request = requestFor(subset);
  const client = signedIn(await sessions.clientOf(request.gateway.accountId));
  if (!(await settleUnfinished(needs, client, request.gateway))) return;
  const planned = await planDeletion(client, request, subset, format);
  const decision = await previewDeletion(needs, planned, first);
  if (decision === undefined) return;
  const kept = decision === "exportThenDelete" ? await exportBefore(needs, client, planned) : planned;
  const confirmed = kept && (await confirmDeletion(ui, kept, format));
  if (confirmed) await carryOut(needs, client, confirmed);
}
