import * as vscode from "vscode";
import type { Capability } from "../source/capabilities.ts";
import type { Log, LogRef } from "../source/log.ts";
import { oneLine, outcomeOf, shortModel, shortPath, type Format } from "../logs/format.ts";
import { shownEntries } from "../logs/metadata.ts";
import type { Shown as Rated } from "../logs/sent.ts";
import { verdictOf } from "../logs/verdict.ts";
import { outcomeWord, verdictWord } from "../words/log-row.ts";
import { failureOf } from "./failure.ts";
import { footFacts, headFacts } from "./facts.ts";
import { meaningOf } from "./meaning.ts";
import type { Gist } from "../reading/core/packed.ts";
import type { CallError, Fact, LogView, RatingView, RemoteMedia, SentView, Sibling, ViewName } from "./protocol.ts";
import type { RoundView } from "../rating/round-view.ts";

/** A panel's state of its log. `log` is undefined while even the row is unknown. */
export type Shown = {
  ref: LogRef;
  log: Rated | undefined;
  round: RoundView | undefined;
  state: SentView["state"];
  /** Gist of the content, once read. */
  gist: Gist | undefined;
  view: ViewName;
  /** The other logs of its event. */
  steps: readonly Log[];
  media: Readonly<Record<string, RemoteMedia>>;
  isDeleting: boolean;
  can: readonly Capability[];
  /** The name of the log's service; undefined before its source was used. */
  service: string | undefined;
};

function statusOf(log: Log): NonNullable<LogView["status"]> {
  const outcome = outcomeOf(log);
  const code = log.statusCode === undefined ? [] : [String(log.statusCode)];
  // The code is enough for a plain success or failure.
  const word = code.length > 0 && (outcome === "success" || outcome === "error") ? [] : [outcomeWord(outcome)];
  return { outcome, text: [...code, ...word].join(" · ") };
}

/** Returns the error of a call: its recorded message, or else the status, and its usual meaning. */
function errorOf(log: Log, conversation: Gist | undefined): CallError | undefined {
  const error = conversation?.error;
  // Of a guardrail's log, the status says it all.
  if (!error && (log.success || log.check || !conversation)) return undefined;
  const failure = failureOf(error, log.statusCode);
  const meaning = failure ? { meaning: meaningOf(failure) } : {};
  if (error) {
    const coded = [error.type, error.code].filter((one) => one !== undefined && one !== "").map(String);
    const code = [...new Set(coded)].join(", ");
    return { message: error.message, ...(code ? { code } : {}), ...meaning };
  }
  const message =
    log.statusCode === undefined
      ? vscode.l10n.t("The call failed.")
      : vscode.l10n.t("The call failed with status {0}.", String(log.statusCode));
  return { message, ...meaning };
}

function siblingOf(ref: LogRef, log: Log): Sibling {
  return {
    ref: { ...ref, logId: log.id },
    step: log.step === undefined ? "" : String(log.step),
    title: [shortModel(log), shortPath(log)].filter(Boolean).join(" "),
    status: statusOf(log),
  };
}

function ratingOf({ log, ours }: Rated, format: Format): RatingView {
  const t = vscode.l10n.t;
  const verdict = verdictOf(log);
  const told = (words: string | undefined, isOurs: boolean) =>
    words !== undefined && isOurs ? t("{0} (sent from here)", words) : words;
  const score = log.score === undefined ? undefined : format.count(log.score);
  return {
    verdict,
    words: told(verdict && verdictWord(verdict), ours.has("feedback")),
    score: told(score, ours.has("score")),
  };
}

/** Returns the page's snapshot of a log. */
export function logView(shown: Shown, format: Format): SentView {
  const { ref, log: rated, round, state, gist: conversation, view, steps, media, isDeleting, can, service } = shown;
  const siblings = steps.map((step) => siblingOf(ref, step));
  const common = { ref, siblings, media, round, view, isDeleting, can, state };
  if (!rated) {
    return {
      ...common,
      title: ref.logId,
      chips: [ref.collectionId],
      status: undefined,
      facts: [],
      metadata: [],
      moreMetadata: 0,
      foot: [],
      rating: undefined,
      error: undefined,
    };
  }
  const { log, ours } = rated;
  const { entries, more } = shownEntries(log.metadata);
  const metadata: Fact[] = entries;
  if (ours.has("metadata")) for (const fact of metadata) fact.title = vscode.l10n.t("Sent from here");
  return {
    ...common,
    title: log.check?.name ?? (log.path || log.endpoint || log.provider || log.model || ref.logId),
    chips: [log.model, log.provider, ref.collectionId].flatMap((chip) => chip || []),
    status: statusOf(log),
    facts: headFacts(log, conversation, service, format),
    metadata,
    moreMetadata: more,
    foot: footFacts(log, conversation, format),
    rating: ratingOf(rated, format),
    error: errorOf(log, conversation),
  };
}

/** Returns the tab's title. */
export function tabTitle(ref: LogRef, log: Log | undefined, format: Format): string {
  if (!log) return vscode.l10n.t("Log {0}", oneLine(ref.logId, 12));
  return `${oneLine(shortModel(log), 40)} · ${format.time(log.createdAt)}`;
}
