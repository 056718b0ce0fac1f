import type { Conversation, Message, Part } from "../chat/conversation.ts";

export type Limits = {
  /** Characters of one text or one JSON value. */
  text: number;
  /** Characters of the whole log. */
  total: number;
  /** Characters of base64 in one picture. */
  media: number;
};

export const LIMITS: Limits = { text: 100_000, total: 600_000, media: 7_000_000 };

export type Bounded = { conversation: Conversation; shortened: boolean; omitted: number };

/**
 * As much of a conversation as a page can show at once: long texts are cut, and when the whole is too much, the
 * messages between the system prompt and the latest ones are left out. The answers come first.
 */
export function bounded(conversation: Conversation, limits: Limits = LIMITS): Bounded {
  let left = limits.total;
  let shortened = false;

  const cutText = (text: string): string => {
    const room = Math.max(0, Math.min(limits.text, left));
    left -= Math.min(text.length, room);
    if (text.length <= room) return text;
    shortened = true;
    // Not between the two halves of a character.
    const half = /[\ud800-\udbff]/.test(text.charAt(room - 1));
    return `${text.slice(0, half ? room - 1 : room)}…`;
  };

  const cutValue = (value: unknown): unknown => {
    if (typeof value === "string") return cutText(value);
    const text = JSON.stringify(value, undefined, 2) ?? "";
    if (text.length <= Math.min(limits.text, left)) {
      left -= text.length;
      return value;
    }
    return cutText(text);
  };

  const cutPart = (part: Part): Part => {
    switch (part.type) {
      case "text":
      case "reasoning":
      case "refusal":
        return { ...part, text: cutText(part.text) };
      case "toolCall":
        return { ...part, arguments: cutValue(part.arguments) };
      case "toolResult":
        return { ...part, parts: part.parts.map(cutPart) };
      case "unknown": {
        const value = cutValue(part.value);
        // A cut value is no JSON any more, and a string would be shown in quotes.
        return typeof value === "string" && typeof part.value !== "string"
          ? { type: "text", text: value }
          : { ...part, value };
      }
      case "media": {
        if ((part.data?.length ?? 0) <= limits.media) return part;
        shortened = true;
        const { data: _, ...rest } = part;
        return rest;
      }
    }
  };

  const cutMessage = (message: Message): Message => ({ ...message, parts: message.parts.map(cutPart) });

  const answers = conversation.answers.map(cutMessage);
  const system = conversation.messages.filter(({ role }) => role === "system").map(cutMessage);
  const others = conversation.messages.filter(({ role }) => role !== "system");
  const latest: Message[] = [];
  for (const message of others.toReversed()) {
    if (left <= 0) break;
    latest.unshift(cutMessage(message));
  }
  const omitted = others.length - latest.length;
  // What surrounds the answers is in the documents; the page has no place for it.
  const { envelope: _, ...shown } = conversation;
  const settings = cutValue(conversation.settings);
  const tools = cutValue(conversation.tools);
  return {
    conversation: {
      ...shown,
      answers,
      messages: [...system, ...latest],
      settings: typeof settings === "string" ? { "…": settings } : (settings as Conversation["settings"]),
      tools: typeof tools === "string" ? [{ name: "…", parameters: tools }] : (tools as Conversation["tools"]),
    },
    shortened: shortened || omitted > 0,
    omitted,
  };
}
