import { createHash } from "node:crypto";
import type { Conversation, Message, Part } from "./conversation.ts";

/**
 * The beginning of a conversation, small enough to keep for many: a digest of each sent message. `first`: number of
 * messages up to and including the first user message.
 */
export type Beginning = { digests: readonly string[]; first: number };

/** Fields that change between turns without changing the content: cache marks move on, and IDs may be regenerated. */
const ABOUT = new Set(["details", "id", "citations"]);

const digestOf = ({ role, name, parts }: Message): string =>
  createHash("sha256")
    .update(JSON.stringify([role, name, parts.map(saidBy)]))
    .digest("base64");

/** Returns the content of a part; a tool call's arguments are kept whole. */
function saidBy(part: Part): unknown {
  if (part.type === "toolResult") return [part.type, part.name, part.isError, part.parts.map(saidBy)];
  return Object.entries(part).filter(([key]) => !ABOUT.has(key));
}

/** Returns the beginning of a conversation; `first` is 0 without messages. */
export function beginningOf({ messages }: Conversation): Beginning {
  const asked = messages.findIndex(({ role }) => role === "user");
  return { digests: messages.map(digestOf), first: asked < 0 ? messages.length : asked + 1 };
}

/** Returns how many leading messages two conversations share; 0 unless they share all of one's `first` messages. */
export function commonMessages(one: Beginning, other: Beginning): number {
  const differs = one.digests.findIndex((digest, index) => digest !== other.digests[index]);
  const common = differs < 0 ? one.digests.length : differs;
  return common < one.first ? 0 : common;
}
