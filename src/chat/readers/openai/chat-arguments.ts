import { type JsonRecord, isEmpty, isRecord, parseJson } from "../../json/json.ts";
import { SpelledText } from "../../spelled-text.ts";

const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_RECORD = 123;
const CLOSE_RECORD = 125;

/**
 * The arguments of a streamed call so far: JSON in pieces, or (some servers) objects. A piece continues the text,
 * repeats all of it and continues, or is the whole once more.
 */
export class SpelledArguments {
  #text = new SpelledText();
  /** End of the object if each piece continues the text, and if the last piece is all of it. */
  #end = new ObjectEnd();
  #lastEnd = new ObjectEnd();
  #given: unknown;

  /** Whether there are no arguments yet. */
  get isEmpty(): boolean {
    return this.#text.joined === "" && this.#given === undefined;
  }

  /** Whether an object was begun as text and is incomplete. */
  get isOpen(): boolean {
    const isLast = this.#text.soFar !== undefined && !this.#lastEnd.isPassed;
    return isLast ? this.#lastEnd.isOpen : this.#end.isOpen;
  }

  /**
   * Whether a piece can belong to these arguments: it continues or repeats them. `isNamed`: the piece repeats the
   * call's name. `isSure`: it has the call's ID.
   */
  takes(said: unknown, isNamed: boolean, isSure: boolean): boolean {
    if (this.isEmpty || isEmpty(said)) return true;
    if (isRecord(said)) return this.isOpen || this.#takesObject(said, isNamed, isSure);
    if (!beginsObject(said) || !(this.#end.isObject || isRecord(this.#given)) || this.isOpen) return true;
    // No object follows a complete one, unless the first was empty.
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

  /** Adds a piece, if it belongs to these arguments. */
  add(said: unknown): void {
    if (said === undefined || said === null || said === "") return;
    if (typeof said !== "string") {
      this.#given = isRecord(this.#given) && isRecord(said) ? merged(this.#given, said) : said;
      return;
    }
    if (beginsObject(said) && this.#end.isObject && !this.isOpen) {
      this.#text = new SpelledText();
      this.#end = new ObjectEnd();
    }
    this.#text.add(said);
    this.#end.add(said);
    if (this.#text.soFar === undefined) return;
    this.#lastEnd = new ObjectEnd();
    this.#lastEnd.add(said);
  }

  /** Returns the arguments as a message's call has them: text, unless they came as an object. */
  whole(): unknown {
    const { soFar, joined } = this.#text;
    if (this.#given === undefined || (joined !== "" && isEmpty(this.#given))) {
      return soFar !== undefined && parseJson(joined) === undefined ? soFar : joined;
    }
    const spelled = joined === "" ? undefined : this.#spelled();
    if (isRecord(this.#given) && isRecord(spelled)) return merged(this.#given, spelled);
    return spelled === undefined ? this.#given : joined;
  }

  #value(): unknown {
    return this.#text.joined === "" ? this.#given : this.#spelled();
  }

  #spelled(): unknown {
    const { soFar, joined } = this.#text;
    return parseJson(joined) ?? (soFar === undefined ? undefined : parseJson(soFar));
  }
}

/** Detects the end of a JSON object that comes in pieces. */
class ObjectEnd {
  #isObject: boolean | undefined;
  /** Pieces not scanned yet; usually none ever needs to be. */
  #unseen: string[] = [];
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isBegun = false;
  #isPassed = false;

  /** Whether the text begins with an object. */
  get isObject(): boolean {
    return this.#isObject === true;
  }

  get isOpen(): boolean {
    this.#lookAtAll();
    return this.isObject && this.#depth > 0;
  }

  /** Whether text follows the object's end. */
  get isPassed(): boolean {
    this.#lookAtAll();
    return this.#isPassed;
  }

  add(piece: string): void {
    if (this.#isObject === undefined && piece.trim() !== "") this.#isObject = beginsObject(piece);
    this.#unseen.push(piece);
  }

  #lookAtAll(): void {
    if (this.isObject) for (const piece of this.#unseen) this.#look(piece);
    this.#unseen = [];
  }

  #look(piece: string): void {
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (this.#depth === 0 && code > SPACE) {
        if (this.#isBegun) this.#isPassed = true;
        this.#isBegun = true;
      }
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

/** Whether a text begins with a JSON object. */
export function beginsObject(said: unknown): said is string {
  return typeof said === "string" && /^\s*\{/.test(said);
}

/** Whether `after` includes all of `before`. */
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
