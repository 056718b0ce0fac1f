import { indentJson } from "./indent.ts";

/** Whether a text begins as server-sent events do: with a field or a comment. */
export const isEvents = (text: string): boolean => /^\s*(?:data|event|id|retry)?:/.test(text.slice(0, 400));

/** Server-sent events, one a line: the fields of an event stand beside each other instead of below, as they are. */
function eventLines(text: string): string {
  return text
    .split(/\r?\n(?:\r?\n)+/)
    .map((event) => event.trim().replaceAll(/\r?\n/g, " "))
    .filter((event) => event !== "")
    .join("\n")
    .concat("\n");
}

/**
 * A recorded text for reading: JSON is indented, an event stream has one event a line, all else stays as it is. Only white
 * space between tokens and fields is different.
 */
export function layOut(text: string): string {
  return isEvents(text) ? eventLines(text) : indentJson(text);
}
