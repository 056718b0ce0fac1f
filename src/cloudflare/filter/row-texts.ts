import type { Log } from "../schema.ts";

/*
 * A row's caller-written texts, which may have any length, and the length that a log keeps. Separate from the schema,
 * so that code loaded at activation can use it without a parser.
 */

/** Limit on each text's characters, by field with its wire key: more than a row or a page shows. */
const KEPT = {
  provider: ["provider", 512],
  path: ["path", 2048],
  model: ["model", 512],
  modelType: ["model_type", 512],
  requestType: ["request_type", 512],
  requestContentType: ["request_content_type", 512],
  responseContentType: ["response_content_type", 512],
  dlpAction: ["dlp_action", 512],
  userAgent: ["user_agent", 512],
} as const;

const KEPT_FIELDS = Object.entries(KEPT);

/** Truncates a text to `length` with "…", without splitting a character. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…` : text;
}

/** Returns a row's text, truncated as a log keeps it. */
export function keptOf(row: Record<string, unknown>, field: keyof typeof KEPT): string | undefined {
  const [key, length] = KEPT[field];
  const text = row[key];
  return typeof text === "string" ? cut(text, length) : undefined;
}

/** Returns the log with the API's full texts; the log itself if none is truncated. */
export function asRecorded<L extends Pick<Log, "raw">>(log: L): L {
  let whole: L | undefined;
  for (const [field, [key, length]] of KEPT_FIELDS) {
    const text = log.raw[key];
    if (typeof text !== "string" || text.length <= length) continue;
    whole ??= { ...log };
    Object.assign(whole, { [field]: text });
  }
  return whole ?? log;
}
