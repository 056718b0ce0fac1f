import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Part } from "../../../src/chat/conversation.ts";
import { readAnthropic, sse } from "./exchange.ts";

const asked = (...content: unknown[]): Part[] =>
  readAnthropic("", { model: "m", max_tokens: 9, messages: [{ role: "user", content }] }).messages[0]?.parts ?? [];
const streamed = (...events: unknown[]) =>
  readAnthropic(
    sse([
      {
        type: "message_start",
        message: { type: "message", role: "assistant", content: [], usage: { input_tokens: 1 } },
      },
      ...events,
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
      { type: "message_stop" },
    ]),
  ).answers[0]?.parts;

describe("Anthropic's rarer blocks", () => {
  it("facts of a document in parts are with the first of them", () => {
    const source = {
      type: "content",
      content: [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
    };
    assert.deepEqual(asked({ type: "document", source, title: "t", citations: { enabled: true } }), [
      { type: "text", text: "a", details: { document: { citations: { enabled: true }, title: "t" } } },
      { type: "text", text: "b" },
    ]);
    assert.deepEqual(asked({ type: "document", source: { type: "content", content: [] }, title: "t" }), [
      { type: "data", value: { document: { title: "t" } } },
    ]);
  });

  it("a search result that found nothing, and what a browser shows", () => {
    assert.deepEqual(asked({ type: "search_result", source: "s", title: "t", content: [] }), [
      { type: "data", value: { type: "search_result", source: "s", title: "t" } },
    ]);
    const state = { type: "browser_state", tabs: [{ title: "t" }] };
    assert.deepEqual(asked({ type: "tool_result", tool_use_id: "c", content: [state] }), [
      { type: "toolResult", id: "c", parts: [{ type: "data", value: state }] },
    ]);
  });

  it("a streamed summary with its encrypted twin, and one that is encrypted alone", () => {
    const start = (index: number) => ({
      type: "content_block_start",
      index,
      content_block: { type: "compaction", content: null },
    });
    const delta = (index: number, content: unknown) => ({
      type: "content_block_delta",
      index,
      delta: { type: "compaction_delta", content, encrypted_content: "e" },
    });
    assert.deepEqual(streamed(start(0), delta(0, "sum"), start(1), delta(1, null)), [
      { type: "reasoning", text: "sum", details: { encrypted_content: "e", type: "compaction" } },
      { type: "reasoning", text: "", redacted: true, details: { encrypted_content: "e", type: "compaction" } },
    ]);
  });

  it("an index that comes twice begins another block", () => {
    const start = { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } };
    const said = (text: string) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } });
    assert.deepEqual(streamed(start, said("a"), start, said("b")), [
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ]);
  });

  it("blocks cut before they say anything, and a call before its name", () => {
    const head = '{"type":"message","role":"assistant","content":[{"type":"text","text":"a"},';
    assert.deepEqual(readAnthropic(`${head}{"type":"text"`).answers[0]?.parts, [{ type: "text", text: "a" }]);
    assert.deepEqual(readAnthropic(`${head}{"type":"tool_use","id":"c"`).answers[0]?.parts[1], {
      type: "toolCall",
      id: "c",
      name: "",
      arguments: undefined,
    });
  });
});
