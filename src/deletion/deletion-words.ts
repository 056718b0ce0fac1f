import * as vscode from "vscode";
import { BATCH } from "./core/ids.ts";
import { leftMs, waitMs } from "../export/estimate.ts";
import { logCount } from "../filter/items.ts";
import type { Format } from "../logs/format.ts";
import { timeLeft } from "../words/export-words.ts";
import { CALLS_A_BATCH, type Progress } from "./core/run.ts";
import type { PlannedDeletion } from "./plan.ts";

/** Describes the skipped logs of a deletion, or returns "". */
export function passedOverWords(
  { passedOver, request }: Pick<PlannedDeletion, "passedOver" | "request">,
  format: Format,
): string {
  const { t } = vscode.l10n;
  if (passedOver === 0) return "";
  const count = logCount(passedOver, format);
  return request.type === "chosen"
    ? t("No longer there: {0}.", count)
    : t("Skipped, because they couldn't be confirmed to match: {0}.", count);
}

/** Describes the progress of a deletion of `count` logs, for its notification. `elapsedMs`: time since the start. */
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

const callsFor = (count: number): number => Math.ceil(count / BATCH) * CALLS_A_BATCH;

/** Describes the time that the call limit adds to a deletion, or returns "". */
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
