import { type JsonRecord, isEmpty, isRecord, parseJson } from "../json.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_RECORD = 123;
const CLOSE_RECORD = 125;

/**
 * The arguments of a streamed call as they have come so far: JSON in pieces, or (some servers) objects. A piece is the
 * next one, or repeats all so far, or is the whole once more.
 */
export class SpelledArguments {
  #text = "";
  #given: unknown;
  /** The text begins as an object does; the text itself is in pieces, which to look into makes one of each time. */
  #isObject = false;
  /** Pieces in which the end of the object was not looked for yet. */
  #unseen: string[] = [];
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  /** Nothing was said of them yet. */
  get isEmpty(): boolean {
    return this.#text === "" && this.#given === undefined;
  }

  /** An object was begun in text, and more of it must come. */
  get isOpen(): boolean {
    if (!this.#isObject) return false;
    for (const piece of this.#unseen) this.#look(piece);
    this.#unseen = [];
    return this.#depth > 0;
  }

  /**
   * True where a piece can belong to these: it goes on, or repeats them. `isNamed`: it names the call once more;
   * `isSure`: it has the id of the call.
   */
  takes(said: unknown, isNamed: boolean, isSure: boolean): boolean {
    if (this.isEmpty || isEmpty(said)) return true;
    if (isRecord(said)) return this.isOpen || this.#takesObject(said, isNamed, isSure);
    if (!beginsObject(said) || !(this.#isObject || isRecord(this.#given)) || this.isOpen) return true;
    // Behind an object that is whole there is no other, unless it was empty to begin with.
    const whole = this.#value();
    if (isEmpty(whole) && (!isNamed || isSure)) return true;
    const again = parseJson(said);
    return isExtended(whole, again) && isExtended(again, whole);
  }

  #takesObject(said: JsonRecord, isNamed: boolean, isSure: boolean): boolean {
    const before = this.#value();
    if (!isRecord(before) || (isExtended(before, said) && !isEmpty(before))) return true;
    const isFitting = Object.keys(said).every((key) => !(key in before) || isExtended(before[key], said[key]));
    return isFitting && (!isNamed || isSure);
  }

  /** Adds what a piece says, if these take it. */
  add(said: unknown): void {
    if (said === undefined || said === null || said === "") return;
    if (typeof said !== "string") {
      this.#given = isRecord(this.#given) && isRecord(said) ? merged(this.#given, said) : said;
      return;
    }
    if (this.#repeats(said)) {
      this.#text = "";
      this.#unseen = [];
      [this.#depth, this.#isInString, this.#isEscaped] = [0, false, false];
    }
    if (!this.#isObject) this.#isObject = beginsObject(this.#text + said);
    this.#text += said;
    this.#unseen.push(said);
  }

  #repeats(said: string): boolean {
    if (!this.#isObject || !beginsObject(said)) return false;
    return (said.length >= this.#text.length && said.startsWith(this.#text)) || !this.isOpen;
  }

  /** As a message's call has them: the text, unless they came as an object. */
  whole(): unknown {
    if (this.#given === undefined || (this.#text !== "" && isEmpty(this.#given))) return this.#text;
    const spelled = this.#text === "" ? undefined : parseJson(this.#text);
    if (isRecord(this.#given) && isRecord(spelled)) return merged(this.#given, spelled);
    return spelled === undefined ? this.#given : this.#text;
  }

  #value(): unknown {
    return this.#text === "" ? this.#given : parseJson(this.#text);
  }

  #look(piece: string): void {
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (this.#isEscaped) this.#isEscaped = false;
      else if (this.#isInString) {
        if (code === QUOTE) this.#isInString = false;
        else if (code === BACKSLASH) this.#isEscaped = true;
      } else if (code === QUOTE) this.#isInString = true;
      else if (code === OPEN_RECORD) this.#depth++;
      else if (code === CLOSE_RECORD) this.#depth--;
    }
  }
}

/** True where a text begins as a JSON object does. */
export function beginsObject(said: unknown): said is string {
  return typeof said === "string" && /^\s*\{/.test(said);
}

/** True where `after` says all that `before` says, and maybe more. */
function isExtended(before: unknown, after: unknown): boolean {
  if (typeof before === "string" && typeof after === "string") return after.startsWith(before);
  if (Array.isArray(before) && Array.isArray(after)) {
    const list: unknown[] = after;
    return before.every((one, index) => isExtended(one, list[index]));
  }
  if (!isRecord(before) || !isRecord(after)) return before === after;
  return Object.keys(before).every((key) => key in after && isExtended(before[key], after[key]));
}

function merged(before: JsonRecord, after: JsonRecord): JsonRecord {
  const whole = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(after)) {
    const own = whole.get(key);
    whole.set(key, isRecord(own) && isRecord(value) ? merged(own, value) : value);
  }
  return Object.fromEntries(whole);
}
