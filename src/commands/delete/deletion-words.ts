import * as vscode from "vscode";
import { CloudflareError } from "../../cloudflare/errors.ts";
import type { DeletionPreview } from "../../deletion/core/preview.ts";
import { CALLS_A_BATCH, type Outcome, type Progress } from "../../deletion/core/run.ts";
import { explain, inSentences } from "../../words/explain.ts";
import { leftMs, waitMs } from "../../export/estimate.ts";
import { logCount } from "../../filter/items.ts";
import { oneLine, type Format } from "../../logs/format.ts";
import { PER_PAGE } from "../../cloudflare/pages.ts";
import { timeLeft } from "../export/export-words.ts";

/** Ids that are named in a message. */
const NAMED = 3;

function goneWords({ gone, absent }: Outcome, count: number, format: Format): string {
  const { t } = vscode.l10n;
  const deleted =
    gone === 0
      ? t("No log is confirmed as deleted.")
      : t("{0} of {1} are deleted.", format.count(gone), logCount(count, format));
  return absent === 0 ? deleted : `${deleted} ${t("No longer there before: {0}.", logCount(absent, format))}`;
}

/** What is unknown of a call that was made and not answered. */
function unsureWords(outcome: Outcome, format: Format): string {
  const { t } = vscode.l10n;
  if (outcome.left.length > 0)
    return t("The API was asked to delete {0} more and may still do so.", format.count(outcome.left.length));
  const { error } = outcome.end === "failed" ? outcome : {};
  const isUnanswered = error instanceof CloudflareError && error.method === "DELETE" && error.reason !== "forbidden";
  return isUnanswered ? t("Whether the last batch is deleted is unknown. Refresh to see.") : "";
}

const inOrder = (...sentences: string[]): string => sentences.filter(Boolean).join(" ");

const idWords = ({ id }: { id: string }): string => oneLine(id, 80);

/** How a deletion ended, in words: what is gone, what is not, and why. `count`: of how many logs it was. */
export function outcomeWords(
  outcome: Outcome,
  { gateway, count }: Pick<DeletionPreview, "gateway"> & { count: number },
  format: Format,
): string {
  const { t } = vscode.l10n;
  const gatewayId = oneLine(gateway.gatewayId);
  const gone = goneWords(outcome, count, format);
  switch (outcome.end) {
    case "done":
      if (outcome.absent > 0) return gone;
      return count === 1
        ? t("1 log of {0} is deleted.", gatewayId)
        : t("{0} of {1} are deleted.", logCount(count, format), gatewayId);
    case "canceled":
      return inOrder(t("Canceled."), gone, unsureWords(outcome, format));
    case "stuck": {
      const ids = outcome.left.slice(0, NAMED).map(idWords);
      const named = outcome.left.length > NAMED ? [...ids, "…"] : ids;
      const stuck = t(
        "The API accepted it, but {0} did not go within a minute: {1}.",
        logCount(outcome.left.length, format),
        named.join(", "),
      );
      return inOrder(gone, stuck, t("Deleting has stopped."));
    }
    case "ignored": {
      const [named] = outcome.left;
      const instead = outcome.isPreviewed
        ? t(
            "The API was asked to delete log {0} and deleted {1} first.",
            named ? idWords(named) : "",
            idWords(outcome.instead),
          )
        : t(
            "The API was asked to delete log {0}, but {1} is gone, which was not selected.",
            named ? idWords(named) : "",
            idWords(outcome.instead),
          );
      return inOrder(instead, t("It ignores which logs to delete, so deleting has stopped."), gone);
    }
    case "failed":
      return inOrder(inSentences(explain(outcome.error, format)), gone, unsureWords(outcome, format));
  }
}

/** How far a deletion of `count` logs is, for its progress notification. `elapsedMs`: since it began. */
export function deletionProgressWords(
  { gone, handled }: Progress,
  { count, elapsedMs, waitingUntil }: { count: number; elapsedMs: number; waitingUntil: Date | undefined },
  format: Format,
): string {
  const { t } = vscode.l10n;
  const done = t("{0} of {1}", format.count(gone), format.count(count));
  const waitMsLeft = waitingUntil ? waitingUntil.getTime() - Date.now() : 0;
  if (waitingUntil && waitMsLeft > 0)
    return `${done} · ${t("call limit reached, continues at {0} (in {1})", format.time(waitingUntil), format.duration(Math.ceil(waitMsLeft / 1000) * 1000))}`;
  const left = leftMs(handled, count - handled, callsFor(handled), elapsedMs);
  return left === undefined ? done : `${done} · ${timeLeft(left, format)}`;
}

const callsFor = (count: number): number => Math.ceil(count / PER_PAGE) * CALLS_A_BATCH;

/** How long the call limit makes a deletion take, where it does; else "". */
export function limitWords(count: number, format: Format): string {
  const minutes = Math.ceil(waitMs(callsFor(count)) / 60_000);
  if (minutes === 0) return "";
  const { t } = vscode.l10n;
  const time = minutes < 100 ? t("{0} min", format.count(minutes)) : t("{0} h", format.count(Math.round(minutes / 60)));
  return t(
    "Cloudflare allows 1,200 calls in 5 minutes, so this takes about {0}. You can cancel it and continue later.",
    time,
  );
}
