import type { Conversation, Part } from "../../chat/conversation.ts";
import { conversationOf, type Bounded } from "./bounded.ts";
import { openingOf, type Opening } from "./opening.ts";

/*
 * A log's content as JSON bytes. A thread transfers bytes without a copy, and VS Code passes them to a page as they
 * are; large texts are copied and escaped several times on the thread that all extensions share.
 */

/** A value as UTF-8 JSON in a buffer of its own: VS Code sends a typed array's whole buffer. */
export type Packed<T> = Uint8Array<ArrayBuffer> & { readonly __of?: T };

/** What the extension host needs of a conversation. `media`: its URLs. */
export type Gist = Pick<Conversation, "complete" | "replaced" | "usage" | "error"> & {
  media: readonly string[];
  opening: Opening;
};

/** As much of a conversation as a page can show, packed, and its gist. */
export type PackedConversation = { packed: Packed<Bounded>; gist: Gist };

/** Encodes a value as JSON bytes for `unpack`. */
export const pack = <T>(value: T): Packed<T> => new TextEncoder().encode(JSON.stringify(value));

export const unpack = <T>(packed: Packed<T>): T => JSON.parse(new TextDecoder().decode(packed)) as T;

const mediaIn = (parts: readonly Part[]): string[] =>
  parts.flatMap((part) =>
    part.type === "media" ? (part.url ?? []) : part.type === "toolResult" ? mediaIn(part.parts) : [],
  );

/** Packs a bounded conversation. */
export function packConversation(bounded: Bounded): PackedConversation {
  const { complete, replaced, usage, error, answers, messages } = bounded.conversation;
  const media = [...new Set([...answers, ...messages].flatMap(({ parts }) => mediaIn(parts)))];
  return {
    packed: pack(bounded),
    gist: {
      complete,
      media,
      opening: openingOf(bounded.conversation),
      ...(replaced && { replaced }),
      ...(usage && { usage }),
      ...(error && { error }),
    },
  };
}

/** Returns the conversation with its numbers' recorded digits. */
export const unpackConversation = (packed: Packed<Bounded>): Conversation => conversationOf(unpack(packed));
