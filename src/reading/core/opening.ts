import type { Conversation, Message, Part, Role } from "../../chat/conversation.ts";
import { isLong, preview, sizeOf } from "./folding.ts";
import { jsonText } from "./plain-text.ts";

/** The beginning of a message, as plain text. */
export type MessageOpening = { role: Role; name?: string; texts: readonly string[] };

/** A conversation's first view: the end of a long request, and the beginning of its answer. */
export type Opening = { messages: readonly MessageOpening[]; answers: readonly MessageOpening[] };

/** Limits on messages and characters of request and answer: more than the tallest window shows. */
const MESSAGES = 20;
const CHARACTERS = 4000;

/** Returns the initially visible text of a part; undefined if it isn't text, or is folded. */
function textOf(part: Part): string | undefined {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text;
    case "toolCall":
      return `${part.name}\n${jsonText(part.arguments)}`;
    case "toolResult":
      return part.parts.map(textOf).join("\n");
    case "data":
      return jsonText(part.value);
    default:
      return undefined;
  }
}

/** Returns a text as shown before unfolding. `folds`: whether long texts are folded. */
function seen(text: string, role: Role, folds: boolean): string {
  return folds && isLong(sizeOf(text), role) ? `${preview(text).head.trimEnd()}…` : text;
}

/** Returns as many messages as fit. `folds`: whether their long texts are folded. */
function openingsOf(messages: Iterable<Message>, folds: boolean): MessageOpening[] {
  const taken: MessageOpening[] = [];
  let room = CHARACTERS;
  for (const { role, name, parts } of messages) {
    if (room <= 0 || taken.length === MESSAGES) break;
    const texts: string[] = [];
    for (const part of parts) {
      const text = seen(textOf(part) ?? "", role, folds).slice(0, Math.max(0, room));
      room -= text.length;
      if (text !== "") texts.push(text);
    }
    taken.push({ role, ...(name !== undefined && { name }), texts });
  }
  return taken;
}

/** Returns a conversation's opening, with the first of several answers. */
export function openingOf({ messages, answers }: Conversation): Opening {
  return {
    messages: openingsOf(messages.toReversed(), true).toReversed(),
    answers: openingsOf(answers.slice(0, 1), false),
  };
}
