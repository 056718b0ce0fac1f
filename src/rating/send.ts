import { capable } from "../words/cannot.ts";
import * as vscode from "vscode";
import { signedIn, type SourceOf } from "../account/signed-in.ts";
import { isAborted } from "../source/errors.ts";
import type { LogChanges } from "../source/source.ts";
import type { LogRef } from "../source/log.ts";
import { explain, inSentences, PlainError } from "../words/explain.ts";
import type { Format } from "../logs/format.ts";
import { runLimited, type InTurn } from "./run-limited.ts";
import type { SentRatings } from "./sent.ts";

/** Dependencies for changing logs. */
export type SendNeeds = {
  sourceOf: SourceOf;
  ratings: SentRatings;
  format: Format;
};

/** Sends changes of one log: shown at once, reverted on rejection. */
export function sendOne(ref: LogRef, changes: LogChanges, needs: SendNeeds, signal?: AbortSignal, inTurn?: InTurn) {
  const patch = async () => {
    const source = signedIn(await needs.sourceOf(ref));
    await capable(source.changes, "canRate").send(ref, changes, signal ? { signal } : {});
  };
  return needs.ratings.send(ref, changes, () => (inTurn ? inTurn(patch) : patch()));
}

/** Combines the reasons why changes failed; undefined if none did, or only canceled ones. */
function failureOf(results: readonly PromiseSettledResult<unknown>[], format: Format): PlainError | undefined {
  const errors = results.flatMap((result): unknown[] => (result.status === "rejected" ? [result.reason] : []));
  const failures = errors.filter((error) => !isAborted(error));
  const whys = failures.map((error) => explain(error, format));
  // Different words with one summary are one reason.
  const reasons = [...Map.groupBy(whys, ({ summary }) => summary).values()].flatMap(([first]) => first ?? []);
  const why = reasons.map(inSentences).join(" ");
  const [all, failed] = [format.count(results.length), format.count(failures.length)];
  if (failures.length === 0) return undefined;
  return new PlainError(
    results.length === 1
      ? vscode.l10n.t("The change couldn't be sent and was undone. {0}", why)
      : vscode.l10n.t("{0} of {1} changes couldn't be sent and were undone. {2}", failed, all, why),
  );
}

/**
 * Sends changes of logs. `title`: of the progress notification for many; `then`: called for each success.
 * @throws PlainError with the number and the reasons of all failures
 */
export async function sendAll(
  all: readonly { ref: LogRef; changes: LogChanges }[],
  needs: SendNeeds,
  title: string,
  then: (ref: LogRef, inTurn: InTurn, signal: AbortSignal) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const results = await runLimited(all, title, async ({ ref, changes }, inTurn, signal) => {
    await sendOne(ref, changes, needs, signal, inTurn);
    await then(ref, inTurn, signal);
  });
  const failure = failureOf(results, needs.format);
  if (failure) throw failure;
}
