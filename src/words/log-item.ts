import type * as vscode from "vscode";
import type { Log } from "../source/log.ts";
import { outcomeOf, plain, type Format } from "../logs/format.ts";
import { OUTCOME_ICONS, rowDescription, rowLabel } from "./log-row.ts";
import type { RowPart } from "../logs/row-parts.ts";

export type LogItem = vscode.QuickPickItem & { log: Log };

/** A log in a list to choose from, as the tree shows it. */
export const logItem = (log: Log, parts: readonly RowPart[], format: Format): LogItem => ({
  label: plain(rowLabel(log)),
  description: plain(rowDescription(log, parts, format, format.calendar.dayOf(new Date()))),
  iconPath: OUTCOME_ICONS[outcomeOf(log)],
  log,
});
