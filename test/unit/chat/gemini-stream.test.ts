import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RecordedExchange } from "../../../src/chat/conversation.ts";
import { read, sse, textOf } from "./exchange.ts";

const question = { contents: [{ role: "user", parts: [{ text: "Hi" }] }] };
const gemini = (response: unknown, request: unknown = question, rest: Partial<RecordedExchange> = {}) =>
  read(response, request, {
    provider: "google-ai-studio",
    path: "v1beta/models/gemini-x:streamGenerateContent",
    ...rest,
  });

const chunk = (parts: unknown[], more: object = {}, around: object = {}) => ({
  candidates: [{ content: { role: "model", parts }, ...more }],
  modelVersion: "gemini-x-001",
  ...around,
});
const end = { finishReason: "STOP", index: 0 };
const folded = (...parts: unknown[][]) =>
  gemini(sse([...parts.map((some) => chunk(some)), chunk([], end)])).answers[0]?.parts;

const story = [
  chunk([{ text: "Let me ", thought: true }], {}, { usageMetadata: { trafficType: "ON_DEMAND" } }),
  chunk([{ text: "think.", thought: true }], {}, { usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 } }),
  chunk([{ text: "Grüße " }], { index: 0 }),
  chunk([{ text: "🌍" }]),
  chunk([{ functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "call" }]),
  chunk([{ text: "" }], end, {
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, thoughtsTokenCount: 1, totalTokenCount: 6 },
    responseId: "r",
  }),
];

describe("a Gemini stream", () => {
  it("says what a plain response would have said, in each form it is stored in", () => {
    const parts = [
      { text: "Let me think.", thought: true },
      { text: "Grüße 🌍" },
      { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "call" },
    ];
    const plain = gemini({ ...story.at(-1), candidates: [{ ...end, content: { parts } }] });
    assert.deepEqual(plain.usage, { tokensIn: 3, tokensOut: 3, tokensTotal: 6, tokensReasoning: 1 });
    const stored = {
      events: sse(story),
      "events with CRLF": sse(story).replaceAll("\n", "\r\n"),
      list: story,
      chunks: { streamed_data: story },
      "assembled and chunks": { ...plain.envelope, candidates: [], streamed_data: story },
    };
    for (const [form, body] of Object.entries(stored)) {
      const { answers, usage, complete, model } = gemini(body);
      assert.deepEqual({ answers, usage, complete, model }, { ...pick(plain) }, form);
    }
  });

  it("is read without its address, too", () => {
    assert.equal(gemini(story, question, { path: "", provider: "custom" }).format, "gemini-generate");
  });

  it("keeps the signature that comes with an empty text, and begins a part at a second one", () => {
    assert.deepEqual(
      folded([{ text: "A" }], [{ text: "", thoughtSignature: "1" }], [{ text: "B", thoughtSignature: "2" }]),
      [
        { type: "text", text: "A", details: { thoughtSignature: "1" } },
        { type: "text", text: "B", details: { thoughtSignature: "2" } },
      ],
    );
    assert.deepEqual(folded([{ text: "A", thought: true }], [{ text: "", thoughtSignature: "1" }]), [
      { type: "reasoning", text: "A" },
      { type: "text", text: "", details: { thoughtSignature: "1" } },
    ]);
  });

  it("keeps text that other parts stand between apart", () => {
    const code = { executableCode: { language: "PYTHON", code: "1" } };
    assert.deepEqual(
      folded(
        [{ text: "A" }, code],
        [{ codeExecutionResult: { outcome: "OUTCOME_OK", output: "1" } }],
        [{ text: "B" }],
      )?.map(({ type }) => type),
      ["text", "toolCall", "toolResult", "text"],
    );
  });

  it("puts the arguments of a call together by their paths", () => {
    const pieces = [
      { functionCall: { name: "f", id: "1", willContinue: true } },
      {
        functionCall: {
          partialArgs: [{ jsonPath: "$.city", stringValue: "New ", willContinue: true }],
          willContinue: true,
        },
      },
      { functionCall: { partialArgs: [{ jsonPath: "$.city", stringValue: "York" }], willContinue: true } },
      {
        functionCall: {
          partialArgs: [
            { jsonPath: "$.days[0].n", numberValue: 1 },
            { jsonPath: "$['days'][1]['a b']", boolValue: false },
            { jsonPath: "$.none", nullValue: "NULL_VALUE" },
          ],
          willContinue: true,
        },
      },
    ].map((part) => [part]);
    const whole = { city: "New York", days: [{ n: 1 }, { "a b": false }], none: null };
    assert.deepEqual(folded(...pieces, [{ functionCall: {} }], [{ functionCall: { name: "g", args: {} } }]), [
      { type: "toolCall", id: "1", name: "f", arguments: whole },
      { type: "toolCall", name: "g", arguments: {} },
    ]);
    assert.deepEqual(folded(...pieces), [
      { type: "toolCall", id: "1", name: "f", arguments: whole, details: { willContinue: true } },
    ]);
  });

  it("keeps a piece of arguments whose path leads nowhere", () => {
    const strays = [
      { jsonPath: "$.a[5]", stringValue: "x" },
      { jsonPath: "nowhere", stringValue: "x" },
      { jsonPath: `$${".a".repeat(5000)}`, stringValue: "x" },
      { jsonPath: "$.b.c", stringValue: "x" },
    ];
    const partialArgs = [
      { jsonPath: "$.b", stringValue: "b" },
      { jsonPath: "$.__proto__", stringValue: "p" },
      ...strays,
    ];
    const [part] = folded([{ functionCall: { name: "f", partialArgs } }]) ?? [];
    assert.ok(part?.type === "toolCall");
    assert.deepEqual(Object.entries(part.arguments ?? {}), [
      ["b", "b"],
      ["__proto__", "p"],
    ]);
    assert.deepEqual(part.details, { partialArgs: strays });
  });

  it("joins raw sound, and leaves other media alone", () => {
    const sound = (text: string) => ({
      inlineData: { mimeType: "audio/L16;codec=pcm;rate=24000", data: Buffer.from(text).toString("base64") },
    });
    const image = { inlineData: { mimeType: "image/png", data: "AA==" } };
    assert.deepEqual(folded([sound("ab")], [sound("c")], [image], [image]), [
      { type: "media", media: "audio", mimeType: "audio/L16;codec=pcm;rate=24000", data: "YWJj" },
      { type: "media", media: "image", mimeType: "image/png", data: "AA==" },
      { type: "media", media: "image", mimeType: "image/png", data: "AA==" },
    ]);
  });

  it("gathers the sources of all its chunks, once each", () => {
    const sources = (...names: string[]) => ({
      groundingMetadata: { groundingChunks: names.map((title) => ({ web: { title } })), webSearchQueries: ["q"] },
    });
    const titles = (...more: object[]) => {
      const { answers } = gemini(sse(more.map((one) => chunk([{ text: "A" }], { ...end, ...one }))));
      const [part] = answers[0]?.parts ?? [];
      return part?.type === "text" && part.citations?.map(({ title }) => title);
    };
    assert.deepEqual(titles(sources("a"), sources("b")), ["a", "b"]);
    assert.deepEqual(titles(sources("a"), sources("a", "b")), ["a", "b"]);
    const logprobs = (token: string) => ({ logprobsResult: { chosenCandidates: [{ token }] } });
    const { answers } = gemini(sse([chunk([{ text: "a" }], logprobs("a")), chunk([{ text: "a" }], logprobs("a"))]));
    assert.deepEqual(answers[0]?.details, { logprobsResult: { chosenCandidates: [{ token: "a" }, { token: "a" }] } });
  });

  it("has an answer a candidate, complete when all of them are finished", () => {
    const both = [
      { candidates: [{ index: 1, content: { parts: [{ text: "B" }] } }] },
      { candidates: [{ index: 0, content: { parts: [{ text: "A" }] }, finishReason: "STOP" }] },
    ];
    const open = gemini(sse(both));
    assert.deepEqual(open.answers.map(textOf), ["A", "B"]);
    assert.equal(open.complete, false);
    assert.equal(gemini(sse([...both, { candidates: [{ index: 1, finishReason: "STOP" }] }])).complete, true);
  });

  it("of a blocked prompt is complete", () => {
    const { answers, complete } = gemini(sse([{ promptFeedback: { blockReason: "OTHER" }, usageMetadata: {} }]));
    assert.deepEqual([answers[0]?.finishReason, complete], ["OTHER", true]);
  });

  it("tells an error among its chunks, and keeps what came before it and what is no chunk", () => {
    const error = { code: 503, message: "Overloaded.", status: "UNAVAILABLE" };
    const chunks = [chunk([{ text: "A" }]), { surprise: 1 }, { error }];
    for (const body of [sse(chunks), chunks]) {
      const conversation = gemini(body);
      assert.deepEqual(conversation.error, { message: "Overloaded.", type: "UNAVAILABLE", code: 503 });
      assert.deepEqual(conversation.answers[0]?.parts, [
        { type: "text", text: "A" },
        { type: "unknown", value: { surprise: 1 } },
      ]);
      assert.equal(conversation.complete, false);
    }
  });

  it("cut anywhere is incomplete, and its text the beginning of the whole", () => {
    const thinking = { ...question, generationConfig: { thinkingConfig: { includeThoughts: true } } };
    const bodies = [sse(story), JSON.stringify(story), JSON.stringify({ streamed_data: story })];
    for (const body of bodies) {
      const bytes = Buffer.from(body);
      for (let end = 30; end < bytes.length - 300; end += 7) {
        const { answers, complete } = gemini(bytes.subarray(0, end), thinking);
        assert.equal(complete, false);
        const isShown = answers[0]?.parts.every(({ type }) => type !== "unknown");
        if (isShown) assert.ok("Grüße 🌍".startsWith(textOf(answers[0])), textOf(answers[0]));
      }
    }
  });
});

function pick({ answers, usage, complete, model }: ReturnType<typeof gemini>) {
  return { answers, usage, complete, model };
}
