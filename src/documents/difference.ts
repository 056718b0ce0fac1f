import * as vscode from "vscode";
import type { Log } from "../source/log.ts";
import type { Format } from "../logs/format.ts";

/** Returns a difference with its sign; undefined if either number is unknown. */
function signed(older: number | undefined, newer: number | undefined, write: (amount: number) => string) {
  if (older === undefined || newer === undefined) return undefined;
  const sign = newer > older ? "+" : newer < older ? "−" : "±";
  return `${sign}${write(Math.abs(newer - older))}`;
}

/**
 * Returns the change between two logs: `+120 in · −8 out · +$0.002100 · −340 ms`. Empty if nothing is known of both.
 */
export function differenceOf(older: Log, newer: Log, format: Format): string {
  const { t } = vscode.l10n;
  const tokensIn = signed(older.tokensIn, newer.tokensIn, (amount) => format.count(amount));
  const tokensOut = signed(older.tokensOut, newer.tokensOut, (amount) => format.count(amount));
  return [
    tokensIn && t("{0} in", tokensIn),
    tokensOut && t("{0} out", tokensOut),
    signed(older.costUsd, newer.costUsd, (amount) => format.cost(amount)),
    signed(older.durationMs, newer.durationMs, (amount) => format.duration(amount)),
  ]
    .filter(Boolean)
    .join(" · ");
}
