import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Part } from "../../../src/chat/conversation.ts";
import { REQUEST, responses, whole } from "./responses.ts";

const partsOf = (output: unknown): Part[] => responses(whole(output)).answers[0]?.parts ?? [];
const sent = (input: unknown) => responses(null, { model: "m", input }).messages;
const usage = {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 6,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 16,
};

describe("requests of the Responses API", () => {
  it("are instructions and a text, with tools and settings", () => {
    const { messages, tools, settings, model } = responses(null, {
      model: "m",
      instructions: "Be brief.",
      input: "Hi",
      tools: [
        { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: true },
        { type: "custom", name: "c", format: { type: "text" } },
        { type: "web_search", search_context_size: "low" },
      ],
      text: { format: { type: "json_schema", name: "s", schema: {} } },
    });
    assert.equal(model, "m");
    assert.deepEqual(messages, [
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      { role: "user", parts: [{ type: "text", text: "Hi" }] },
    ]);
    assert.deepEqual(tools, [
      { name: "f", description: "d", parameters: { type: "object" }, details: { strict: true } },
      { name: "c", details: { format: { type: "text" }, type: "custom" } },
      { name: "web_search", details: { search_context_size: "low", type: "web_search" } },
    ]);
    assert.deepEqual(settings, { text: { format: { type: "json_schema", name: "s", schema: {} } } });
  });

  it("hold text, images, files and audio", () => {
    const content = [
      { type: "input_text", text: "Look" },
      { type: "input_image", image_url: "https://a.example/x.png", detail: "low" },
      { type: "input_image", file_id: "file_1" },
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" },
      { type: "input_file", filename: "b.txt", file_data: "QUJD" },
      { type: "input_file", file_url: "https://a.example/c.pdf" },
      { type: "input_audio", input_audio: { data: "AAAA", format: "mp3" } },
    ];
    assert.deepEqual(sent([{ role: "user", content }])[0]?.parts, [
      { type: "text", text: "Look" },
      { type: "media", media: "image", url: "https://a.example/x.png", details: { detail: "low" } },
      { type: "media", media: "image", details: { file_id: "file_1" } },
      { type: "media", media: "file", mimeType: "application/pdf", data: "JVBE", name: "a.pdf" },
      { type: "media", media: "file", data: "QUJD", name: "b.txt" },
      { type: "media", media: "file", url: "https://a.example/c.pdf" },
      { type: "media", media: "audio", mimeType: "audio/mp3", data: "AAAA" },
    ]);
  });

  it("are a conversation: what the assistant did in one go is one message, results name their calls", () => {
    const messages = sent([
      { role: "developer", content: "Obey." },
      { role: "user", content: "Go" },
      { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "secret" },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Well" }] },
      { type: "function_call", call_id: "c1", name: "f", arguments: '{"a":1}' },
      { type: "custom_tool_call", call_id: "c2", name: "g", input: '{"free":"text"}' },
      { type: "function_call_output", call_id: "c1", output: "one" },
      { type: "custom_tool_call_output", call_id: "c2", output: [{ type: "input_text", text: "two" }] },
      { type: "item_reference", id: "msg_9" },
    ]);
    assert.deepEqual(
      messages.map(({ role }) => role),
      ["system", "user", "assistant", "tool", "tool", "user"],
    );
    assert.deepEqual(messages[0]?.parts[0]?.details, { role: "developer" });
    assert.deepEqual(messages[2]?.parts, [
      { type: "reasoning", text: "", redacted: true, details: { id: "rs_1", encrypted_content: "secret" } },
      { type: "text", text: "Well" },
      { type: "toolCall", name: "f", arguments: { a: 1 }, id: "c1" },
      { type: "toolCall", name: "g", arguments: '{"free":"text"}', id: "c2", details: { type: "custom_tool_call" } },
    ]);
    assert.deepEqual(messages[3]?.parts, [
      { type: "toolResult", id: "c1", name: "f", parts: [{ type: "text", text: "one" }] },
    ]);
    const [second] = messages[4]?.parts ?? [];
    assert.ok(second?.type === "toolResult");
    assert.equal(second.name, "g");
    assert.deepEqual(messages[5]?.parts, [{ type: "data", value: { type: "item_reference", id: "msg_9" } }]);
  });

  it("pair the calls of computers, shells, patches and approvals with what came of them", () => {
    const messages = sent([
      { type: "computer_call", call_id: "a", action: { type: "click", x: 1, y: 2 } },
      {
        type: "computer_call_output",
        call_id: "a",
        output: { type: "computer_screenshot", image_url: "https://a.example/s" },
      },
      { type: "local_shell_call", id: "lsh", call_id: "b", action: { command: ["ls"] } },
      { type: "local_shell_call_output", id: "b", output: "files" },
      { type: "shell_call", call_id: "c", action: { commands: ["x"] } },
      {
        type: "shell_call_output",
        call_id: "c",
        output: [{ stdout: "o", stderr: "e", outcome: { type: "exit", exit_code: 1 } }],
      },
      { type: "apply_patch_call", call_id: "d", operation: { type: "delete_file", path: "p" } },
      { type: "apply_patch_call_output", call_id: "d", status: "failed", output: "no" },
      { type: "mcp_approval_request", id: "e", name: "m", arguments: "{}", server_label: "s" },
      { type: "mcp_approval_response", approval_request_id: "e", approve: true },
    ]);
    const results = messages.filter(({ role }) => role === "tool").flatMap(({ parts }) => parts);
    assert.deepEqual(
      results.map((part) => (part.type === "toolResult" ? [part.id, part.name, part.isError] : part)),
      [
        ["a", "computer", undefined],
        ["b", "local_shell", undefined],
        ["c", "shell", true],
        ["d", "apply_patch", true],
        ["e", "m", undefined],
      ],
    );
    assert.deepEqual(
      results.map((part) => (part.type === "toolResult" ? part.parts : [])),
      [
        [{ type: "media", media: "image", url: "https://a.example/s" }],
        [{ type: "text", text: "files" }],
        [
          { type: "text", text: "o", details: { stream: "stdout" } },
          { type: "text", text: "e", details: { stream: "stderr" } },
          { type: "data", value: { outcome: { type: "exit", exit_code: 1 } } },
        ],
        [{ type: "text", text: "no" }],
        [{ type: "data", value: { approve: true } }],
      ],
    );
  });

  it("may name a prompt the provider keeps, and what is put into it", () => {
    const [message] = responses(null, {
      model: "m",
      prompt: { id: "pmpt_1", variables: { who: "Ann", picture: { type: "input_image", file_id: "f" } } },
    }).messages;
    assert.deepEqual(message?.parts, [
      { type: "data", value: { prompt: { id: "pmpt_1" } } },
      { type: "text", text: "Ann", details: { variable: "who" } },
      { type: "media", media: "image", details: { file_id: "f", variable: "picture" } },
    ]);
  });
});

describe("responses of the Responses API", () => {
  it("are one answer, with its usage, its finish and its envelope", () => {
    const conversation = responses(
      whole(
        [
          { type: "reasoning", id: "rs", summary: [{ type: "summary_text", text: "Hm" }] },
          {
            type: "message",
            id: "msg",
            role: "assistant",
            content: [{ type: "output_text", text: "Yes", annotations: [] }],
          },
          { type: "function_call", id: "fc", call_id: "c1", name: "f", arguments: "{}" },
        ],
        { usage, output_text: "Yes" },
      ),
    );
    assert.equal(conversation.format, "openai-responses");
    assert.deepEqual(conversation.answers, [
      {
        role: "assistant",
        parts: [
          { type: "reasoning", text: "Hm", details: { id: "rs", type: "summary_text" } },
          { type: "text", text: "Yes", details: { id: "msg" } },
          { type: "toolCall", name: "f", arguments: {}, id: "c1", details: { id: "fc" } },
        ],
        finishReason: "completed",
      },
    ]);
    assert.deepEqual(conversation.usage, {
      tokensIn: 10,
      tokensOut: 6,
      tokensTotal: 16,
      tokensCached: 4,
      tokensReasoning: 2,
    });
    assert.equal(conversation.complete, true);
    assert.deepEqual(conversation.envelope?.usage, usage);
  });

  it("cite with the text a citation is of, counted in characters", () => {
    const annotations = [
      { type: "url_citation", start_index: 2, end_index: 5, url: "https://a.example", title: "A" },
      { type: "file_citation", file_id: "f", filename: "a.txt", index: 3 },
      { type: "url_citation", start_index: 0, end_index: 99_999, url: "https://b.example" },
    ];
    const [part] = partsOf([
      {
        type: "message",
        role: "assistant",
        content: [{ type: "output_text", text: "😀 abc d", annotations, logprobs: [1] }],
      },
    ]);
    assert.deepEqual(part, {
      type: "text",
      text: "😀 abc d",
      citations: [
        { type: "url_citation", start_index: 2, end_index: 5, text: "abc", url: "https://a.example", title: "A" },
        { type: "file_citation", file_id: "f", index: 3, title: "a.txt" },
        { type: "url_citation", start_index: 0, end_index: 99_999, url: "https://b.example" },
      ],
      details: { logprobs: [1] },
    });
  });

  it("call the provider's own tools, with what these found", () => {
    const parts = partsOf([
      {
        type: "web_search_call",
        id: "ws",
        action: { type: "search", query: "q", sources: [{ type: "url", url: "https://a.example" }] },
      },
      { type: "file_search_call", id: "fs", queries: ["q"], results: [{ filename: "a", text: "found", score: 0.5 }] },
      {
        type: "code_interpreter_call",
        id: "ci",
        code: "1+1",
        container_id: "cntr",
        outputs: [
          { type: "logs", logs: "2" },
          { type: "image", url: "data:image/png;base64,AAAA" },
        ],
      },
      { type: "image_generation_call", id: "ig", revised_prompt: "p", output_format: "webp", result: "AAAA" },
      { type: "mcp_call", id: "mcp", name: "t", server_label: "s", arguments: '{"x":1}', output: "out" },
      {
        type: "mcp_call",
        id: "bad",
        name: "t",
        server_label: "s",
        arguments: "{}",
        error: { type: "http", message: "down" },
      },
    ]);
    const calls = parts.filter((part) => part.type === "toolCall");
    const results = parts.filter((part) => part.type === "toolResult");
    assert.deepEqual(
      calls.map(({ id, name, arguments: given }) => [id, name, given]),
      [
        ["ws", "web_search", { type: "search", query: "q" }],
        ["fs", "file_search", { queries: ["q"] }],
        ["ci", "code_interpreter", { code: "1+1" }],
        ["ig", "image_generation", { revised_prompt: "p", output_format: "webp" }],
        ["mcp", "t", { x: 1 }],
        ["bad", "t", {}],
      ],
    );
    assert.deepEqual(
      results.map(({ id }) => id),
      calls.map(({ id }) => id),
    );
    assert.deepEqual(
      results.map((result) => result.parts),
      [
        [{ type: "text", text: "https://a.example", citations: [{ type: "url", url: "https://a.example" }] }],
        [{ type: "text", text: "found", citations: [{ score: 0.5, title: "a" }] }],
        [
          { type: "text", text: "2" },
          { type: "media", media: "image", mimeType: "image/png", data: "AAAA" },
        ],
        [{ type: "media", media: "image", mimeType: "image/webp", data: "AAAA" }],
        [{ type: "text", text: "out" }],
        [{ type: "text", text: "down", details: { type: "http" } }],
      ],
    );
    assert.equal(results.at(-1)?.isError, true);
  });

  it("refuse, stop early, fail, run on, and say so", () => {
    const refusal = { type: "message", role: "assistant", content: [{ type: "refusal", refusal: "No." }] };
    assert.deepEqual(partsOf([refusal]), [{ type: "refusal", text: "No." }]);
    const short = responses(whole([], { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }));
    assert.equal(short.answers[0]?.finishReason, "max_output_tokens");
    assert.equal(short.complete, true);
    const failed = responses(whole([], { status: "failed", error: { code: "server_error", message: "Sorry" } }));
    assert.deepEqual(failed.error, { message: "Sorry", code: "server_error" });
    const running = responses(whole([], { status: "in_progress" }), null, "responses/resp_1");
    assert.equal(running.complete, false);
    assert.equal(running.answers[0]?.finishReason, undefined);
  });

  it("are compacted conversations and token counts too", () => {
    const compacted = responses(
      {
        id: "r",
        object: "response.compaction",
        output: [
          { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] },
          { type: "compaction", id: "cmp", encrypted_content: "secret" },
        ],
      },
      REQUEST,
      "responses/compact",
    );
    assert.deepEqual(compacted.answers[0]?.parts, [
      { type: "text", text: "Hi", details: { role: "user" } },
      {
        type: "reasoning",
        text: "",
        redacted: true,
        details: { id: "cmp", encrypted_content: "secret", type: "compaction" },
      },
    ]);
    const counted = responses({ object: "response.input_tokens", input_tokens: 7 }, REQUEST, "responses/input_tokens");
    assert.deepEqual(counted.usage, { tokensIn: 7 });
    assert.equal(counted.complete, true);
  });

  it("whose content was not stored are not complete", () => {
    const { complete, unstored } = responses(whole([], { usage }));
    assert.equal(complete, false);
    assert.equal(unstored, true);
  });
});
