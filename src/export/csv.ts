import type { Metadata } from "../cloudflare/schema.ts";
import type { ExportFormat } from "./format.ts";
import { COLUMNS, redactLog, rowOf } from "./row.ts";

/** What a spreadsheet would read as a formula, and run: recorded text comes from anybody. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | number | boolean | null | Metadata): string {
  if (value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "object") return Object.keys(value).length === 0 ? "" : quoted(JSON.stringify(value));
  return quoted(FORMULA.test(value) ? `'${value}` : value);
}

const quoted = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * A table for spreadsheets (RFC 4180): a header, the columns of `rowOf`, metadata as JSON, an empty cell where a log does not say. A text
 * that begins like a formula has a ' before it, which spreadsheets show as text; for programs there is JSON Lines.
 */
export const csv: ExportFormat = {
  ending: ".csv",
  bodies: "never",
  head: `${COLUMNS.join(",")}\r\n`,
  entry({ gateway, log }, redaction) {
    const row = rowOf(gateway, redactLog(log, redaction));
    return `${COLUMNS.map((column) => cell(row[column])).join(",")}\r\n`;
  },
};
