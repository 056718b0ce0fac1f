import { ExactNumber, keepSpelling } from "./exact-number.ts";
import { endOfString } from "./json-string.ts";

/** What Python and others write into JSON for numbers that it does not have; in a string it says nothing. */
const TOKEN = /"|\bNaN\b|\bInfinity\b/g;
/** Stands for a NaN while JSON is parsed: in a text that holds it, none is read. */
const MARK = "\uE000NaN\uE000";
/** Stands for Infinity: a number too large for a double is read as infinite. */
const INFINITE = "1e999";

/**
 * The value of JSON with `NaN`, `Infinity` and `-Infinity` in it, as Python's `json.dumps` writes them; undefined where it has none of
 * them. `parse` reads the JSON that it is without them, and gives a value that is nested no deeper than its callers can walk.
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
