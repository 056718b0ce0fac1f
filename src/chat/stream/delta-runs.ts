/*
 * A stream may have tens of thousands of events that differ only in a few characters of text. Joining them before
 * parsing turns 5 MB into a few dozen events, at a fraction of the cost.
 */

/** Position right before a delta's text. The readers of these formats join the text that follows. */
const TEXT_BEGINS = new RegExp(
  [
    // Anthropic
    String.raw`^\{"type": ?"content_block_delta", ?"index": ?\d+, ?"delta": ?\{"type": ?"(?:text_delta", ?"text|thinking_delta", ?"thinking|input_json_delta", ?"partial_json)": ?"`,
    // OpenAI's chat completions; the part before the text is the same in every chunk.
    String.raw`"delta": ?\{(?:"role": ?"assistant", ?)?"(?:content|reasoning_content|reasoning)": ?"`,
    String.raw`"delta": ?\{"tool_calls": ?\[\{"index": ?\d+, ?"function": ?\{"arguments": ?"`,
    // OpenAI's Responses: item and place are the same in each event, and the events are numbered.
    String.raw`^\{"type": ?"response\.(?:output_text|reasoning_text|reasoning_summary_text|function_call_arguments)\.delta", ?(?:"\w+": ?(?:\d+|"[^"\\]*"), ?)*"delta": ?"`,
  ].join("|"),
);
/** What may follow the text: nothing meaningful, or joining would lose its repetitions. */
const TEXT_ENDS = /^"[\]} ]*(?:, ?"\w+": ?(?:null|\{\}|\[\])[\]} ]*)*$/;
const COUNTED = /"(?:logprobs|token_ids)": ?[{[]/;
/** The number of an event of the Responses API, each one more than the last. */
const NUMBERED = /("sequence_number": ?)(\d+)/;
/** What OpenAI hides the length of a delta with, at its very end; it says nothing. */
const PADDING = /,"obfuscation":"\w*"\}/y;
const PADDED = /,"obfuscation":"\w*"\}$/;

/** Longer events aren't small deltas. */
const LONGEST = 4000;
/**
 * Characters joined into one event: longer strings are allocated from the system, at milliseconds per MB. Continuations
 * take fewer, so that no event equals all previous text, which a reader would take for a repetition of the whole.
 */
const MOST = 32_000;
const MOST_AFTER = 16_000;
/** A text of this length isn't repeated in a row by chance. */
const LONG = 16;
/** A piece of arguments that begins an object may begin another call, or repeat this one: it isn't joined. */
const BEGINS_OBJECT = /(?:\\[nrt]| )*\{/y;
/** Characters after a backslash in a JSON string. */
const ESCAPED = /["\\/bfnrt]|u[\da-fA-F]{4}/y;
const QUOTE = 34;
const BACKSLASH = 92;
const LETTER_U = 117;
/** Characters below it are invalid in a JSON string. */
const SPACE = 32;

/** An event's place in its stream: its block up to the next one, and its only data line. */
export type Place = { start: number; lineStart: number; lineEnd: number; end: number };

/** The part before the text: the same in each event of a run, except for a number (-1 if there is none) after `head`. */
type Frame = { head: string; number: number; rest: string };

/** Finds events of a stream which only continue the text of the one before. */
export class DeltaRuns {
  readonly #text: string;
  /** Frames with a text that exceeded the limit. */
  readonly #begun = new Set<string>();
  /** Code units of the joined text: concatenating strings would allocate an object for each. */
  readonly #units = new Uint16Array(MOST);

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns one event for this one and those right after it that continue its text; undefined if none does. */
  join({ start, lineStart, lineEnd, end }: Place): { line: string; end: number } | undefined {
    const text = this.#text;
    const line = lineEnd - lineStart > LONGEST ? "" : text.slice(lineStart, lineEnd);
    const begin = TEXT_BEGINS.exec(line);
    if (begin === null) return undefined;
    const before = line.slice(0, begin.index + begin[0].length);
    const { head, number, rest } = frameOf(text.slice(start, lineStart + before.length));
    const second = textStart(text, head, nextNumber(number, 1), rest, end);
    // Counts before the text apply to each token separately.
    if (second === -1 || COUNTED.test(line.slice(0, begin.index))) return undefined;
    const own = pieceAt(line, before.length);
    const padding = PADDED.exec(line);
    const after = line.slice(before.length + own.length, padding?.index);
    if (!TEXT_ENDS.test(after) || !isJson(line)) return undefined;
    const behind = text.slice(lineEnd, end);
    if (padding === null) {
      const next = pieceAt(text, second);
      const afterNext = second + next.length + after.length + behind.length;
      const third = textStart(text, head, nextNumber(number, 2), rest, afterNext);
      if (isRepeated(own, next, third === -1 ? undefined : pieceAt(text, third))) return undefined;
    }
    const isCall = /"arguments": ?"$/.test(before);
    const most = this.#begun.has(head + rest) ? MOST_AFTER : MOST;
    let length = write(this.#units, own, 0, own.length, 0);
    let last = end;
    for (let nth = 1; ; nth++) {
      const from = textStart(text, head, nextNumber(number, nth), rest, last);
      if (from === -1) break;
      const to = isCall && matchEnd(BEGINS_OBJECT, text, from) !== -1 ? -1 : pieceEnd(text, from);
      if (to === -1 || !text.startsWith(after, to)) break;
      const close = padding === null ? to + after.length : matchEnd(PADDING, text, to + after.length);
      if (close === -1 || !text.startsWith(behind, close)) break;
      if (length + to - from > most) {
        this.#begun.add(head + rest);
        break;
      }
      length = write(this.#units, text, from, to, length);
      last = close + behind.length;
    }
    if (last === end) return undefined;
    const said = Buffer.from(this.#units.buffer, 0, 2 * length).toString("utf16le");
    return { line: before + said + after + (padding === null ? "" : "}"), end: last };
  }
}

function frameOf(text: string): Frame {
  const found = NUMBERED.exec(text);
  if (found === null) return { head: text, number: -1, rest: "" };
  const [all, name = "", digits = ""] = found;
  const head = text.slice(0, found.index + name.length);
  return { head, number: Number(digits), rest: text.slice(found.index + all.length) };
}

// The functions below run for each event. They take strings and numbers only: code that depends on the shape of an object
// is thrown away by the engine with the last object of that shape, and compiled again for each stream.

/** Returns the digits of the nth event after the first; "" if events have no number. */
function nextNumber(number: number, nth: number): string {
  return number === -1 ? "" : String(number + nth);
}

/** Returns the index of the text of the event that begins at `at`; -1 if the event has another frame. */
function textStart(text: string, head: string, digits: string, rest: string, at: number): number {
  if (!text.startsWith(head, at)) return -1;
  const from = at + head.length;
  if (digits === "") return from;
  const to = from + digits.length;
  return text.startsWith(digits, from) && text.startsWith(rest, to) ? to + rest.length : -1;
}

/** Appends a piece of a text at `length` units. Returns the new length. */
function write(units: Uint16Array, text: string, start: number, end: number, length: number): number {
  let next = length;
  for (let at = start; at < end; at++) units[next++] = text.charCodeAt(at);
  return next;
}

/**
 * Whether the next event, and the one after it if any, repeat the text and continue it: then each holds the text so
 * far, and none is joined.
 */
function isRepeated(own: string, next: string, third: string | undefined): boolean {
  if (own === "") return true;
  if (!next.startsWith(own)) return false;
  if (next.length === own.length && own.length < LONG) return false;
  return third === undefined || third.startsWith(next);
}

/** The piece of a JSON string that begins at a place; "" where it does not end as one. */
function pieceAt(text: string, start: number): string {
  return text.slice(start, Math.max(start, pieceEnd(text, start)));
}

/** Returns the index of the quote that ends a JSON string; -1 if it contains an invalid character. */
function pieceEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code < SPACE) return -1;
    if (code !== BACKSLASH) continue;
    at++;
    if (matchEnd(ESCAPED, text, at) === -1) return -1;
    if (text.charCodeAt(at) === LETTER_U) at += 4;
  }
  return -1;
}

/** Returns the index after a sticky pattern's match; -1 without one. */
function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
