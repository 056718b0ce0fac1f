import { createHash } from "node:crypto";
import type { Conversation, Message, Part } from "./conversation.ts";

/**
 * How a conversation begins, small enough to be kept of many: a digest of each message that was sent. `first`: how many of them
 * are its first ones, up to the first that a user says.
 */
export type Beginning = { digests: readonly string[]; first: number };

/** Not what is said, but about it: marks for a cache move on from turn to turn, ids may be made anew. */
const ABOUT = new Set(["details", "id", "citations"]);

const digestOf = ({ role, name, parts }: Message): string =>
  createHash("sha256")
    .update(JSON.stringify([role, name, parts.map(saidBy)]))
    .digest("base64");

/** What a part says; what a tool was called with is kept whole. */
function saidBy(part: Part): unknown {
  if (part.type === "toolResult") return [part.type, part.name, part.isError, part.parts.map(saidBy)];
  return Object.entries(part).filter(([key]) => !ABOUT.has(key));
}

/** How a conversation begins; without any message `first` is 0. */
export function beginningOf({ messages }: Conversation): Beginning {
  const asked = messages.findIndex(({ role }) => role === "user");
  return { digests: messages.map(digestOf), first: asked < 0 ? messages.length : asked + 1 };
}

/** How many messages two conversations have in common, from the first on; 0 where it is not all of the first messages of one. */
export function commonMessages(one: Beginning, other: Beginning): number {
  const differs = one.digests.findIndex((digest, index) => digest !== other.digests[index]);
  const common = differs < 0 ? one.digests.length : differs;
  return common < one.first ? 0 : common;
}
