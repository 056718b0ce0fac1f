import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation } from "../../../src/chat/conversation.ts";
import { read, textOf } from "./exchange.ts";

const END = { done: true, done_reason: "stop", total_duration: 9, prompt_eval_count: 3, eval_count: 4 };
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]).toString("base64");

function ask(task: string, response: unknown, request: object = { prompt: "Hi" }): Conversation {
  return read(response, { model: "gemma3", ...request }, { provider: "custom-ollama", path: `/api/${task}` });
}

function lines(...values: object[]): string {
  return values.map((value) => `${JSON.stringify({ model: "gemma3", ...value })}\n`).join("");
}

const said = (message: object) => ({ message: { role: "assistant", ...message }, done: false });
const partsOf = (conversation: Conversation) => conversation.answers.flatMap(({ parts }) => parts);

describe("Ollama's requests", () => {
  it("chats with thinking, images, calls and the results of tools", () => {
    const asked = ask(
      "chat",
      { ...said({ content: "3" }), ...END },
      {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "What?", images: [PNG] },
          {
            role: "assistant",
            content: "",
            thinking: "Hm.",
            tool_calls: [{ function: { name: "f", index: 0, arguments: { a: 1 } } }],
          },
          { role: "tool", content: "3", tool_name: "f" },
        ],
        tools: [{ type: "function", function: { name: "f", description: "d", parameters: {} } }],
        options: { temperature: 0, num_ctx: 9 },
        format: "json",
        think: true,
      },
    );
    assert.equal(asked.format, "ollama");
    assert.deepEqual(asked.messages.slice(1), [
      {
        role: "user",
        parts: [
          { type: "text", text: "What?" },
          { type: "media", media: "image", mimeType: "image/png", data: PNG },
        ],
      },
      {
        role: "assistant",
        parts: [
          { type: "reasoning", text: "Hm." },
          { type: "toolCall", name: "f", arguments: { a: 1 } },
        ],
      },
      { role: "tool", parts: [{ type: "toolResult", name: "f", parts: [{ type: "text", text: "3" }] }] },
    ]);
    assert.deepEqual(asked.tools, [{ name: "f", description: "d", parameters: {} }]);
    assert.deepEqual(asked.settings, { format: "json", think: true, temperature: 0, num_ctx: 9 });
    assert.equal(asked.model, "gemma3");
  });

  it("prompts with a system text, texts to embed", () => {
    const asked = ask(
      "generate",
      { response: "x", ...END },
      { prompt: "p", system: "s", suffix: "end", images: [PNG] },
    );
    assert.deepEqual(
      asked.messages.map(({ role, parts }) => [role, parts.length]),
      [
        ["system", 1],
        ["user", 2],
      ],
    );
    assert.deepEqual(asked.settings, { suffix: "end" });
    const embed = ask("embed", { embeddings: [[1]], total_duration: 1 }, { input: ["a", "b"] });
    assert.deepEqual(embed.messages[0]?.parts, [
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ]);
  });
});

describe("Ollama's answers", () => {
  const calls = [{ function: { name: "f", index: 0, arguments: { a: 1 } } }];
  const whole = lines(
    said({ content: "", thinking: "H" }),
    said({ content: "", thinking: "m" }),
    said({ content: "On" }),
    said({ content: "e" }),
    said({ content: "", tool_calls: calls }),
    { ...said({ content: "" }), ...END },
  );
  const answer = {
    role: "assistant",
    parts: [
      { type: "reasoning", text: "Hm" },
      { type: "text", text: "One" },
      { type: "toolCall", name: "f", arguments: { a: 1 } },
    ],
    finishReason: "stop",
  };

  it("the same streamed, whole and stored as a list", () => {
    const plain = { model: "gemma3", ...said({ content: "One", thinking: "Hm", tool_calls: calls }), ...END };
    const events = whole
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    for (const body of [whole, plain, events, { streamed_data: events }]) {
      const { format, answers, usage, envelope, complete } = ask("chat", body, { messages: [] });
      assert.deepEqual(answers, [answer]);
      assert.deepEqual([format, complete], ["ollama", true]);
      assert.deepEqual(usage, { tokensIn: 3, tokensOut: 4 });
      assert.deepEqual(envelope, { model: "gemma3", total_duration: 9, prompt_eval_count: 3, eval_count: 4 });
    }
  });

  it("cut anywhere after its first line says less", () => {
    for (let end = whole.indexOf("\n") + 2; end < whole.length - 1; end++) {
      const cut = ask("chat", whole.slice(0, end));
      assert.ok("One".startsWith(textOf(cut.answers[0])), String(end));
      assert.equal(cut.complete, false, String(end));
    }
  });

  it("generated text with its context", () => {
    const read = ask("generate", lines({ response: "a", done: false }, { response: "b", context: [1, 2], ...END }));
    assert.equal(textOf(read.answers[0]), "ab");
    assert.deepEqual(read.envelope?.context, [1, 2]);
    assert.equal(read.complete, true);
  });

  it("embeddings, log probabilities, an image, an error in the stream", () => {
    const embedded = ask("embed", { embeddings: [[1, 2], [3]], total_duration: 1, prompt_eval_count: 2 });
    assert.deepEqual(
      partsOf(embedded).map((part) => part.type === "embedding" && part.values),
      [[1, 2], [3]],
    );
    assert.equal(embedded.complete, true);
    assert.deepEqual(partsOf(ask("embeddings", { embedding: [5] })), [{ type: "embedding", values: [5] }]);
    const logprobs = [{ token: "a", logprob: -1 }];
    const kept = ask(
      "chat",
      lines({ ...said({ content: "a" }), logprobs }, { ...said({ content: "b" }), logprobs, ...END }),
    );
    assert.deepEqual(kept.answers[0]?.details, { logprobs: [...logprobs, ...logprobs] });
    const drawn = ask("generate", { image: PNG, completed: 4, total: 4, ...END });
    assert.equal(partsOf(drawn)[0]?.type, "media");
    const failed = ask("chat", lines(said({ content: "a" }), { error: "out of memory" }));
    assert.deepEqual(
      [textOf(failed.answers[0]), failed.error?.message, failed.complete],
      ["a", "out of memory", false],
    );
  });

  it("is known by its shape, and takes no other's", () => {
    const elsewhere = (body: unknown) => read(body, {}, { provider: "custom-x", path: "v1/do" }).format;
    assert.equal(elsewhere(whole), "ollama");
    assert.equal(elsewhere({ embeddings: [[1]], total_duration: 1 }), "ollama");
    assert.equal(elsewhere({ done: true }), "unknown");
    assert.equal(elsewhere({ embeddings: [[1]], odd: 1 }) === "ollama", false);
  });
});

it("a plain answer that is cut before its end, and what has such fields without being Ollama's", () => {
  const cut = read('{"model":"m","message":{"role":"assistant","content":"Hel', null, {
    provider: "custom-ollama",
    path: "api/chat",
  });
  assert.deepEqual([cut.format, textOf(cut.answers[0]), cut.complete], ["ollama", "Hel", false]);
  const other = read({ done: true, response: { a: 1 } }, null, { provider: "custom-x", path: "x" });
  assert.notEqual(other.format, "ollama");
});
