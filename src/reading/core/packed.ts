import type { Conversation, Part } from "../../chat/conversation.ts";
import { conversationOf, type Bounded } from "./bounded.ts";
import { openingOf, type Opening } from "./opening.ts";

/*
 * What is read of a log as JSON in bytes. A thread hands bytes over without a copy, and VS Code passes them on to a page as they are;
 * texts of some MB are copied and escaped several times on the thread that all extensions share.
 */

/** A value as JSON in UTF-8, which holds it alone: VS Code sends the whole buffer of a typed array. */
export type Packed<T> = Uint8Array<ArrayBuffer> & { readonly __of?: T };

/** What the extension host needs to know of a conversation. `media`: the addresses that it names. */
export type Gist = Pick<Conversation, "complete" | "replaced" | "usage" | "error"> & {
  media: readonly string[];
  opening: Opening;
};

/** A conversation as much of it as a page can show, packed, and its gist. */
export type PackedConversation = { packed: Packed<Bounded>; gist: Gist };

/** A value as JSON in bytes, which `unpack` reads. */
export const pack = <T>(value: T): Packed<T> => new TextEncoder().encode(JSON.stringify(value));

export const unpack = <T>(packed: Packed<T>): T => JSON.parse(new TextDecoder().decode(packed)) as T;

const mediaIn = (parts: readonly Part[]): string[] =>
  parts.flatMap((part) =>
    part.type === "media" ? (part.url ?? []) : part.type === "toolResult" ? mediaIn(part.parts) : [],
  );

/** Packs a conversation that a page can show. */
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

/** The conversation, with the digits that its numbers were recorded with. */
export const unpackConversation = (packed: Packed<Bounded>): Conversation => conversationOf(unpack(packed));
