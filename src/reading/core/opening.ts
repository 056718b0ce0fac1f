import type { Conversation, Message, Part, Role } from "../../chat/conversation.ts";
import { isLong, preview, sizeOf } from "./folding.ts";
import { jsonText } from "./plain-text.ts";

/** How a message begins, as plain text. */
export type MessageOpening = { role: Role; name?: string; texts: readonly string[] };

/** What a window shows of a conversation when a log is opened: the end of the request, where that is long, and the beginning of its answer. */
export type Opening = { messages: readonly MessageOpening[]; answers: readonly MessageOpening[] };

/** Messages and characters of the request and of the answer, at most: more than the highest window shows. */
const MESSAGES = 20;
const CHARACTERS = 4000;

/** What the page shows of a part at once; undefined where that is no text, or folded away. */
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

/** A text as it is seen before it is unfolded. `folds`: long ones are folded. */
function seen(text: string, role: Role, folds: boolean): string {
  return folds && isLong(sizeOf(text), role) ? `${preview(text).head.trimEnd()}…` : text;
}

/** As many messages as are seen at most. `folds`: their long texts are folded. */
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

/** The opening of a conversation; of several answers, the first is seen. */
export function openingOf({ messages, answers }: Conversation): Opening {
  return {
    messages: openingsOf(messages.toReversed(), true).toReversed(),
    answers: openingsOf(answers.slice(0, 1), false),
  };
}
