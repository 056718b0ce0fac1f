import { DeltaRuns } from "./delta-runs.ts";
import { endOfString } from "../json/json-string.ts";
import { type JsonRecord, beginsContainer, isRecord, parseJson } from "../json/json.ts";

/** One event of a stream: parsed JSON, or text. */
export type StreamEvent = { name?: string; data: unknown };

export type Stream = {
  events: StreamEvent[];
  /** Whether `[DONE]` announced the end. */
  done: boolean;
  /** Whether the recording ends within an event; that event is dropped. */
  cut: boolean;
};

const CARRIAGE_RETURN = 13;
const SPACE = 32;
const COLON = 58;

/** Whether a text begins like server-sent events: with a field or a comment. */
export function looksLikeServerSentEvents(text: string): boolean {
  return /^\s*(?:data|event|id|retry)?:/.test(text.slice(0, 400));
}

/**
 * Parses server-sent events (LF, CRLF or CR, comments, several data lines per event). Tolerates recordings with events
 * without a blank line between them or framed twice, a bare `[DONE]`, a JSON object outside of any field, or several in
 * one event.
 */
export function parseServerSentEvents(source: string): Stream {
  // A lone carriage return also ends a line; no stream mixes both.
  const text = source.includes("\n") ? source : source.replaceAll("\r", "\n");
  const stream: Stream = { events: [], done: false, cut: false };
  const runs = new DeltaRuns(text);
  let name = "";
  let lines: [start: number, end: number][] = [];
  const add = (): void => {
    const pieces = lines.map(([start, end]) => text.slice(start, end));
    addEvent(stream, name, pieces);
  };
  // Framed twice: each line is an event's data.
  const first = text.search(/^data:/m);
  const isTwice = first !== -1 && innerLine(text, first) !== first;
  let start = 0;
  for (let eventStart = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const next = newline === -1 ? text.length : newline;
    const end = next > start && text.charCodeAt(next - 1) === CARRIAGE_RETURN ? next - 1 : next;
    if (end === start) {
      const [lineStart, lineEnd] = (lines.length === 1 ? lines[0] : undefined) ?? [0, 0];
      const run = runs.join({ start: eventStart, lineStart, lineEnd, end: next + 1 });
      if (run === undefined) add();
      else addEvent(stream, name, [run.line]);
      name = "";
      lines = [];
      start = run?.end ?? next + 1;
      eventStart = start;
      continue;
    }
    if (isTwice) start = innerLine(text, start);
    if (text.startsWith("data:", start)) {
      lines.push([text.charCodeAt(start + 5) === SPACE ? start + 6 : start + 5, end]);
    } else if (text.startsWith("event:", start)) {
      name = text.slice(start + 6, end).trim();
    } else if (
      text.charCodeAt(start) !== COLON &&
      !text.startsWith("id:", start) &&
      !text.startsWith("retry:", start)
    ) {
      lines.push([start, end]);
    }
    start = next + 1;
  }
  add();
  const tail = stream.events.at(-1);
  if (lines.length > 0 && tail !== undefined && typeof tail.data === "string") {
    stream.events.pop();
    stream.cut = true;
  } else if (tail === undefined && !stream.done) {
    stream.cut = true;
  }
  return stream;
}

// Returns the start of a line nested in a data line, else the line's own start.
function innerLine(text: string, start: number): number {
  const frame = /data: ?(?=(?:data|event|id|retry)?:)/y;
  frame.lastIndex = start;
  return frame.test(text) ? frame.lastIndex : start;
}

function addEvent(stream: Stream, name: string, lines: string[]): void {
  if (lines.length === 0) return;
  const whole = lines.length === 1 ? lines[0] : lines.join("\n");
  if (whole !== undefined && name === "output") {
    // Replicate's pieces of text stay text even if they are valid JSON.
    stream.events.push({ name, data: whole });
    return;
  }
  const value = whole === undefined ? undefined : parseContainer(whole);
  if (value !== undefined) {
    stream.events.push(name === "" ? { data: value } : { name, data: value });
    return;
  }
  const values = lines.map(valuesIn);
  if (whole !== undefined && name !== "" && values.every((one) => one.length === 0)) {
    // In Replicate's text streams an empty line is a line break.
    if (whole.trim() === "[DONE]") stream.done = true;
    else stream.events.push({ name, data: whole });
    return;
  }
  const named = name === "" ? {} : { name };
  for (const [index, line] of lines.entries()) {
    const found = values[index] ?? [];
    for (const data of found.length === 0 && line !== "" ? [line] : found) {
      if (typeof data === "string" && data.trim() === "[DONE]") stream.done = true;
      else stream.events.push({ ...named, data });
    }
  }
}

// Objects may be concatenated; the remainder after the last isn't JSON.
function valuesIn(line: string): unknown[] {
  const value = parseContainer(line);
  if (value !== undefined || !beginsContainer(line)) return value === undefined ? [] : [value];
  const { values, rest } = objectsIn(line);
  return values.length === 0 || rest === "" ? values : [...values, rest];
}

// A lone number or word is a piece of text that happens to be JSON.
function parseContainer(text: string): unknown {
  return beginsContainer(text) || /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
}

/**
 * Parses JSON objects, in lines or concatenated (at least two); undefined if the text is something else. The remainder
 * is the beginning of another object, or a bare `[DONE]`.
 */
export function parseJsonSequence(text: string): Stream | undefined {
  const { values, rest, isNextLine } = objectsIn(text);
  const isBegun = rest !== "" && (isNextLine || rest.startsWith("{"));
  if (values.length === 0 || (values.length === 1 && !isBegun)) return undefined;
  const done = rest === "[DONE]";
  return { events: values.map((data) => ({ data })), done, cut: rest !== "" && !done };
}

type Objects = { values: JsonRecord[]; rest: string; isNextLine: boolean };

/** Returns a text's leading JSON objects, and the rest. Takes linear time. */
function objectsIn(text: string): Objects {
  const values: JsonRecord[] = [];
  const marks = /["{}]/g;
  let end = 0;
  let begin = nextObject(text, end);
  marks.lastIndex = begin;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null && text[begin] === "{"; mark = marks.exec(text)) {
    if (mark[0] === '"') {
      const close = endOfString(text, marks.lastIndex);
      if (close === -1) break;
      marks.lastIndex = close + 1;
      continue;
    }
    depth += mark[0] === "{" ? 1 : -1;
    if (depth > 0) continue;
    const value = parseJson(text.slice(begin, marks.lastIndex));
    if (!isRecord(value)) break;
    values.push(value);
    end = marks.lastIndex;
    begin = nextObject(text, end);
    marks.lastIndex = begin;
  }
  return { values, rest: text.slice(begin).trim(), isNextLine: text.slice(end, begin).includes("\n") };
}

// Skips white space, a comma, and the beginning of an event without its line.
function nextObject(text: string, from: number): number {
  const between = /[\s,]*(?:data:\s*)?/y;
  between.lastIndex = from;
  between.test(text);
  return between.lastIndex;
}
