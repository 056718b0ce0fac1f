import { isDeepStrictEqual } from "node:util";
import { toMarkdown } from "../chat/markdown.ts";
import type { Message } from "../chat/conversation.ts";
import { logOf, type ReadLog } from "./read-log.ts";
import { bounded, MOST_OF_LOG, type ToolNeeds } from "./needs.ts";

export type CompareInput = { first: string; second: string };

/** Returns the differing facts of two logs, each with both values. */
function differences(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, [unknown, unknown]> {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(
    keys.filter((key) => !isDeepStrictEqual(a[key], b[key])).map((key) => [key, [a[key] ?? null, b[key] ?? null]]),
  );
}

const sameFrom = (a: readonly Message[], b: readonly Message[]): number => {
  const first = a.findIndex((message, index) => !isDeepStrictEqual(message, b[index]));
  return first < 0 ? a.length : first;
};

/** Returns a log's messages after the common ones. */
function rest({ conversation }: ReadLog, from: number): string {
  return bounded(toMarkdown({ ...conversation, messages: conversation.messages.slice(from) }), MOST_OF_LOG / 2);
}

/** Compares two logs: their facts and settings, and their messages from the first difference on. */
export async function compareLogs(input: CompareInput, needs: ToolNeeds, signal: AbortSignal): Promise<string> {
  const [a, b] = await Promise.all([logOf(input.first, needs, signal), logOf(input.second, needs, signal)]);
  const same = sameFrom(a.conversation.messages, b.conversation.messages);
  const settings = differences(a.conversation.settings, b.conversation.settings);
  return [
    `Facts that differ (first, second): ${JSON.stringify(differences(a.row, b.row))}`,
    `Settings that differ: ${JSON.stringify(settings)}`,
    `The first ${same} messages are the same.`,
    `## First, from there on\n\n${rest(a, same)}`,
    `## Second, from there on\n\n${rest(b, same)}`,
  ].join("\n\n");
}
