import type { Message } from "../../src/chat/conversation.ts";

/** Part ID of a tool call or result → part ID of its counterpart. */
export type Pairs = ReadonlyMap<string, string>;

/**
 * Returns a part's ID on the page: its message's ID ("m3": the request's fourth message, "a0": the first answer) and
 * its index.
 */
export const partId = (message: string, index: number): string => `${message}.${index}`;

type Call = { id: string | undefined; name: string; part: string };

/** Removes and returns the first or the last match. */
function take(calls: Call[], which: "first" | "last", fits: (call: Call) => boolean): Call | undefined {
  const index = which === "first" ? calls.findIndex(fits) : calls.findLastIndex(fits);
  return index < 0 ? undefined : calls.splice(index, 1)[0];
}

/**
 * Pairs tool results with calls: by ID (if calls share one, the latest call before the result), else in order among
 * calls of that name, else in order among all calls.
 */
export function pairsOf(messages: readonly { id: string; message: Message }[]): Pairs {
  const pairs = new Map<string, string>();
  const waiting: Call[] = [];
  for (const { id: messageId, message } of messages) {
    for (const [index, part] of message.parts.entries()) {
      const here = partId(messageId, index);
      if (part.type === "toolCall") waiting.push({ id: part.id || undefined, name: part.name, part: here });
      if (part.type !== "toolResult") continue;
      const { id, name } = part;
      const call =
        (id && take(waiting, "last", (call) => call.id === id)) ||
        (name && take(waiting, "first", (call) => call.name === name && !(id && call.id))) ||
        (!id && !name && take(waiting, "first", () => true));
      if (!call) continue;
      pairs.set(call.part, here);
      pairs.set(here, call.part);
    }
  }
  return pairs;
}
