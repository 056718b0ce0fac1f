import assert from "node:assert/strict";
import type { Conversation, Message, Part } from "../../../src/chat/conversation.ts";

const ROLES = new Set(["system", "user", "assistant", "tool"]);
const MEDIA = new Set(["image", "audio", "video", "file"]);

/** Fails unless everything in the conversation has the contract's types and is serializable. */
export function assertWellFormed(conversation: Conversation): void {
  const { format, messages, answers, tools, settings, model, usage, error, complete, envelope } = conversation;
  assert.equal(typeof format, "string");
  assert.equal(typeof complete, "boolean");
  optional(model, "string");
  for (const message of [...messages, ...answers]) assertMessage(message);
  for (const tool of tools) {
    assert.equal(typeof tool.name, "string");
    optional(tool.description, "string");
    optional(tool.details, "object");
  }
  plainRecord(settings);
  if (envelope !== undefined) plainRecord(envelope);
  for (const count of Object.values(usage ?? {})) assert.equal(typeof count, "number");
  if (error !== undefined) {
    assert.equal(typeof error.message, "string");
    optional(error.type, "string");
    assert.ok(["undefined", "string", "number"].includes(typeof error.code));
  }
  assert.doesNotThrow(() => JSON.stringify(conversation));
}

function assertMessage(message: Message): void {
  assert.ok(ROLES.has(message.role));
  optional(message.name, "string");
  optional(message.finishReason, "string");
  optional(message.details, "object");
  assert.ok(Array.isArray(message.parts));
  for (const part of message.parts) assertPart(part);
}

function assertPart(part: Part): void {
  optional(part.details, "object");
  switch (part.type) {
    case "text":
      for (const citation of part.citations ?? []) {
        for (const key of ["text", "url", "title"]) optional(citation[key], "string");
      }
      return assert.equal(typeof part.text, "string");
    case "reasoning":
      optional(part.redacted, "boolean");
      return assert.equal(typeof part.text, "string");
    case "refusal":
      return assert.equal(typeof part.text, "string");
    case "toolCall":
      optional(part.id, "string");
      return assert.equal(typeof part.name, "string");
    case "toolResult":
      optional(part.id, "string");
      optional(part.name, "string");
      optional(part.isError, "boolean");
      return part.parts.forEach(assertPart);
    case "media":
      assert.ok(MEDIA.has(part.media));
      for (const value of [part.mimeType, part.url, part.data, part.name]) optional(value, "string");
      return undefined;
    case "embedding":
      return assert.ok(part.values.every((value) => typeof value === "number"));
    case "data":
    case "unknown":
      return assert.ok("value" in part);
    default:
      return assert.fail(`no part: ${JSON.stringify(part)}`);
  }
}

function optional(value: unknown, type: string): void {
  if (value !== undefined) assert.equal(typeof value, type);
}

function plainRecord(value: object): void {
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
}
