import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation } from "../../../src/chat/conversation.ts";
import { readConversation } from "../../../src/chat/read.ts";
import { assembleStream } from "../../../src/local/assemble.ts";
import { bodyOf, expectedText, parse, type Body, type Recorded, traffic, trafficMissing } from "../../traffic.ts";
import { textOf } from "./exchange.ts";
import { assertWellFormed } from "./wellformed.ts";

const all = traffic();
const chats = all.filter(({ kind }) => kind === "openai-chat" || kind === "anthropic-messages");

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

describe("recorded traffic", { skip: trafficMissing }, () => {
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
