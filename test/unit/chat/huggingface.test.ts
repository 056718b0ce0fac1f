import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read, sse, textOf } from "./exchange.ts";

function infer(response: unknown, inputs: unknown = "Hi", rest: Partial<RecordedExchange> = {}): Conversation {
  const path = "hf-inference/models/Org/Model-7B";
  return read(response, { inputs, parameters: { top_k: 2 } }, { provider: "huggingface", path, ...rest });
}

const partsOf = (conversation: Conversation) => conversation.answers.flatMap(({ parts }) => parts);

function token(text: string, special = false, rest: object = { generated_text: null, details: null }) {
  return { index: 1, token: { id: text.length, text, logprob: -0.5, special }, ...rest };
}

describe("Hugging Face's requests", () => {
  it("inputs are the user's, parameters the settings, the model is in the path", () => {
    const asked = read(
      [{ generated_text: "x" }],
      { inputs: "Hi", parameters: { temperature: 0.5, stream: 1 }, stream: false, options: { use_cache: false } },
      { provider: "huggingface", path: "/hf-inference/models/Org/Model-7B" },
    );
    assert.equal(asked.format, "huggingface");
    assert.equal(asked.model, "Org/Model-7B");
    assert.deepEqual(asked.messages, [{ role: "user", parts: [{ type: "text", text: "Hi" }] }]);
    assert.deepEqual(asked.settings, {
      stream: false,
      options: { use_cache: false },
      temperature: 0.5,
      parameters: { stream: 1 },
    });
    assert.equal(infer([{ generated_text: "x" }], "Hi", { path: "Org/Other" }).model, "Org/Other");
  });

  it("the inputs of other tasks", () => {
    const asked = (inputs: unknown) => infer([{ label: "a", score: 1 }], inputs).messages;
    const text = (...texts: string[]) => texts.map((one) => ({ type: "text", text: one }));
    assert.deepEqual(asked({ question: "Who?", context: "I." }), [{ role: "user", parts: text("Who?", "I.") }]);
    assert.deepEqual(asked({ source_sentence: "a", sentences: ["b", "c"] })[0]?.parts, text("a", "b", "c"));
    assert.deepEqual(asked(["a", "b"])[0]?.parts, text("a", "b"));
    assert.deepEqual(asked({ past_user_inputs: ["1"], generated_responses: ["2"], text: "3" }), [
      { role: "user", parts: text("1") },
      { role: "assistant", parts: text("2") },
      { role: "user", parts: text("3") },
    ]);
    assert.deepEqual(asked({ query: "q", table: { a: ["1"] } })[0]?.parts, [
      ...text("q"),
      { type: "data", value: { table: { a: ["1"] } } },
    ]);
    const data = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).toString("base64");
    assert.deepEqual(asked(data)[0]?.parts, [{ type: "media", media: "image", mimeType: "image/jpeg", data }]);
  });

  it("messages are a chat's, whatever the address", () => {
    const choices = [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }];
    const chat = read(
      { choices },
      { messages: [{ role: "user", content: "Hi" }] },
      { provider: "huggingface", path: "hf-inference/models/Org/Model" },
    );
    assert.deepEqual([chat.format, textOf(chat.messages[0]), textOf(chat.answers[0])], ["openai-chat", "Hi", "Hello"]);
  });
});

describe("Hugging Face's answers", () => {
  it("generated text with its details, several of them, other sequences", () => {
    const details = { finish_reason: "eos_token", generated_tokens: 2, prefill: [{ id: 1, text: "H" }], seed: 7 };
    const whole = infer({ generated_text: "Hey", details });
    assert.deepEqual(whole.answers, [
      {
        role: "assistant",
        parts: [{ type: "text", text: "Hey" }],
        finishReason: "eos_token",
        details: { generated_tokens: 2, prefill: [{ id: 1, text: "H" }], seed: 7 },
      },
    ]);
    assert.deepEqual(whole.usage, { tokensIn: 1, tokensOut: 2 });
    assert.deepEqual(infer([[{ generated_text: "a" }], [{ generated_text: "b" }]]).answers.map(textOf), ["a", "b"]);
    const best = {
      generated_text: "a",
      details: { best_of_sequences: [{ generated_text: "b", finish_reason: "length" }] },
    };
    assert.deepEqual(
      infer([best]).answers.map((answer) => [textOf(answer), answer.finishReason]),
      [
        ["a", undefined],
        ["b", "length"],
      ],
    );
  });

  it("texts of the other tasks", () => {
    for (const key of ["summary_text", "translation_text"]) {
      assert.deepEqual(partsOf(infer([{ [key]: "short" }])), [{ type: "text", text: "short" }]);
    }
    assert.deepEqual(partsOf(infer({ answer: "me", score: 0.5, start: 0, end: 2 })), [
      { type: "text", text: "me", details: { score: 0.5, start: 0, end: 2 } },
    ]);
    const chunks = [{ text: "hi", timestamp: [0, 1] }];
    assert.deepEqual(partsOf(infer({ text: "hi", chunks })), [{ type: "text", text: "hi", details: { chunks } }]);
  });

  it("classes, entities and rankings are data", () => {
    const bodies: unknown[] = [
      [[{ label: "GOOD", score: 0.9 }]],
      [{ entity_group: "PER", word: "Ada", score: 1, start: 0, end: 3 }],
      [{ index: 1, score: 0.2, text: "b" }],
      { sequence: "s", labels: ["a"], scores: [1] },
      { answer: "", score: 0.1, start: 0, end: 0 },
    ];
    for (const body of bodies) assert.deepEqual(partsOf(infer(body)), [{ type: "data", value: body }]);
  });

  it("vectors are embeddings, but where sentences were compared", () => {
    assert.deepEqual(partsOf(infer([0.5, 1])), [{ type: "embedding", values: [0.5, 1] }]);
    assert.deepEqual(partsOf(infer([[[0.5], [1]]])), [
      { type: "embedding", values: [0.5] },
      { type: "embedding", values: [1] },
    ]);
    const compared = infer([0.5, 1], { source_sentence: "a", sentences: ["b", "c"] });
    assert.deepEqual(partsOf(compared), [{ type: "data", value: [0.5, 1] }]);
  });

  it("sound in JSON, an image in bytes, an error in plain text", () => {
    assert.deepEqual(partsOf(infer([{ blob: "SUQzBAAAAAAAI1RT", "content-type": "audio/mpeg", label: "l" }])), [
      { type: "media", media: "audio", mimeType: "audio/mpeg", data: "SUQzBAAAAAAAI1RT", details: { label: "l" } },
    ]);
    const image = infer(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), "a cat", { responseContentType: "image/jpeg" });
    assert.deepEqual([image.format, partsOf(image)[0]?.type], ["huggingface", "media"]);
    const failed = infer("Not Found", "x", { statusCode: 404 });
    assert.deepEqual([failed.format, failed.error?.message], ["huggingface", "Not Found"]);
  });

  it("without the address only what is unmistakable", () => {
    const elsewhere = (response: unknown) => infer(response, "Hi", { provider: "custom-x", path: "v1/do" }).format;
    assert.equal(elsewhere([{ generated_text: "a" }]), "huggingface");
    assert.equal(elsewhere({ summary_text: "a" }), "huggingface");
    assert.equal(elsewhere([{ label: "a", score: 1 }]), "unknown");
    assert.equal(elsewhere([0.5]), "unknown");
    assert.equal(elsewhere({ text: "a" }), "unknown");
  });
});

describe("Hugging Face's streams", () => {
  const details = { finish_reason: "eos_token", generated_tokens: 3, input_length: 4, seed: null };
  const events = [token("One"), token(" two"), token("</s>", true, { generated_text: "One two", details })];

  it("joins the tokens but the special ones", () => {
    const whole = infer(sse(events));
    assert.deepEqual(partsOf(whole), [{ type: "text", text: "One two" }]);
    assert.equal(whole.answers[0]?.finishReason, "eos_token");
    assert.deepEqual(whole.usage, { tokensIn: 4, tokensOut: 3 });
    assert.deepEqual(
      whole.answers[0]?.details?.tokens,
      events.map((event) => event.token),
    );
    assert.equal(whole.answers[0]?.details?.whole_text, undefined);
    assert.equal(whole.complete, true);
    assert.equal(textOf(infer({ streamed_data: events }).answers[0]), "One two");
    assert.equal(infer(events).complete, true);
  });

  it("keeps the whole text where it says otherwise", () => {
    const last = token("</s>", true, { generated_text: "Prompt: One", details });
    const odd = infer(sse([token("One"), last]));
    assert.equal(textOf(odd.answers[0]), "One");
    assert.equal(odd.answers[0]?.details?.whole_text, "Prompt: One");
    assert.equal(textOf(infer(sse([last])).answers[0]), "Prompt: One");
  });

  it("cut anywhere after its first event says less", () => {
    const stream = sse(events);
    for (let end = sse(events.slice(0, 1)).length; end < stream.length - 2; end++) {
      const cut = infer(stream.slice(0, end));
      assert.ok("One two".startsWith(textOf(cut.answers[0])), String(end));
      assert.equal(cut.complete, false, String(end));
    }
  });

  it("an error at the end is no token", () => {
    const failed = infer(sse([token("One"), { error: "overloaded", error_type: "overloaded" }]));
    assert.deepEqual(partsOf(failed), [{ type: "text", text: "One" }]);
    assert.equal(failed.error?.message, "overloaded");
    assert.equal(failed.complete, false);
  });
});

describe("Hugging Face's other tasks", () => {
  it("whatever a task answers with is known there as its result", () => {
    assert.deepEqual(partsOf(infer(["yes"])), [{ type: "data", value: ["yes"] }]);
    assert.deepEqual(partsOf(infer([[{ index: 3, value: 0.5 }]])), [
      { type: "data", value: [[{ index: 3, value: 0.5 }]] },
    ]);
    const { format, answers } = infer({ video: { url: "https://host.example/v.mp4", content_type: "video/mp4" } });
    assert.equal(format, "huggingface");
    assert.deepEqual(answers[0]?.parts, [
      { type: "media", media: "video", mimeType: "video/mp4", url: "https://host.example/v.mp4" },
    ]);
  });

  it("an error or an answer in another format is not taken for a result", () => {
    const chat = { object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: "Yo" } }] };
    assert.equal(infer(chat).format, "openai-chat");
    assert.deepEqual(infer({ error: "Loading", estimated_time: 2 }).answers, []);
  });

  it("texts ranked by a query, without inputs", () => {
    const ranked = [{ index: 0, score: 0.9, text: "One" }];
    const { messages, answers, settings } = read(
      ranked,
      { query: "Which?", texts: ["One", "Two"], raw_scores: true },
      { provider: "huggingface", path: "models/Org/Ranker/rerank" },
    );
    assert.deepEqual(messages, [
      {
        role: "user",
        parts: [
          { type: "text", text: "Which?" },
          { type: "text", text: "One" },
          { type: "text", text: "Two" },
        ],
      },
    ]);
    assert.deepEqual([settings, answers[0]?.parts], [{ raw_scores: true }, [{ type: "data", value: ranked }]]);
  });
});
