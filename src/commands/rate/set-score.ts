import * as vscode from "vscode";
import type { Log, LogRef } from "../../source/log.ts";
import { scoreIn } from "../../logs/score.ts";
import { sendAll, type SendNeeds } from "../../rating/send.ts";
import type { Ui } from "../../platform/pick-one.ts";

export type ScoreNeeds = SendNeeds & {
  /** Returns the known part of a log, without a call. */
  known: (ref: LogRef) => Log | undefined;
  ui?: Ui;
};

/** Asks for a score and sets it for logs; an empty input clears it. */
export async function setScore(needs: ScoreNeeds, logs: readonly LogRef[]): Promise<void> {
  const t = vscode.l10n.t;
  const { known, ratings, format, ui = vscode.window } = needs;
  const [only, ...others] = logs;
  const log = only && others.length === 0 ? known(only) : undefined;
  const score = only && log && ratings.shown(only, log).log.score;
  const count = format.count(logs.length);
  const text = await ui.showInputBox({
    title: others.length === 0 ? t("Score") : t("Score of {0} logs", count),
    prompt: t("Enter a number from 0 to 100. Leave empty to clear the score."),
    value: score === undefined ? "" : String(score),
    validateInput: (typed) => (scoreIn(typed) === undefined ? t("A score is a number from 0 to 100.") : undefined),
  });
  const given = text === undefined ? undefined : scoreIn(text);
  if (given === undefined) return;
  await sendAll(
    logs.map((ref) => ({ ref, changes: { score: given } })),
    needs,
    t("Setting the score of {0} logs", count),
  );
}
