import type { ExportFormat } from "./format.ts";
import { COLUMNS, redactLog, rowOf } from "./row.ts";

/** A value of a table. */
export type CellValue = string | number | boolean | null | object;

/**
 * A mark with which a formula begins, where a cell begins: at the start of a text, and behind what is taken for the end of a cell where the
 * list separator is another or quotes mean nothing. Spaces, quotes and what is invisible may stand before it. Full-width and small forms
 * and the minus sign count: spreadsheets of East Asian languages read them as the marks.
 */
const FORMULA =
  /[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212](?<=(?:^|[\p{Cc}\u2028\u2029,;|])[\p{Zs}\p{Cf}\p{Default_Ignorable_Code_Point}"]*.)/gu;

/** A string in JSON, with its quotes. */
const JSON_STRING = /"(?:[^"\\]|\\.)*"/g;

/** JSON in which the marks are their own escapes, so that it says the same. */
const json = (value: object): string =>
  JSON.stringify(value).replace(JSON_STRING, (string) =>
    string.replace(FORMULA, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );

function cell(value: CellValue): string {
  if (value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "object") return Object.keys(value).length === 0 ? "" : quoted(json(value));
  // Some drop a tab or a line break at the start, others take it for the mark of a formula.
  return quoted(value.replace(FORMULA, "'$&").replace(/^[\t\r\n]/, "'$&"));
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/**
 * A line of a table (RFC 4180): every text in quotes, objects as JSON, an empty cell for null. A mark with which a text, or a part of it
 * that could be taken for a cell, would be a formula has a ' before it.
 */
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
