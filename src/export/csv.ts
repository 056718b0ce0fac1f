import type { ExportFormat } from "./format.ts";
import { COLUMNS, redactLog, rowOf } from "./row.ts";

/** What a spreadsheet would read as a formula, and run: recorded text comes from anybody. */
const FORMULA = /^[=+\-@\t\r]/;

/** A value of a table. */
export type CellValue = string | number | boolean | null | object;

function cell(value: CellValue): string {
  if (value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "object") return Object.keys(value).length === 0 ? "" : quoted(JSON.stringify(value));
  return quoted(FORMULA.test(value) ? `'${value}` : value);
}

const quoted = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A line of a table (RFC 4180): objects as JSON, an empty cell for null; a text that begins like a formula has a ' before it. */
export const csvLine = (values: readonly CellValue[]): string => `${values.map(cell).join(",")}\r\n`;

/**
 * A table for spreadsheets (RFC 4180): a header, the columns of `rowOf`, metadata as JSON, an empty cell where a log does not say. A text
 * that begins like a formula has a ' before it, which spreadsheets show as text; for programs there is JSON Lines.
 */
export const csv: ExportFormat = {
  ending: ".csv",
  bodies: "never",
  head: csvLine(COLUMNS),
  entry({ gateway, log }, redaction) {
    const row = rowOf(gateway, redactLog(log, redaction));
    return csvLine(COLUMNS.map((column) => row[column]));
  },
};
