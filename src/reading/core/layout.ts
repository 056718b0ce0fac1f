import { indentJson } from "./indent.ts";

/** Whether a text begins like server-sent events: with a field or a comment. */
export const isEvents = (text: string): boolean => /^\s*(?:data|event|id|retry)?:/.test(text.slice(0, 400));

/** Puts each server-sent event on one line: its fields next to each other, otherwise unchanged. */
function eventLines(text: string): string {
  return text
    .split(/\r?\n(?:\r?\n)+/)
    .map((event) => event.trim().replaceAll(/\r?\n/g, " "))
    .filter((event) => event !== "")
    .join("\n")
    .concat("\n");
}

/**
 * Formats a recorded text for reading: indents JSON, puts each event of a stream on one line, and leaves other texts as
 * they are. Changes only white space between tokens and fields.
 */
export function layOut(text: string): string {
  return isEvents(text) ? eventLines(text) : indentJson(text);
}
