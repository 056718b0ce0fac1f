import { BEFORE, isSecretAt } from "../../logs/secret-context.ts";
import { isShapedId, placedIds } from "../../logs/wanted.ts";

/** An id that a program has shown. `sure`: under a name that only the gateway's ids have; else it may be anything's. */
export type SeenId = { id: string; sure: boolean };

/** Colours and links of terminals: what an id is printed in is no part of it. */
// oxlint-disable-next-line no-control-regex
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\))/g;
/** What stands before every id that has a name: found first, since it is quick to look for. */
const NAME = /aig[-_](?:log|event|request)[-_]id|(?:log|event)_?id/i;
/** Characters that may belong to what comes next: a name with its value, or a part of an id. */
const TAIL = 512;
/** What is kept of the text before is cut down to what is needed when it gets longer than this: to cut it for each line takes long. */
const MOST_BEFORE = 20 * BEFORE;
/** The shortest id: of so many characters one after the other, one is looked at. */
const SHORTEST = 26;

/** Which characters of ASCII fit, to be asked quickly. */
const tableOf = (pattern: RegExp): Uint8Array =>
  Uint8Array.from({ length: 128 }, (_, code) => Number(pattern.test(String.fromCharCode(code))));

const TOKEN = tableOf(/[\w-]/);
/** What ends a word for sure: no id goes on after it. */
const BREAK = tableOf(/[\s"'`,;&|<>{}()[\]\\]/);

const isInToken = (text: string, at: number): boolean => TOKEN[text.charCodeAt(at)] === 1;

/** What has the shape of an id, and where it begins. Only every 26th character is looked at, and the word around it. */
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
    // The next place is counted from the end of the word, which may be long.
    at = end - 1;
  }
  return found;
}

/** Where the word at the end of a text begins, to which more may come; the length of the text when it has ended. */
function lastWord(text: string): number {
  const least = Math.max(0, text.length - TAIL);
  let start = text.length;
  while (start > least && BREAK[text.charCodeAt(start - 1)] !== 1) start--;
  // A sequence of a terminal that is cut.
  const cut = text.lastIndexOf("\u001b");
  return cut >= least ? Math.min(cut, start) : start;
}

/**
 * Finds ids in a text that comes piece by piece, wherever it is cut, and however it is coloured. A piece is looked at once: of those
 * before it only the word at their end is looked at again, and a name that waits for its value. What is a secret by its name or its form
 * is none of them.
 */
export class IdScanner {
  #tail = "";
  /** What stands before the tail: it may say that an id is a secret. */
  #before = "";

  /** The ids that are whole with this piece. */
  scan(piece: string): SeenId[] {
    const text = withoutColours(this.#tail + piece);
    const end = lastWord(text);
    const whole = end === text.length ? text : text.slice(0, end);
    const before = this.#before;
    if (!NAME.test(whole)) {
      this.#keep(text, end);
      const isSecret = (start: number, length: number): boolean => {
        const near = start < BEFORE ? before.slice(start - BEFORE) : "";
        return isSecretAt(near + text, near.length + start, near.length + start + length);
      };
      return shapedIds(whole).flatMap(({ id, start }) => (isSecret(start, id.length) ? [] : [{ id, sure: false }]));
    }
    const found = placedIds(whole, before);
    const named = found.at(-1)?.end ?? 0;
    const waits = NAME.test(whole.slice(Math.max(named, whole.length - TAIL)));
    this.#keep(text, waits ? Math.max(named, text.length - TAIL) : end);
    return found.map(({ id, sure }) => ({ id, sure }));
  }

  /** The ids that nothing will be added to: the program has stopped. */
  flush(): SeenId[] {
    const [text, before] = [this.#tail, this.#before];
    this.#keep(text, text.length);
    return placedIds(text, before).map(({ id, sure }) => ({ id, sure }));
  }

  /** Keeps a text for the next piece from a place on, and what it needs of that before. */
  #keep(text: string, from: number): void {
    this.#tail = text.slice(from);
    const before = this.#before + text.slice(0, from);
    this.#before = before.length > MOST_BEFORE ? before.slice(-BEFORE) : before;
  }
}

const withoutColours = (text: string): string => (text.includes("\u001b") ? text.replace(ANSI, "") : text);
