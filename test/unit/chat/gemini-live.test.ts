import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import { read, sse, textOf } from "./exchange.ts";

const address = {
  provider: "google-ai-studio",
  path: "ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
};
const lines = (messages: unknown[]) => messages.map((message) => JSON.stringify(message)).join("\n");
const said = (text: string) => ({ serverContent: { modelTurn: { role: "model", parts: [{ text }] } } });
const sent = { setup: { model: "models/gemini-live" } };
const over = { serverContent: { turnComplete: true } };

describe("Gemini Live", () => {
  it("what was sent: setup, turns, sound as one, what functions gave", () => {
    const sound = (data: string) => ({ realtimeInput: { audio: { mimeType: "audio/pcm;rate=16000", data } } });
    const { format, messages, tools, settings, model } = read(
      null,
      lines([
        {
          setup: {
            model: "models/gemini-live",
            systemInstruction: { parts: [{ text: "Be brief." }] },
            tools: [{ functionDeclarations: [{ name: "find" }] }],
            generationConfig: { responseModalities: ["TEXT"] },
          },
        },
        { clientContent: { turns: [{ role: "user", parts: [{ text: "Hi" }] }], turnComplete: true } },
        { realtimeInput: { activityStart: {} } },
        sound("AAAA"),
        sound("BBBB"),
        { realtimeInput: { text: "typed" } },
        { tool_response: { function_responses: [{ id: "f1", name: "find", response: { output: "tea" } }] } },
      ]),
      address,
    );
    assert.equal(format, "gemini-live");
    assert.deepEqual(
      messages.map(({ role, parts }) => [role, parts.map(({ type }) => type)]),
      [
        ["system", ["text"]],
        ["user", ["text"]],
        ["user", ["media"]],
        ["user", ["text"]],
        ["tool", ["toolResult"]],
      ],
    );
    assert.deepEqual(messages[2]?.parts, [
      { type: "media", media: "audio", mimeType: "audio/pcm;rate=16000", data: "AAAABBBB" },
    ]);
    assert.deepEqual([tools[0]?.name, model], ["find", "gemini-live"]);
    assert.deepEqual(settings, { generationConfig: { responseModalities: ["TEXT"] } });
  });

  it("turns, however their texts are cut and whatever they are framed in", () => {
    const random = new Random(7);
    for (let tried = 0; tried < 300; tried++) {
      const turns = Array.from({ length: random.between(1, 4) }, () =>
        Array.from({ length: random.between(1, 5) }, () => random.letters(random.between(1, 9))),
      );
      const messages = [{ setupComplete: {} }, ...turns.flatMap((pieces) => [...pieces.map(said), over])];
      const frame = random.pick([lines, sse, JSON.stringify]);
      const { format, answers, complete } = read(frame(messages), sent, address);
      assert.deepEqual([format, complete], ["gemini-live", true]);
      assert.deepEqual(
        answers.map((answer) => textOf(answer)),
        turns.map((pieces) => pieces.join("")),
      );
    }
  });

  it("calls, what was heard and spoken, counts of all turns, and an end that is missing", () => {
    const usageMetadata = { promptTokenCount: 10, responseTokenCount: 4, totalTokenCount: 14 };
    const messages = [
      { serverContent: { inputTranscription: { text: "Any " } } },
      { serverContent: { inputTranscription: { text: "tea?" } } },
      { toolCall: { functionCalls: [{ id: "f1", name: "find", args: { q: "tea" } }] }, usageMetadata },
      { serverContent: { outputTranscription: { text: "Yes." } } },
      { serverContent: { turnComplete: true }, usageMetadata },
    ];
    const { answers, usage, complete } = read(lines(messages), sent, address);
    assert.deepEqual(
      answers.map(({ role, parts }) => [role, parts]),
      [
        ["user", [{ type: "text", text: "Any tea?", details: { inputTranscription: true } }]],
        ["assistant", [{ type: "toolCall", id: "f1", name: "find", arguments: { q: "tea" } }]],
        ["assistant", [{ type: "text", text: "Yes.", details: { outputTranscription: true } }]],
      ],
    );
    assert.deepEqual([usage, complete], [{ tokensIn: 20, tokensOut: 8, tokensTotal: 28 }, true]);
    assert.equal(read(lines([said("Half"), said(" a")]), null, address).complete, false);
    const stopped = read(lines([said("Half"), { serverContent: { interrupted: true } }]), null, address);
    assert.deepEqual([textOf(stopped.answers[0]), stopped.answers[0]?.finishReason], ["Half", "interrupted"]);
  });
});

it("Gemini in a wrapping reads as without it, plain, in events and in an array", () => {
  const chunk = (text: string, finishReason?: string) => ({
    candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason }],
    responseId: "r",
  });
  const contents = [{ role: "user", parts: [{ text: "Hi there" }] }];
  const place = { provider: "custom-code-assist", path: "v1internal:streamGenerateContent" };
  for (const chunks of [[chunk("Good day.", "STOP")], [chunk("Good "), chunk("day.", "STOP")]]) {
    const wrapped = chunks.map((response) => ({ response, traceId: "t1" }));
    for (const frame of [
      (list: object[]) => sse(list),
      (list: object[]) => JSON.stringify(list),
      (list: object[]) => JSON.stringify({ streamed_data: list }),
    ]) {
      const plain = read(frame(chunks), { contents }, place);
      const unwrapped = read(frame(wrapped), { model: "gemini-demo", project: "p-1", request: { contents } }, place);
      assert.deepEqual(unwrapped.answers, plain.answers);
      assert.deepEqual(unwrapped.messages, plain.messages);
      assert.deepEqual([unwrapped.model, unwrapped.settings], ["gemini-demo", { project: "p-1" }]);
      assert.deepEqual(unwrapped.envelope?.["traceId"], "t1");
    }
  }
});
