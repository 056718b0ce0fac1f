import { BEFORE, isSecretAt } from "../../logs/secret-context.ts";
import { isShapedId, type LogIds } from "../../logs/log-ids.ts";

/** An ID shown by a program. `sure`: under a name of the gateway's IDs; otherwise, it may be any ID. */
export type SeenId = { id: string; sure: boolean };

/** Terminal colors and links: escape sequences around an ID aren't part of it. */
// oxlint-disable-next-line no-control-regex
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\))/g;
/** Maximum length of an unfinished part: a name with its value, or the start of an ID. */
const TAIL = 512;
/** Length above which the kept text is truncated to the needed part: truncating at each line would be slow. */
const MOST_BEFORE = 20 * BEFORE;
/** Length of the shortest ID: one character per this many is tested. */
const SHORTEST = 26;

/** Returns a table of the matching ASCII characters, for quick tests. */
const tableOf = (pattern: RegExp): Uint8Array =>
  Uint8Array.from({ length: 128 }, (_, code) => Number(pattern.test(String.fromCharCode(code))));

const TOKEN = tableOf(/[\w-]/);
/** Characters that certainly end a word and an ID. */
const BREAK = tableOf(/[\s"'`,;&|<>{}()[\]\\]/);

const isInToken = (text: string, at: number): boolean => TOKEN[text.charCodeAt(at)] === 1;

/**
 * Finds the words in the format of an ID, with their offsets. Tests only every 26th character, and the word around it.
 */
function shapedIds(text: string): { id: string; start: number }[] {
  const found: { id: string; start: number }[] = [];
  for (let at = SHORTEST - 1; at < text.length; at += SHORTEST) {
    if (!isInToken(text, at)) continue;
    let start = at;
    while (start > 0 && isInToken(text, start - 1)) start--;
    let end = at + 1;
    while (isInToken(text, end)) end++;
    const length = end - start;
    if (length === 26 || length === 36 || length === 64) {
      const id = text.slice(start, end);
      if (isShapedId(id)) found.push({ id, start });
    }
    // Continue from the end of the word, which may be long.
    at = end - 1;
  }
  return found;
}

/** Returns the offset of the unfinished word at the end of a text, or the text's length if there is none. */
function lastWord(text: string): number {
  const least = Math.max(0, text.length - TAIL);
  let start = text.length;
  while (start > least && BREAK[text.charCodeAt(start - 1)] !== 1) start--;
  // A truncated escape sequence.
  const cut = text.lastIndexOf("\u001b");
  return cut >= least ? Math.min(cut, start) : start;
}

/**
 * Finds IDs in a text that arrives in pieces, split anywhere, and with any colors. Each piece is scanned once: of the
 * earlier ones, only the last word and a name without its value yet are scanned again. Excludes secrets, by name or
 * format.
 */
export class IdScanner {
  readonly #ids: LogIds;
  /** The names of IDs: a quick first test. */
  readonly #name: RegExp;
  #tail = "";
  /** The text before the tail: it may mark an ID as a secret. */
  #before = "";

  constructor(ids: LogIds) {
    this.#ids = ids;
    this.#name = new RegExp(`${ids.names.headers.source}|(?:log|event)_?id`, "i");
  }

  /** Returns the IDs completed by this piece. */
  scan(piece: string): SeenId[] {
    const text = withoutColours(this.#tail + piece);
    const end = lastWord(text);
    const whole = end === text.length ? text : text.slice(0, end);
    const before = this.#before;
    if (!this.#name.test(whole)) {
      this.#keep(text, end);
      const isSecret = (start: number, length: number): boolean => {
        const near = start < BEFORE ? before.slice(start - BEFORE) : "";
        return isSecretAt(near + text, near.length + start, near.length + start + length);
      };
      return shapedIds(whole).flatMap(({ id, start }) => (isSecret(start, id.length) ? [] : [{ id, sure: false }]));
    }
    const found = this.#ids.locate(whole, before);
    const named = found.at(-1)?.end ?? 0;
    const waits = this.#name.test(whole.slice(Math.max(named, whole.length - TAIL)));
    this.#keep(text, waits ? Math.max(named, text.length - TAIL) : end);
    return found.map(({ id, sure }) => ({ id, sure }));
  }

  /** Returns the remaining IDs: the program has stopped. */
  flush(): SeenId[] {
    const [text, before] = [this.#tail, this.#before];
    this.#keep(text, text.length);
    return this.#ids.locate(text, before).map(({ id, sure }) => ({ id, sure }));
  }

  /** Keeps the text from an offset on for the next piece, and the needed context before it. */
  #keep(text: string, from: number): void {
    this.#tail = text.slice(from);
    const before = this.#before + text.slice(0, from);
    this.#before = before.length > MOST_BEFORE ? before.slice(-BEFORE) : before;
  }
}

const withoutColours = (text: string): string => (text.includes("\u001b") ? text.replace(ANSI, "") : text);
