import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { withExactNumbers } from "../../../src/chat/json/number-places.ts";
import { toMarkdown } from "../../../src/chat/markdown.ts";
import { readConversation } from "../../../src/chat/read.ts";
import { redact } from "../../../src/chat/redact/redact.ts";
import { toJson } from "../../../src/chat/json/to-json.ts";
import { assertWellFormed } from "./wellformed.ts";

/** Reads an exchange; fails unless the conversation is well-formed, round-trips through JSON, and can be written. */
export function checkedReading(exchange: RecordedExchange): Conversation {
  const conversation = readConversation(exchange);
  assertWellFormed(conversation);
  const json = toJson(conversation);
  const written = plain(withExactNumbers(json, JSON.parse(json)));
  assert.ok(isDeepStrictEqual(written, plain(conversation)), "toJson says something else");
  assert.ok(isDeepStrictEqual(redact(conversation, {}), conversation), "redact without rules changes something");
  assert.equal(typeof toMarkdown(conversation), "string");
  return conversation;
}

// A copy without undefined members.
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Removes as much of an exchange as possible while it still fails with the same message, within some seconds. */
export function shrunk(exchange: RecordedExchange, message: string, seconds = 5): RecordedExchange {
  const until = Date.now() + seconds * 1000;
  const isSame = (candidate: RecordedExchange): boolean => {
    try {
      checkedReading(candidate);
      return false;
    } catch (error) {
      return messageOf(error) === message;
    }
  };
  const least = { ...exchange };
  for (const side of ["request", "response"] as const) {
    if (isSame({ ...least, [side]: null })) least[side] = null;
    const body = least[side];
    for (let size = Math.ceil((body?.length ?? 0) / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < (least[side]?.length ?? 0) && Date.now() < until;) {
        const without = withoutRange(least[side], at, size);
        if (isSame({ ...least, [side]: without })) least[side] = without;
        else at += size;
      }
    }
  }
  return least;
}

/** An error's message on one line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.split("\n", 1)[0] ?? ""}` : String(error);
}

function withoutRange(body: RecordedExchange["request"], at: number, size: number): RecordedExchange["request"] {
  if (typeof body === "string") return body.slice(0, at) + body.slice(at + size);
  return body === null ? null : Uint8Array.from([...body.subarray(0, at), ...body.subarray(at + size)]);
}
