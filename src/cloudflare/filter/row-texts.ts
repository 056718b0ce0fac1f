import type { Log } from "../schema.ts";

/*
 * The texts of a row that its caller wrote, of any length, and how much of them a log keeps. Apart from the schema, so that what is loaded at
 * activation can read them without a parser.
 */

/** Characters that a log keeps of each of these texts, by field with its key on the wire: more than a row or a page shows of them. */
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

/** A text, or where it is longer than `length` its beginning, not half a character, with "…". */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…` : text;
}

/** A text of a row as a log keeps it. */
export function keptOf(row: Record<string, unknown>, field: keyof typeof KEPT): string | undefined {
  const [key, length] = KEPT[field];
  const text = row[key];
  return typeof text === "string" ? cut(text, length) : undefined;
}

/** The log with all texts as the API gave them, of any length; itself where none is cut. */
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
