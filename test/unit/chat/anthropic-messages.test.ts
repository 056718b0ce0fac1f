import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readAnthropic } from "./exchange.ts";

const message = (content: unknown, around: object = {}) => ({
  type: "message",
  role: "assistant",
  id: "msg_1",
  model: "m-1",
  content,
  stop_reason: "end_turn",
  ...around,
});
const partsOf = (content: unknown) => readAnthropic(message(content)).answers[0]?.parts;
const sent = (messages: unknown[], rest: object = {}) =>
  readAnthropic(message([]), { model: "m", max_tokens: 9, messages, ...rest });

describe("Anthropic messages: the request", () => {
  it("system first, texts alone or in blocks, settings as sent", () => {
    const conversation = sent(
      [
        { role: "user", content: "Hi" },
        { role: "assistant", content: [{ type: "text", text: "Yes?", cache_control: { type: "ephemeral" } }] },
      ],
      { system: [{ type: "text", text: "Be brief." }], temperature: 0, thinking: { type: "enabled" } },
    );
    assert.deepEqual(conversation.messages, [
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      { role: "user", parts: [{ type: "text", text: "Hi" }] },
      {
        role: "assistant",
        parts: [{ type: "text", text: "Yes?", details: { cache_control: { type: "ephemeral" } } }],
      },
    ]);
    assert.deepEqual(conversation.settings, { max_tokens: 9, temperature: 0, thinking: { type: "enabled" } });
    assert.equal(sent([], { system: "S" }).messages[0]?.role, "system");
  });

  it("images and documents by each kind of source", () => {
    const { messages } = sent([
      {
        role: "user",
        content: [
          { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBO" } },
          { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
          { type: "image", source: { type: "file", file_id: "file_1" } },
          { type: "document", title: "A", source: { type: "base64", media_type: "application/pdf", data: "JVBE" } },
          { type: "document", title: "B", source: { type: "text", media_type: "text/plain", data: "words" } },
          { type: "document", source: { type: "content", content: [{ type: "text", text: "c" }] } },
        ],
      },
    ]);
    assert.deepEqual(messages[0]?.parts, [
      { type: "media", media: "image", mimeType: "image/png", data: "iVBO" },
      { type: "media", media: "image", url: "https://example.com/a.png" },
      { type: "media", media: "image", details: { file_id: "file_1" } },
      { type: "media", media: "file", mimeType: "application/pdf", data: "JVBE", name: "A" },
      { type: "text", text: "words", details: { title: "B", media_type: "text/plain" } },
      { type: "text", text: "c" },
    ]);
  });

  it("tool uses and results: names found, errors, pictures, search results", () => {
    const { messages } = sent([
      { role: "assistant", content: [{ type: "tool_use", id: "1", name: "look", input: { a: 1 } }] },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "1",
            is_error: true,
            content: [
              { type: "text", text: "x" },
              { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBO" } },
              { type: "search_result", source: "s.md", title: "S", content: [{ type: "text", text: "found" }] },
            ],
          },
          { type: "tool_result", tool_use_id: "2", content: "plain" },
          { type: "sensation", level: 3 },
        ],
      },
    ]);
    assert.deepEqual(messages[0]?.parts, [{ type: "toolCall", id: "1", name: "look", arguments: { a: 1 } }]);
    assert.deepEqual(messages[1]?.parts, [
      {
        type: "toolResult",
        id: "1",
        name: "look",
        isError: true,
        parts: [
          { type: "text", text: "x" },
          { type: "media", media: "image", mimeType: "image/png", data: "iVBO" },
          { type: "text", text: "found", citations: [{ url: "s.md", title: "S" }] },
        ],
      },
      { type: "toolResult", id: "2", parts: [{ type: "text", text: "plain" }] },
      { type: "unknown", value: { type: "sensation", level: 3 } },
    ]);
  });

  it("declared tools, server tools among them", () => {
    const tools = [
      { name: "f", description: "F", input_schema: { type: "object" }, strict: true },
      { type: "web_search_20250305", name: "web_search", max_uses: 2 },
    ];
    assert.deepEqual(sent([], { tools }).tools, [
      { name: "f", description: "F", parameters: { type: "object" }, details: { strict: true } },
      { name: "web_search", details: { type: "web_search_20250305", max_uses: 2 } },
    ]);
  });
});

describe("Anthropic messages: the answer", () => {
  it("text, usage with the cache counted in, envelope", () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 30,
      output_tokens: 4,
      output_tokens_details: { thinking_tokens: 1 },
    };
    const conversation = readAnthropic(message([{ type: "text", text: "Hi" }], { usage, stop_sequence: "X" }));
    assert.equal(conversation.format, "anthropic-messages");
    assert.deepEqual([conversation.model, conversation.envelope?.model], ["m", "m-1"]);
    assert.equal(conversation.complete, true);
    assert.deepEqual(conversation.answers, [
      { role: "assistant", parts: [{ type: "text", text: "Hi" }], finishReason: "end_turn" },
    ]);
    assert.deepEqual(conversation.usage, { tokensIn: 240, tokensOut: 4, tokensCached: 200, tokensReasoning: 1 });
    assert.equal(conversation.envelope?.stop_sequence, "X");
  });

  it("thinking, with its signature, and redacted", () => {
    assert.deepEqual(
      partsOf([
        { type: "thinking", thinking: "hm", signature: "s" },
        { type: "redacted_thinking", data: "ZZ" },
      ]),
      [
        { type: "reasoning", text: "hm", details: { signature: "s" } },
        { type: "reasoning", text: "", redacted: true, details: { data: "ZZ" } },
      ],
    );
  });

  it("citations of pages, documents and search results", () => {
    const citations = [
      {
        type: "web_search_result_location",
        cited_text: "c",
        url: "https://a.example",
        title: "A",
        encrypted_index: "E",
      },
      { type: "char_location", cited_text: "d", document_title: "D", document_index: 0, start_char_index: 0 },
    ];
    assert.deepEqual(partsOf([{ type: "text", text: "t", citations }]), [
      {
        type: "text",
        text: "t",
        citations: [
          { type: "web_search_result_location", encrypted_index: "E", text: "c", url: "https://a.example", title: "A" },
          { type: "char_location", document_index: 0, start_char_index: 0, text: "d", title: "D" },
        ],
      },
    ]);
  });

  it("server tools: their calls, what they found or put out, and their failures", () => {
    assert.deepEqual(
      partsOf([
        { type: "server_tool_use", id: "1", name: "web_search", input: { query: "q" } },
        {
          type: "web_search_tool_result",
          tool_use_id: "1",
          content: [{ type: "web_search_result", title: "A", url: "https://a.example", encrypted_content: "E" }],
        },
        { type: "mcp_tool_use", id: "2", name: "ask", server_name: "wiki", input: {} },
        { type: "mcp_tool_result", tool_use_id: "2", is_error: false, content: [{ type: "text", text: "said" }] },
        {
          type: "code_execution_tool_result",
          tool_use_id: "3",
          content: { type: "code_execution_result", stdout: "1\n", stderr: "oops", return_code: 0, content: [] },
        },
        {
          type: "web_fetch_tool_result",
          tool_use_id: "4",
          content: { type: "web_fetch_tool_result_error", error_code: "url_not_accessible" },
        },
      ]),
      [
        {
          type: "toolCall",
          id: "1",
          name: "web_search",
          arguments: { query: "q" },
          details: { type: "server_tool_use" },
        },
        {
          type: "toolResult",
          id: "1",
          name: "web_search",
          details: { type: "web_search_tool_result" },
          parts: [
            {
              type: "text",
              text: "A",
              citations: [{ url: "https://a.example", title: "A", encrypted_content: "E" }],
            },
          ],
        },
        {
          type: "toolCall",
          id: "2",
          name: "ask",
          arguments: {},
          details: { server_name: "wiki", type: "mcp_tool_use" },
        },
        {
          type: "toolResult",
          id: "2",
          name: "ask",
          isError: false,
          details: { type: "mcp_tool_result" },
          parts: [{ type: "text", text: "said" }],
        },
        {
          type: "toolResult",
          id: "3",
          details: { type: "code_execution_tool_result" },
          parts: [
            { type: "text", text: "1\n", details: { return_code: 0 } },
            { type: "text", text: "oops" },
          ],
        },
        {
          type: "toolResult",
          id: "4",
          isError: true,
          details: { type: "web_fetch_tool_result" },
          parts: [{ type: "data", value: { type: "web_fetch_tool_result_error", error_code: "url_not_accessible" } }],
        },
      ],
    );
  });

  it("a result may answer a call of the request's last turn", () => {
    const request = {
      messages: [{ role: "assistant", content: [{ type: "server_tool_use", id: "1", name: "web_search", input: {} }] }],
    };
    const { answers } = readAnthropic(
      message([{ type: "web_search_tool_result", tool_use_id: "1", content: [] }]),
      request,
    );
    assert.equal(answers[0]?.parts[0]?.type === "toolResult" && answers[0].parts[0].name, "web_search");
  });
});
