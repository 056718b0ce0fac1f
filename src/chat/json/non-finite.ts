import { ExactNumber, keepSpelling } from "./exact-number.ts";
import { endOfString } from "./json-string.ts";

/** Python and others write these for numbers that JSON lacks. Within a string they're text. */
const TOKEN = /"|\bNaN\b|\bInfinity\b/g;
/** Marks a NaN during parsing. A text that already holds the mark is rejected. */
const MARK = "\uE000NaN\uE000";
/** Parses as Infinity, because it exceeds the largest double. */
const INFINITE = "1e999";

/**
 * Parses JSON with `NaN`, `Infinity` and `-Infinity`, as Python's `json.dumps` writes them; undefined if it has none.
 * `parse` parses the JSON without them, and must limit nesting to what callers can walk.
 */
export function parseNonFinite(text: string, parse: (json: string) => unknown): unknown {
  if (!(text.includes("NaN") || text.includes("Infinity")) || text.includes(MARK)) return undefined;
  const pieces: string[] = [];
  let done = 0;
  const token = new RegExp(TOKEN);
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (found[0] === '"') {
      const end = endOfString(text, found.index + 1);
      if (end === -1) return undefined;
      token.lastIndex = end + 1;
      continue;
    }
    pieces.push(text.slice(done, found.index), found[0] === "NaN" ? `"${MARK}"` : INFINITE);
    done = token.lastIndex;
  }
  return pieces.length === 0 ? undefined : withNaN(parse(pieces.join("") + text.slice(done)));
}

function withNaN(value: unknown): unknown {
  if (value === MARK) return Number.NaN;
  if (value instanceof ExactNumber) return value.digits.endsWith(INFINITE) ? value.valueOf() : value;
  if (Array.isArray(value)) return keepSpelling(value, value.map(withNaN));
  if (typeof value !== "object" || value === null) return value;
  // fromEntries defines properties, so that a recorded "__proto__" stays a plain key.
  return keepSpelling(value, Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withNaN(one)])));
}
