import type { ExportFormat } from "./format.ts";
import { COLUMNS, redactLog, rowOf } from "./row.ts";

/** A cell's value. */
export type CellValue = string | number | boolean | null | object;

/**
 * The start of a formula at the start of a cell: at the start of a text, and after anything that could end a cell with
 * another list separator or without quotes. Spaces, quotes and invisible characters may precede it. Includes full-width
 * and small forms and the minus sign, which East Asian spreadsheets accept.
 */
const FORMULA =
  /[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212](?<=(?:^|[\p{Cc}\u2028\u2029,;|])[\p{Zs}\p{Cf}\p{Default_Ignorable_Code_Point}"]*.)/gu;

/** A JSON string, with its quotes. */
const JSON_STRING = /"(?:[^"\\]|\\.)*"/g;

/** JSON with formula characters in escaped form, which has the same meaning. */
const json = (value: object): string =>
  JSON.stringify(value).replace(JSON_STRING, (string) =>
    string.replace(FORMULA, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );

function cell(value: CellValue): string {
  if (value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "object") return Object.keys(value).length === 0 ? "" : quoted(json(value));
  // Some programs drop a leading tab or line break, others treat it as the start of a formula.
  return quoted(value.replace(FORMULA, "'$&").replace(/^[\t\r\n]/, "'$&"));
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/**
 * Returns a line of a table (RFC 4180): texts in quotes, objects as JSON, null as an empty cell. A ' precedes text, or
 * part of it that could be taken for a cell, that would be a formula.
 */
export const csvLine = (values: readonly CellValue[]): string => `${values.map(cell).join(",")}\r\n`;

/**
 * A table for spreadsheets (RFC 4180): a header, the columns of `rowOf`, metadata as JSON, empty cells for missing
 * values. A ' precedes text that starts like a formula, so that spreadsheets show it as text; JSON Lines is for
 * programs.
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
