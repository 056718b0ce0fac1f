import type { Message } from "../../src/chat/conversation.ts";

/** The other half of a tool call or a tool result: part id → part id. */
export type Pairs = ReadonlyMap<string, string>;

/** The id of a part on the page: its message's ("m3": the request's fourth, "a0": the first answer) and its place there. */
export const partId = (message: string, index: number): string => `${message}.${index}`;

type Call = { id: string | undefined; name: string; part: string };

/** Takes the last that fits out of the list, or the first. */
function take(calls: Call[], which: "first" | "last", fits: (call: Call) => boolean): Call | undefined {
  const index = which === "first" ? calls.findIndex(fits) : calls.findLastIndex(fits);
  return index < 0 ? undefined : calls.splice(index, 1)[0];
}

/**
 * Which tool result answers which call: by id (of calls that share one, the latest before it), else in the order of the
 * calls of that name, else in the order of the calls.
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
