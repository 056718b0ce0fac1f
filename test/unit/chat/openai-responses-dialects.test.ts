import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read, sse } from "./exchange.ts";

const responses = (response: unknown) =>
  read(response, { model: "m", input: "Hi" }, { provider: "openai", path: "v1/responses" });
const whole = (output: unknown[], rest: object = {}) => ({ object: "response", status: "completed", output, ...rest });

describe("OpenAI Responses: what others add to it, and what is rare", () => {
  it("Perplexity's searches, as items and as events", () => {
    const results = { type: "search_results", queries: ["q"], results: [{ url: "https://a.example", title: "t" }] };
    assert.deepEqual(responses(whole([results])).answers[0]?.parts, [{ type: "data", value: results }]);
    const queries = { type: "response.reasoning.search_queries", queries: ["q"] };
    const { answers } = responses(sse([queries, { type: "response.completed", response: whole([]) }]));
    assert.deepEqual(answers[0]?.parts, [{ type: "data", value: queries }]);
    const usage = { input_tokens: 5, input_tokens_details: { cache_read_input_tokens: 3 } };
    assert.deepEqual(responses(whole([], { usage })).usage, { tokensIn: 5, tokensCached: 3 });
  });

  it("tools that OpenRouter runs", () => {
    const { answers } = responses(whole([{ type: "openrouter:web_search", id: "w", status: "completed" }]));
    assert.deepEqual(answers[0]?.parts, [
      {
        type: "toolCall",
        name: "openrouter:web_search",
        arguments: undefined,
        id: "w",
        details: { status: "completed", type: "openrouter:web_search" },
      },
    ]);
  });

  it("the diff of a patch in pieces", () => {
    const operation = { type: "create_file", path: "p", diff: "" };
    const piece = (delta: string) => ({
      type: "response.apply_patch_call_operation_diff.delta",
      output_index: 0,
      delta,
    });
    const { answers } = responses(
      sse([
        {
          type: "response.output_item.added",
          output_index: 0,
          item: { type: "apply_patch_call", id: "i", call_id: "c", operation },
        },
        piece("+a"),
        piece("b"),
      ]),
    );
    const call = answers[0]?.parts[0];
    assert.deepEqual(call?.type === "toolCall" && call.arguments, { ...operation, diff: "+ab" });
  });

  it("a response that failed is no response that was not stored", () => {
    const failed = responses(
      whole([], { status: "failed", error: { code: "c", message: "no" }, usage: { output_tokens: 5 } }),
    );
    assert.deepEqual([failed.error?.message, failed.unstored, failed.complete], ["no", undefined, true]);
  });

  it("parts and items cut before their type, or before their text", () => {
    const cut = (item: string) => responses(`{"object":"response","output":[${item}`).answers[0]?.parts;
    assert.deepEqual(cut('{"content":[{"annotations":[],"text":"He'), [{ type: "text", text: "He" }]);
    assert.deepEqual(cut('{"content":[{"type":"output_text"'), []);
    assert.deepEqual(cut('{"arguments":"{}","name":"f"'), [{ type: "toolCall", name: "f", arguments: {} }]);
    assert.deepEqual(cut('{"encrypted_content":"e"'), [
      { type: "reasoning", text: "", redacted: true, details: { encrypted_content: "e" } },
    ]);
  });
});
