import * as vscode from "vscode";
import type { CallState } from "./core/lookup.ts";
import type { Log } from "../source/log.ts";
import { oneLine, outcomeOf, shortModel, type Format } from "../logs/format.ts";
import { outcomeWord, rowlessWord } from "../words/log-row.ts";

/** Formats a cost as briefly as possible: `$0.0021`. */
export const shortCost = (usd: number, format: Format): string => format.cost(usd).replace(/0{1,4}$/, "");

function tokensWord({ tokensIn, tokensOut }: Log, format: Format): string | undefined {
  if (tokensIn === undefined && tokensOut === undefined) return undefined;
  const word = (count: number | undefined) => (count === undefined ? "?" : format.count(count));
  return vscode.l10n.t("{0} → {1} tokens", word(tokensIn), word(tokensOut));
}

/** Returns a status for a line: the code, and a word if the code isn't enough. */
export function statusWord(log: Log): string {
  const outcome = outcomeOf(log);
  const isPlain = log.statusCode !== undefined && (outcome === "success" || outcome === "error");
  return [log.statusCode?.toString(), isPlain ? undefined : outcomeWord(outcome)].filter(Boolean).join(" ");
}

/** Returns a log in one line, without unknown parts: `gpt-4o · 200 · 1,234 → 98 tokens · $0.0021 · 842 ms`. */
export function summaryOf(log: Log, format: Format): string {
  const cost = log.costUsd === undefined ? undefined : shortCost(log.costUsd, format);
  const duration = log.durationMs === undefined ? undefined : format.duration(log.durationMs);
  const parts = [oneLine(shortModel(log), 60), statusWord(log), tokensWord(log, format), cost, duration];
  return parts.filter(Boolean).join(" · ");
}

/** Returns the state of a call in one line. */
export function stateWord(state: CallState, format: Format): string {
  return state.type === "known" ? summaryOf(state.log, format) : rowlessWord(state.type);
}
