import { endOfString, isEscaped } from "./json-string.ts";
import { parseJson } from "./json.ts";

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_RECORD = 123;
const CLOSE_RECORD = 125;

/** Position before an enumerated string: half of it would be another value. */
const WORD = /"(?:type|role|object|status|\w*[rR]eason)"[ \t\r\n]*:[ \t\r\n]*$/;

/**
 * Parses a truncated JSON object or array: strings as far as they go, everything else only if complete (half a number
 * would be another number, half a type another type). Returns undefined if the text isn't the beginning of one. Takes
 * linear time.
 */
export function parsePartialJson(text: string): unknown {
  const closers: string[] = [];
  // Up to here, closing all open brackets makes valid JSON. Every opening or closing bracket moves it, so the closers
  // always match.
  let safe = 0;
  // Start of the token after the last bracket, string, comma or colon.
  let token = 0;
  let isKey = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at + 1);
        if (end === -1) {
          if (closers.length === 0) return undefined;
          if (isKey) return isCutToken(text.slice(token, at), true) ? closed(text, safe, "", closers) : undefined;
          if (WORD.test(text.slice(Math.max(0, at - 40), at))) return closed(text, safe, "", closers);
          return closed(text, endOfWhole(text, at + 1), '"', closers);
        }
        at = end;
        token = at + 1;
        if (!isKey) safe = at + 1;
        break;
      }
      case OPEN_RECORD:
      case OPEN_LIST:
        isKey = text.charCodeAt(at) === OPEN_RECORD;
        closers.push(isKey ? "}" : "]");
        token = at + 1;
        safe = at + 1;
        break;
      case CLOSE_RECORD:
      case CLOSE_LIST:
        closers.pop();
        if (closers.length === 0) return undefined;
        isKey = false;
        token = at + 1;
        safe = at + 1;
        break;
      case COMMA:
        if (closers.length === 0) return undefined;
        safe = at;
        token = at + 1;
        isKey = closers.at(-1) === "}";
        break;
      case COLON:
        token = at + 1;
        isKey = false;
    }
  }
  return closers.length > 0 && isCutToken(text.slice(token), isKey) ? closed(text, safe, "", closers) : undefined;
}

/** Whether a text is the beginning of a number or a word; before a key, only whether it's empty. */
function isCutToken(text: string, isKey: boolean): boolean {
  const token = text.trim();
  if (token === "" || isKey) return token === "";
  return /^-?[\d.eE+-]*$/.test(token) || ["true", "false", "null"].some((word) => word.startsWith(token));
}

function closed(text: string, end: number, quote: string, closers: string[]): unknown {
  return parseJson(text.slice(0, end) + quote + closers.toReversed().join(""));
}

/**
 * Returns the end of the last complete character of a truncated string: no half escape, surrogate pair or byte
 * sequence.
 */
function endOfWhole(text: string, start: number): number {
  let end = text.length;
  const escape = text.lastIndexOf("\\");
  if (escape >= start && !isEscaped(text, escape, start) && /^\\(?:u[\da-f]{0,3})?$/i.test(text.slice(escape, end))) {
    end = escape;
  }
  while (end > start && text.charAt(end - 1) === "\uFFFD") end--;
  if (end > start && /[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end--;
  const pair = end - 6;
  const isHalf = pair >= start && /^\\ud[89ab][\da-f]{2}$/i.test(text.slice(pair, end));
  return isHalf && !isEscaped(text, pair, start) ? pair : end;
}
