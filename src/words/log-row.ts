import * as vscode from "vscode";
import type { Log } from "../source/log.ts";
import type { Day } from "../logs/days.ts";
import { oneLine, outcomeOf, shortModel, shortPath, tokensTotal, type Format, type Outcome } from "../logs/format.ts";
import type { RowPart } from "../logs/row-parts.ts";
import { verdictOf, type Verdict } from "../logs/verdict.ts";

/** Rows are narrow: limit on a text's characters. */
const TEXT_LIMIT = 40;

/** Shape and color, so that color isn't the only cue. */
export const OUTCOME_ICONS: Readonly<Record<Outcome, vscode.ThemeIcon>> = {
  success: new vscode.ThemeIcon("pass", new vscode.ThemeColor("charts.green")),
  error: new vscode.ThemeIcon("error", new vscode.ThemeColor("errorForeground")),
  cached: new vscode.ThemeIcon("zap", new vscode.ThemeColor("charts.blue")),
  blocked: new vscode.ThemeIcon("shield", new vscode.ThemeColor("list.warningForeground")),
  stopped: new vscode.ThemeIcon("shield", new vscode.ThemeColor("list.warningForeground")),
  masked: new vscode.ThemeIcon("eye-closed", new vscode.ThemeColor("charts.blue")),
  checked: new vscode.ThemeIcon("shield"),
};

/** Returns a log's outcome in a word. */
export function outcomeWord(outcome: Outcome): string {
  switch (outcome) {
    case "success":
      return vscode.l10n.t("succeeded");
    case "error":
      return vscode.l10n.t("failed");
    case "cached":
      return vscode.l10n.t("cached");
    case "blocked":
      return vscode.l10n.t("blocked by DLP");
    case "stopped":
      return vscode.l10n.t("blocked");
    case "masked":
      return vscode.l10n.t("masked");
    case "checked":
      return vscode.l10n.t("checked");
  }
}

/** Returns why a debugged program's call has no row, or none yet. */
export function rowlessWord(state: "waiting" | "missing"): string {
  return state === "waiting" ? vscode.l10n.t("waiting for the gateway") : vscode.l10n.t("not found after 60 s");
}

/** Returns a verdict in words. */
export function verdictWord(verdict: Verdict): string {
  return verdict === "up" ? vscode.l10n.t("up") : vscode.l10n.t("down");
}

/** Returns a log's rating, as short as possible. */
function ratingOf(log: Log, format: Format): string | undefined {
  const verdict = verdictOf(log);
  const mark = verdict && { up: "▲", down: "▼" }[verdict];
  const score = log.score === undefined ? undefined : format.count(log.score);
  return mark || score ? [mark, score].filter(Boolean).join(" ") : undefined;
}

function spokenRating(log: Log, format: Format): string[] {
  const verdict = verdictOf(log);
  const score = log.score === undefined ? [] : [vscode.l10n.t("score {0}", format.count(log.score))];
  return verdict ? [vscode.l10n.t("rated {0}", verdictWord(verdict)), ...score] : score;
}

/** Returns what the icon doesn't show: a code other than 200, whether a call was cached or blocked, what a guardrail did. */
function statusOf(log: Log): string | undefined {
  const outcome = outcomeOf(log);
  if (log.check || outcome === "blocked" || outcome === "cached") return outcomeWord(outcome);
  return outcome === "error" || log.statusCode !== 200 ? log.statusCode?.toString() : undefined;
}

function timeOf({ createdAt }: Log, format: Format, day: Day | undefined): string {
  const time = format.time(createdAt);
  if (day === undefined || format.calendar.dayOf(createdAt) === day) return time;
  return `${format.date(createdAt, new Date())} ${time}`;
}

function metadataPart(log: Log, name: string): string | undefined {
  if (!Object.hasOwn(log.metadata, name)) return undefined;
  return oneLine(`${name}: ${String(log.metadata[name])}`, TEXT_LIMIT);
}

/** Returns who made a call: a user, or a key with a sign that fonts have without colors, too. */
function callerOf({ user, key }: Log): string | undefined {
  return key === undefined ? short(user) : `⚷ ${oneLine(key, TEXT_LIMIT)}`;
}

function spokenCaller({ user, key }: Log): string[] {
  const { t } = vscode.l10n;
  if (key !== undefined) return [t("key {0}", oneLine(key))];
  return user === undefined ? [] : [t("user {0}", oneLine(user))];
}

/** Returns an endpoint's name, also of one that was deleted. */
function endpointOf({ endpoint }: Log): string | undefined {
  return endpoint === null ? vscode.l10n.t("deleted endpoint") : short(endpoint);
}

const short = (text: string | undefined) => text && oneLine(text, TEXT_LIMIT);

function partOf(log: Log, part: RowPart, format: Format, day: Day | undefined): string | undefined {
  const { t } = vscode.l10n;
  switch (part) {
    case "rating":
      return ratingOf(log, format);
    case "status":
      return statusOf(log);
    case "endpoint":
      return endpointOf(log);
    case "caller":
      return callerOf(log);
    case "time":
      return timeOf(log, format, day);
    case "model":
      return short(log.model);
    case "provider":
      return short(log.provider);
    case "path":
      return short(log.path);
    case "tokens": {
      const tokens = tokensTotal(log);
      if (tokens === undefined) return undefined;
      return tokens === 1 ? t("1 token") : t("{0} tokens", format.count(tokens));
    }
    case "cost":
      return log.costUsd === undefined ? undefined : format.cost(log.costUsd);
    case "duration":
      return log.durationMs === undefined ? undefined : format.duration(log.durationMs);
    case "step":
      return log.step === undefined ? undefined : t("step {0}", format.count(log.step));
    case "user_agent":
      return short(log.userAgent);
    default:
      return metadataPart(log, part.slice("meta.".length));
  }
}

function factsOf(log: Log, parts: readonly RowPart[], format: Format, day: Day | undefined): string[] {
  // A check has few parts.
  const ofLog = log.check ? [...parts.filter((part) => part !== "duration"), "duration" as const] : parts;
  return ofLog.flatMap((part) => partOf(log, part, format, day) || []);
}

/**
 * Returns the details next to a row's name: those parts that the log has. `day`: the row's group; a time on another day
 * includes its date.
 */
export function rowDescription(log: Log, parts: readonly RowPart[], format: Format, day?: Day): string {
  return factsOf(log, parts, format, day).join(" · ");
}

/** Returns a row's name: the shortest distinctive description of the call, or the name of the guardrail's check. */
export function rowLabel(log: Log): string {
  return oneLine([shortModel(log), shortPath(log)].filter(Boolean).join(" "), 80);
}

/** Returns a row for screen readers: unabbreviated, including what its icon shows. */
export function spokenRow(log: Log, parts: readonly RowPart[], format: Format, day?: Day): string {
  const named = log.check?.name ?? log.model ?? log.provider;
  const whole = [oneLine(named), ...(log.path ? [oneLine(log.path)] : []), outcomeWord(outcomeOf(log))];
  const spoken = [
    ...(parts.includes("rating") ? spokenRating(log, format) : []),
    ...(parts.includes("caller") ? spokenCaller(log) : []),
  ];
  const others = parts.filter((part) => part !== "rating" && part !== "caller" && !(log.check && part === "status"));
  return [...whole, ...spoken, ...factsOf(log, others, format, day)].join(", ");
}
