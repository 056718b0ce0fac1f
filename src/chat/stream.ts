import { DeltaRuns } from "./delta-runs.ts";
import { beginsContainer, isRecord, parseJson } from "./json.ts";

/** One event of a stream: its parsed JSON, or the text where it is none. */
export type StreamEvent = { name?: string; data: unknown };

export type Stream = {
  events: StreamEvent[];
  /** The end was announced with `[DONE]`. */
  done: boolean;
  /** The recording ends within an event; what was there of it is not among the events. */
  cut: boolean;
};

const CARRIAGE_RETURN = 13;
const SPACE = 32;
const COLON = 58;

/** True where a text begins as server-sent events do: a field or a comment. */
export function looksLikeServerSentEvents(text: string): boolean {
  return /^\s*(?:data|event|id|retry)?:/.test(text.slice(0, 400));
}

/**
 * The events of a text in server-sent events format (LF, CRLF or CR, comments, several data lines an event).
 * Tolerant of what is seen in recordings: events without the blank line between them, a bare `[DONE]`,
 * a JSON object outside of any field.
 */
export function parseServerSentEvents(source: string): Stream {
  // A carriage return alone ends a line too; nobody mixes the two.
  const text = source.includes("\n") ? source : source.replaceAll("\r", "\n");
  const stream: Stream = { events: [], done: false, cut: false };
  const runs = new DeltaRuns(text);
  let name = "";
  let lines: [start: number, end: number][] = [];
  const add = (): void => {
    const pieces = lines.map(([start, end]) => text.slice(start, end));
    addEvent(stream, name, pieces);
  };
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

function addEvent(stream: Stream, name: string, lines: string[]): void {
  if (lines.length === 0) return;
  const whole = lines.length === 1 ? lines[0] : lines.join("\n");
  if (whole !== undefined && name === "output") {
    // A piece of Replicate's text is one also where it happens to be JSON.
    stream.events.push({ name, data: whole });
    return;
  }
  const value = whole === undefined ? undefined : parseContainer(whole);
  if (value !== undefined) {
    stream.events.push(name === "" ? { data: value } : { name, data: value });
    return;
  }
  const values = lines.map(parseContainer);
  if (whole !== undefined && name !== "" && values.every((one) => one === undefined)) {
    // Replicate's streams are text, in which an empty line is a line break.
    if (whole.trim() === "[DONE]") stream.done = true;
    else stream.events.push({ name, data: whole });
    return;
  }
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "[DONE]") stream.done = true;
    else if (line !== "") stream.events.push({ ...(name === "" ? {} : { name }), data: values[index] ?? line });
  }
}

// A number or a word alone is a piece of text that happens to look like JSON.
function parseContainer(text: string): unknown {
  return beginsContainer(text) || /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
}

/** The events of a text with one JSON object a line (two lines at least); undefined when it is none. */
export function parseJsonLines(text: string): Stream | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const values: unknown[] = [];
  for (const line of lines) {
    const value = parseJson(line);
    if (!isRecord(value)) break;
    values.push(value);
  }
  const cut = values.length === lines.length - 1;
  if (lines.length < 2 || values.length === 0 || (values.length < lines.length && !cut)) return undefined;
  return { events: values.map((data) => ({ data })), done: false, cut };
}
