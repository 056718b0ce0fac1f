// Reads recorded traffic that is kept beside the project, not in it; without it these tests are skipped.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Conversation } from "../../../src/chat/conversation.ts";
import { readConversation } from "../../../src/chat/read.ts";
import { assembleStream } from "../../../src/local/assemble.ts";
import { textOf } from "./exchange.ts";
import { assertWellFormed } from "./wellformed.ts";

type Recorded = {
  id: string;
  kind: string;
  provider: string;
  path: string;
  model: string;
  status: number;
  streaming: boolean;
  request: string;
  response: string;
  request_encoding?: string;
  response_encoding?: string;
  request_content_type: string;
  response_content_type: string;
};
type Body = string | Uint8Array;

const file = new URL("../../../../shared/traffic/exchanges.jsonl", import.meta.url);
const skip = existsSync(file) ? false : "the recorded traffic (../shared/traffic/exchanges.jsonl) is not here";
const all: Recorded[] =
  skip === false
    ? readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Recorded)
    : [];
const chats = all.filter(({ kind }) => kind === "openai-chat" || kind === "anthropic-messages");

const bodyOf = (text: string, encoding?: string): Body =>
  encoding === "base64" ? new Uint8Array(Buffer.from(text, "base64")) : text;

function read(recorded: Recorded, response: Body, responseContentType = recorded.response_content_type): Conversation {
  return readConversation({
    provider: recorded.provider,
    path: recorded.path,
    model: recorded.model,
    statusCode: recorded.status,
    requestContentType: recorded.request_content_type,
    responseContentType,
    request: bodyOf(recorded.request, recorded.request_encoding),
    response,
  });
}

// What the last answer says, taken from the bytes by the shortest way: of a plain body its own field, of a stream all
// its deltas. Deliberately nothing of src/chat.
type Loose = { [key: string]: Loose | undefined } & Loose[] & string;

function expectedText({ kind, response, streaming }: Recorded): string {
  if (streaming) return streamedText(kind, response);
  const body = parse(response);
  if (kind === "anthropic-messages") return blocksText(body?.content);
  const choices = body?.choices;
  const content = choices?.[choices.length - 1]?.message?.content;
  return typeof content === "string" ? content : blocksText(content);
}

function blocksText(blocks: Loose | undefined): string {
  if (!Array.isArray(blocks)) return "";
  return (blocks as Loose[]).map((block) => (block.type === "text" ? String(block.text) : "")).join("");
}

function streamedText(kind: string, stream: string): string {
  const texts = new Map<unknown, string>();
  for (const line of stream.split(/\r?\n/)) {
    const event = line.startsWith("data:") ? parse(line.slice(5)) : undefined;
    if (kind === "anthropic-messages") {
      const delta = event?.delta;
      const text = event?.content_block?.type === "text" ? event.content_block.text : delta?.text;
      texts.set(0, (texts.get(0) ?? "") + (text ?? ""));
    }
    const choices: Loose[] = event?.choices ?? [];
    for (const { index, delta } of choices) {
      const content = delta?.content;
      const isText = typeof content === "string" || typeof content === "number";
      texts.set(index, (texts.get(index) ?? "") + (isText ? String(content) : blocksText(content)));
    }
  }
  return texts.get(Math.max(...[...texts.keys()].map(Number))) ?? "";
}

function parse(text: string): Loose | undefined {
  try {
    return JSON.parse(text) as Loose;
  } catch {
    return undefined;
  }
}

/** Words that the conversation tells by its own structure. */
const STRUCTURE = new Set(["type", "role", "format", "object"]);

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => (STRUCTURE.has(key) ? [] : textsIn(child)));
}

const isJsonOfNoText = (text: string) => typeof parse(text) === "object" && textsIn(parse(text)).length === 0;

const said = ({ answers }: Conversation) =>
  answers.map(({ parts, finishReason }) => ({
    finishReason,
    kinds: parts.map(({ type }) => type).filter((type) => type !== "unknown"),
    calls: parts.filter((part) => part.type === "toolCall").map((part) => part.arguments),
  }));

describe("recorded traffic", { skip }, () => {
  it("each of them is read, well-formed, and shows its text or its JSON", () => {
    assert.ok(all.length >= 278);
    for (const recorded of all) {
      const conversation = read(recorded, bodyOf(recorded.response, recorded.response_encoding));
      assertWellFormed(conversation);
      if (recorded.request !== "")
        assert.ok(
          conversation.messages.some(({ parts }) => parts.length > 0),
          recorded.id,
        );
      if (recorded.response === "") continue;
      const isShown = conversation.answers.some(({ parts }) => parts.length > 0) || conversation.error !== undefined;
      assert.ok(isShown, recorded.id);
    }
  });

  it("chats are read by their own reader, whatever the path is called", () => {
    for (const recorded of chats) {
      assert.equal(read(recorded, recorded.response).format, recorded.kind, recorded.id);
      if (recorded.status !== 200 || recorded.response === "") continue;
      assert.equal(
        read({ ...recorded, path: "", provider: "custom-x" }, recorded.response).format,
        recorded.kind,
        recorded.id,
      );
    }
  });

  it("a finished chat is complete, a failed one tells its error", () => {
    for (const recorded of chats) {
      const conversation = read(recorded, recorded.response);
      if (recorded.status !== 200 && recorded.response !== "") assert.ok(conversation.error?.message, recorded.id);
      const isWhole = recorded.status === 200 && recorded.request !== "" && conversation.error === undefined;
      if (isWhole) assert.equal(conversation.complete, true, recorded.id);
    }
  });

  const forms: Record<string, (recorded: Recorded) => Conversation | undefined> = {
    "as recorded": (recorded) => read(recorded, recorded.response),
    "as bytes": (recorded) => read(recorded, new TextEncoder().encode(recorded.response)),
    "with CRLF": (recorded) => read(recorded, recorded.response.replaceAll(/\r?\n/g, "\r\n")),
    "with no content type": (recorded) => read(recorded, recorded.response, ""),
    "with a wrong content type, as bytes": (recorded) =>
      read(
        recorded,
        new TextEncoder().encode(recorded.response),
        recorded.streaming ? "application/json" : "image/png",
      ),
    "as the gateway assembles it": (recorded) => {
      const assembled = recorded.streaming ? assembleStream(recorded.response) : undefined;
      return assembled === undefined ? undefined : read(recorded, assembled);
    },
    "assembled, and wrapped as a result": (recorded) => {
      const assembled = recorded.streaming ? assembleStream(recorded.response) : undefined;
      return assembled === undefined ? undefined : read(recorded, JSON.stringify({ success: true, result: assembled }));
    },
    "as chunks alone": (recorded) => {
      const assembled = recorded.streaming ? parse(assembleStream(recorded.response) ?? "") : undefined;
      return assembled === undefined
        ? undefined
        : read(recorded, JSON.stringify({ streamed_data: assembled.streamed_data }));
    },
  };
  for (const [name, form] of Object.entries(forms)) {
    it(`the last answer's text word for word, ${name}`, () => {
      let compared = 0;
      for (const recorded of chats) {
        const conversation = form(recorded);
        if (conversation === undefined) continue;
        const expected = expectedText(recorded);
        assert.equal(textOf(conversation.answers.at(-1)), expected, recorded.id);
        compared += expected === "" ? 0 : 1;
      }
      assert.ok(compared > 30, `${compared} texts compared`);
    });
  }

  it("of a plain chat nothing is lost: each text of the bodies is somewhere in the conversation", () => {
    let sought = 0;
    for (const recorded of chats.filter(({ streaming }) => !streaming)) {
      const kept = new Set(textsIn(read(recorded, recorded.response)));
      for (const text of [...textsIn(parse(recorded.request)), ...textsIn(parse(recorded.response))]) {
        // A data URL is taken apart, arguments that are JSON are parsed.
        const pieces = /^data:[^,]*;base64,(.*)$/s.exec(text)?.slice(1) ?? textsIn(parse(text));
        const isKept = kept.has(text) || (pieces.length > 0 && pieces.every((piece) => kept.has(piece)));
        assert.ok(isKept || isJsonOfNoText(text), `${recorded.id}: ${text}`);
        sought++;
      }
    }
    assert.ok(sought > 1000, `${sought} texts sought`);
  });

  it("assembled and streamed say the same", () => {
    for (const recorded of chats.filter(({ streaming }) => streaming)) {
      const assembled = assembleStream(recorded.response);
      if (assembled === undefined) continue;
      const [kept, streamed] = [read(recorded, assembled), read(recorded, recorded.response)];
      assert.deepEqual(said(kept), said(streamed), recorded.id);
      assert.deepEqual(kept.usage, streamed.usage, recorded.id);
      assert.equal(kept.complete, streamed.complete, recorded.id);
    }
  });
});
