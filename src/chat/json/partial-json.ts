import { endOfString, isEscaped } from "./json-string.ts";
import { parseJson } from "./json.ts";

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_RECORD = 123;
const CLOSE_RECORD = 125;

/** Where a text begins that is one of a few words: half of it is none of them. */
const WORD = /"(?:type|role|object|status|\w*[rR]eason)"[ \t\r\n]*:[ \t\r\n]*$/;

/**
 * What is there of a JSON object or array whose end is missing: texts as far as they go, everything else only when it
 * is whole (half a number would be another number, half a type another type). undefined where the text is no beginning of such a document.
 * Takes time in proportion to the length.
 */
export function parsePartialJson(text: string): unknown {
  const closers: string[] = [];
  // Up to here all that is open can simply be closed. What opens or closes moves it, so the closers always fit.
  let safe = 0;
  // Where the token after the last bracket, text, comma or colon begins.
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

/** True for the beginning of a number or a word, and for nothing at all, which is all that may stand before a key. */
function isCutToken(text: string, isKey: boolean): boolean {
  const token = text.trim();
  if (token === "" || isKey) return token === "";
  return /^-?[\d.eE+-]*$/.test(token) || ["true", "false", "null"].some((word) => word.startsWith(token));
}

function closed(text: string, end: number, quote: string, closers: string[]): unknown {
  return parseJson(text.slice(0, end) + quote + closers.toReversed().join(""));
}

/** Where the last whole character of a cut string ends: no half escape, no half of a pair, no half-decoded byte. */
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
