import { bodyText } from "./body-text.ts";
import type { ExportFormat } from "./format.ts";
import { redactLog, rowOf } from "./row.ts";

const whole = (_key: string, item: unknown): unknown => (typeof item === "string" ? item.toWellFormed() : item);

/** Returns JSON on one line. A lone surrogate, which databases reject, becomes �. */
export function jsonLine(value: object): string {
  const line = JSON.stringify(value);
  const isWhole = !/\\ud[89a-f]/.test(line);
  return `${isWhole ? line : JSON.stringify(value, whole)}\n`;
}

/**
 * One JSON object per line, for databases: the columns of `rowOf`, and optionally both bodies as text with their
 * encoding: "utf-8", or "base64" for bytes.
 */
export const jsonLines: ExportFormat = {
  ending: ".jsonl",
  bodies: "optional",
  entry({ gateway, log, exchange }, redaction) {
    const row = rowOf(gateway, redactLog(log, redaction));
    if (!exchange) return jsonLine(row);
    const [request, response] = [exchange.request, exchange.response].map((body) => bodyText(body, redaction));
    return jsonLine({
      ...row,
      request: request?.text ?? null,
      request_encoding: request?.encoding ?? null,
      response: response?.text ?? null,
      response_encoding: response?.encoding ?? null,
    });
  },
};
