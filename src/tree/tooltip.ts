import * as vscode from "vscode";
import { oneLine, outcomeOf, tokensTotal, type Format } from "../logs/format.ts";
import { shownEntries } from "../logs/metadata.ts";
import { MATCHED_TEXT, type Log } from "../source/log.ts";
import type { Field, Shown } from "../logs/sent.ts";
import { verdictOf } from "../logs/verdict.ts";
import { outcomeWord, verdictWord } from "../words/log-row.ts";

function statusOf(log: Log): string {
  if (log.check) return outcomeWord(outcomeOf(log));
  if (log.statusCode !== undefined) return String(log.statusCode);
  return log.success ? vscode.l10n.t("succeeded") : vscode.l10n.t("failed");
}

/**
 * All that a row tells, except what a guardrail found, which only its panel shows. Recorded values go in as text, so no
 * Markdown of theirs acts.
 */
export function logTooltip({ log, ours }: Shown, format: Format): vscode.MarkdownString {
  const t = vscode.l10n.t;
  const verdict = verdictOf(log);
  const told = (field: Field, words: string | undefined) =>
    words !== undefined && ours.has(field) ? t("{0} (sent from here)", words) : words;
  const count = (value: number | undefined) => (value === undefined ? undefined : format.count(value));
  const total = tokensTotal(log);
  const isUtc = format.calendar.zone === "utc";
  const cost = log.costUsd === undefined ? undefined : format.cost(log.costUsd);
  const { entries, more } = shownEntries(log.metadata);
  const lines: [string, string | undefined][] = [
    [t("Guardrail"), log.check?.name],
    [t("Model"), log.model],
    [t("Provider"), log.provider || undefined],
    [t("Endpoint"), log.endpoint === null ? t("deleted") : log.endpoint],
    [t("User"), log.user],
    [t("Key"), log.key],
    [t("Path"), log.path || undefined],
    [t("Status"), statusOf(log)],
    [t("Time"), isUtc ? format.utc(log.createdAt) : `${format.dateTime(log.createdAt)} (${format.utc(log.createdAt)})`],
    [t("Duration"), log.durationMs === undefined ? undefined : format.duration(log.durationMs)],
    [t("Latency"), log.latencyMs === undefined ? undefined : format.duration(log.latencyMs)],
    [t("Tokens in"), count(log.tokensIn)],
    [t("Tokens in, cached"), count(log.tokensCached)],
    [t("Tokens out"), count(log.tokensOut)],
    [t("Tokens of reasoning"), count(log.tokensReasoning)],
    [t("Tokens"), count(total)],
    [t("Cost"), cost && (log.customCost ? t("{0} (custom)", cost) : t("{0} (estimate)", cost))],
    [t("Cached"), log.cached ? t("yes") : undefined],
    [t("DLP action"), log.dlpAction],
    [t("DLP profiles"), log.dlpProfiles?.join(", ")],
    [t("Guardrails"), log.check ? undefined : log.guardrails],
    [
      t("Provider key"),
      log.byok === undefined ? undefined : log.byok ? t("stored at the gateway") : t("sent with the call"),
    ],
    [t("Location"), [log.colo, log.region].filter((place) => place !== undefined).join(", ") || undefined],
    [t("Step"), count(log.step)],
    [t("Event"), log.eventId && (log.isEventInferred ? t("{0} (inferred)", log.eventId) : log.eventId)],
    [t("User agent"), log.userAgent],
    [t("Rating"), told("feedback", verdict && verdictWord(verdict))],
    [t("Score"), told("score", count(log.score))],
    ...entries
      .filter(({ name }) => !log.check || name !== MATCHED_TEXT)
      .map(({ name, value }): [string, string | undefined] => [name, told("metadata", value)]),
    [t("More metadata entries"), more === 0 ? undefined : format.count(more)],
    [t("Log"), log.id],
  ];
  return factsTooltip(lines);
}

/** A tooltip of names and values, those that are known. Recorded values go in as text. */
export function factsTooltip(facts: readonly (readonly [string, string | undefined])[]): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  for (const [name, value] of facts) {
    if (value === undefined) continue;
    tooltip
      .appendMarkdown("**")
      .appendText(oneLine(name))
      .appendMarkdown("** ")
      .appendText(oneLine(value))
      .appendMarkdown("  \n");
  }
  return tooltip;
}
