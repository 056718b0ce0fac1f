/*
 * A stream says one thing in tens of thousands of events which differ in nothing but a few characters of text. Such
 * events are joined before they are parsed: a stream of 5 MB becomes some dozen events, and costs a fraction.
 */

/** Where the text of a delta begins: right before it stands one of these. The readers of each join what follows. */
const TEXT_BEGINS = new RegExp(
  [
    // Anthropic
    String.raw`^\{"type": ?"content_block_delta", ?"index": ?\d+, ?"delta": ?\{"type": ?"(?:text_delta", ?"text|thinking_delta", ?"thinking|input_json_delta", ?"partial_json)": ?"`,
    // OpenAI's chat completions; what stands before the text is the same in each chunk.
    String.raw`"delta": ?\{(?:"role": ?"assistant", ?)?"(?:content|reasoning_content|reasoning)": ?"`,
    String.raw`"delta": ?\{"tool_calls": ?\[\{"index": ?\d+, ?"function": ?\{"arguments": ?"`,
  ].join("|"),
);
/** What may stand in a JSON string as it is, in pieces or joined; with few enough escapes to be tried back from. */
const PLAIN = String.raw`[^"\\\x00-\x1f]*`;
const PIECE = String.raw`${PLAIN}(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})${PLAIN}){0,1000}`;
/** What may follow the text: nothing that says anything, or it would be said once instead of with each delta. */
const TEXT_ENDS = /^"[\]} ]*(?:, ?"\w+": ?(?:null|\{\}|\[\])[\]} ]*)*$/;
const COUNTED = /"(?:logprobs|token_ids)": ?[{[]/;
/** What OpenAI hides the length of a delta with, at its very end; it says nothing. */
const PADDING = String.raw`,"obfuscation":"\w*"`;
const PADDED = new RegExp(`${PADDING}\\}$`);

/** Longer events are no small deltas. */
const LONGEST = 4000;
/** A text of this length is not said twice in a row by chance. */
const LONG = 16;
/** A piece of a call's arguments that begins an object may begin another call, or repeat all of it: it stays alone. */
const BEGINS_NOTHING = String.raw`(?!(?:\\[nrt]| )*\{)`;
/** Events compared at once; the regular expression remembers each until all of them are done. */
const AT_ONCE = 64;

/** Where an event stands in its stream: its block up to the next one, and in that its only line of data. */
export type Place = { start: number; lineStart: number; lineEnd: number; end: number };

/** Finds events of a stream which only continue the text of the one before. */
export class DeltaRuns {
  readonly #text: string;
  #pattern: RegExp | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** One event that says what the event at this place and those right behind it say; undefined where none continues it. */
  join({ start, lineStart, lineEnd, end }: Place): { line: string; end: number } | undefined {
    const text = this.#text;
    const line = lineEnd - lineStart > LONGEST ? "" : text.slice(lineStart, lineEnd);
    const begin = TEXT_BEGINS.exec(line);
    if (begin === null) return undefined;
    const before = line.slice(0, begin.index + begin[0].length);
    const frame = text.slice(start, lineStart) + before;
    // What is counted a token, where it stands before the text, has to be counted with each of them.
    if (!text.startsWith(frame, end) || COUNTED.test(line.slice(0, begin.index))) return undefined;
    const own = pieceAt(line, before.length);
    const padding = PADDED.exec(line);
    const after = line.slice(before.length + own.length, padding?.index);
    if (!TEXT_ENDS.test(after) || !isJson(line)) return undefined;
    const plainClose = after + text.slice(lineEnd, end);
    if (padding === null && this.#isRepeated(frame, own, plainClose, end)) return undefined;
    const next = /"arguments": ?"$/.test(before) ? BEGINS_NOTHING : "";

    const close = literally(after) + (padding === null ? "" : `${PADDING}\\}`) + literally(text.slice(lineEnd, end));
    const last = this.#lastOf(`(?:${literally(frame)}${next}${PIECE}${close}){1,${AT_ONCE}}`, end);
    if (last === end) return undefined;
    // Between two pieces stand a close and a frame, which no piece can hold: they have quotes.
    const region = text.slice(lineStart + before.length, last);
    const said =
      padding === null
        ? region.replaceAll(plainClose + frame, "").slice(0, -plainClose.length)
        : (region + frame).replaceAll(new RegExp(close + literally(frame), "g"), "");
    return { line: before + said + after + (padding === null ? "" : "}"), end: last };
  }

  /**
   * True where the event behind one repeats its text and goes on, and so does the one behind that, if there is any:
   * then each holds the text so far, and none is joined.
   */
  #isRepeated(frame: string, own: string, close: string, end: number): boolean {
    if (own === "") return true;
    if (!this.#text.startsWith(frame + own, end)) return false;
    const next = pieceAt(this.#text, end + frame.length);
    if (next.length === own.length && own.length < LONG) return false;
    const behind = end + frame.length + next.length + close.length;
    return !this.#text.startsWith(frame, behind) || this.#text.startsWith(next, behind + frame.length);
  }

  #lastOf(source: string, start: number): number {
    if (this.#pattern?.source !== source) this.#pattern = new RegExp(source, "y");
    let last = start;
    this.#pattern.lastIndex = start;
    while (this.#pattern.test(this.#text)) last = this.#pattern.lastIndex;
    return last;
  }
}

/** The piece of a JSON string that begins at a place. */
function pieceAt(text: string, start: number): string {
  const piece = new RegExp(PIECE, "y");
  piece.lastIndex = start;
  piece.test(text);
  return text.slice(start, piece.lastIndex);
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/\r\n-]/g, (mark) => `\\x${mark.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
