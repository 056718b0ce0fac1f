import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation } from "../../../src/chat/conversation.ts";
import { read, textOf } from "./exchange.ts";
import { assertWellFormed } from "./wellformed.ts";

const lines = (events: unknown[]) => events.map((event) => JSON.stringify(event)).join("\n");
const base64 = (text: string) => Buffer.from(text).toString("base64");

function realtime(response: unknown, request: unknown = null): Conversation {
  const conversation = read(response, request, { path: "v1/realtime" });
  assertWellFormed(conversation);
  return conversation;
}

let count = 0;
const server = (type: string, fields: object) => ({ event_id: `event_${count++}`, type, ...fields });
const at = { response_id: "resp_1", item_id: "item_2", output_index: 0, content_index: 0 };

const client = [
  {
    type: "session.update",
    session: {
      type: "realtime",
      model: "m-rt",
      instructions: "Be brief.",
      tools: [{ type: "function", name: "look", parameters: { type: "object" } }],
      audio: { input: { format: { type: "audio/pcm", rate: 24_000 } } },
    },
  },
  { type: "input_audio_buffer.append", audio: base64("one ") },
  { type: "input_audio_buffer.append", audio: base64("two") },
  { type: "input_audio_buffer.commit" },
  {
    type: "conversation.item.create",
    item: { id: "item_0", type: "message", role: "user", content: [{ type: "input_text", text: "And in words?" }] },
  },
  { type: "response.create", response: { output_modalities: ["audio"] } },
  { type: "response.cancel", response_id: "resp_0" },
];

const item = { id: "item_2", object: "realtime.item", type: "message", role: "assistant" };
const speech = [
  server("session.created", {
    session: { model: "m-rt", voice: "alloy", audio: { output: { format: { type: "audio/pcm", rate: 24_000 } } } },
  }),
  server("input_audio_buffer.speech_started", { audio_start_ms: 100, item_id: "item_1" }),
  server("input_audio_buffer.committed", { item_id: "item_1", previous_item_id: null }),
  server("conversation.item.added", {
    item: { id: "item_1", type: "message", role: "user", content: [{ type: "input_audio", transcript: null }] },
  }),
  server("conversation.item.input_audio_transcription.delta", { item_id: "item_1", content_index: 0, delta: "How" }),
  server("response.created", {
    response: { id: "resp_1", object: "realtime.response", status: "in_progress", output: [] },
  }),
  server("response.output_item.added", { response_id: "resp_1", output_index: 0, item: { ...item, content: [] } }),
  server("conversation.item.added", { previous_item_id: "item_1", item: { ...item, content: [] } }),
  server("response.content_part.added", { ...at, part: { type: "audio", transcript: "" } }),
  server("response.output_audio_transcript.delta", { ...at, delta: "Fi" }),
  server("response.output_audio.delta", { ...at, delta: base64("ab") }),
  server("response.output_audio_transcript.delta", { ...at, delta: "ne." }),
  server("response.output_audio.delta", { ...at, delta: base64("cde") }),
  server("response.output_audio.done", at),
  server("response.output_audio_transcript.done", { ...at, transcript: "Fine." }),
  server("response.content_part.done", { ...at, part: { type: "audio", transcript: "Fine." } }),
  server("conversation.item.input_audio_transcription.completed", {
    item_id: "item_1",
    content_index: 0,
    transcript: "How are you?",
    usage: { type: "duration", seconds: 2 },
  }),
  server("response.done", {
    response: {
      id: "resp_1",
      status: "completed",
      output: [{ ...item, status: "completed", content: [{ type: "output_audio", transcript: "Fine." }] }],
      usage: {
        total_tokens: 30,
        input_tokens: 20,
        output_tokens: 10,
        input_token_details: { cached_tokens: 5, audio_tokens: 15 },
      },
    },
  }),
  server("rate_limits.updated", { rate_limits: [{ name: "requests", remaining: 9 }] }),
];

describe("realtime requests", () => {
  it("are the client's events in their order, what was spoken joined", () => {
    const { format, messages, tools, settings, model } = realtime(lines(speech), lines(client));
    assert.equal(format, "openai-realtime");
    assert.equal(model, "m-rt");
    assert.deepEqual(
      messages.map(({ role, parts }) => [role, parts.map(({ type }) => type)]),
      [
        ["system", ["text"]],
        ["user", ["media"]],
        ["user", ["text"]],
        ["user", ["data"]],
      ],
    );
    const spoken = messages[1]?.parts[0];
    assert.ok(spoken?.type === "media");
    assert.equal(spoken.mimeType, "audio/pcm");
    assert.equal(Buffer.from(spoken.data ?? "", "base64").toString(), "one two");
    assert.deepEqual(tools, [{ name: "look", parameters: { type: "object" } }]);
    assert.deepEqual(settings.response, { output_modalities: ["audio"] });
  });

  it("are read as an array and as one event too", () => {
    assert.equal(realtime(null, client).messages.length, 4);
    assert.equal(textOf(realtime(null, client[0]).messages[0]), "Be brief.");
  });
});

describe("realtime responses", () => {
  it("are spoken: one audio part of all pieces, its transcript as text, the sound's format from the session", () => {
    const { answers, usage, complete, envelope } = realtime(lines(speech), lines(client));
    const answer = answers.at(-1);
    assert.equal(answer?.finishReason, "completed");
    assert.deepEqual(
      answer?.parts.map(({ type }) => type),
      ["media", "text"],
    );
    const [sound] = answer?.parts ?? [];
    assert.ok(sound?.type === "media");
    assert.equal(Buffer.from(sound.data ?? "", "base64").toString(), "abcde");
    assert.equal(sound.mimeType, "audio/pcm");
    assert.equal(textOf(answer), "Fine.");
    assert.deepEqual(usage, { tokensIn: 20, tokensOut: 10, tokensTotal: 30, tokensCached: 5 });
    assert.equal(complete, true);
    assert.deepEqual(Object.keys(envelope ?? {}), ["rate_limits", "session"]);
  });

  it("tell what the user was heard to say, before the answer, and nothing twice", () => {
    for (const request of [null, lines(client)]) {
      const { answers } = realtime(lines(speech), request);
      assert.deepEqual(
        answers.map((answer) => [answer.role, textOf(answer)]),
        [
          ["user", "How are you?"],
          ["assistant", "Fine."],
        ],
      );
      assert.equal(answers[0]?.parts[0]?.details?.audio_start_ms, 100);
      assert.deepEqual(answers[0]?.parts[0]?.details?.usage, { type: "duration", seconds: 2 });
    }
  });

  it("repeat the client's items only where those are not recorded", () => {
    const echo = server("conversation.item.created", {
      item: { id: "item_0", type: "message", role: "user", content: [{ type: "input_text", text: "And in words?" }] },
    });
    assert.equal(textOf(realtime(lines([...speech, echo])).answers.at(-1)), "And in words?");
    assert.equal(realtime(lines([...speech, echo]), lines(client)).answers.length, 2);
    const both = realtime(lines([...client, ...speech, echo])).answers;
    assert.deepEqual(
      both.map(textOf).filter((text) => text !== ""),
      ["Be brief.", "And in words?", "How are you?", "Fine."],
    );
  });

  it("call tools, by the events alone and with the result that follows", () => {
    const call = { id: "item_3", type: "function_call", name: "look", call_id: "call_1", arguments: "" };
    const events = [
      server("response.output_item.added", { response_id: "r", output_index: 0, item: call }),
      server("response.function_call_arguments.delta", { response_id: "r", output_index: 0, delta: '{"a":' }),
      server("response.function_call_arguments.delta", { response_id: "r", output_index: 0, delta: "1}" }),
      {
        type: "conversation.item.create",
        item: { type: "function_call_output", call_id: "call_1", output: "seen" },
      },
    ];
    const { answers, complete } = realtime(lines(events));
    assert.equal(complete, false);
    const [called] = answers[0]?.parts ?? [];
    assert.ok(called?.type === "toolCall");
    assert.deepEqual([called.id, called.name, called.arguments], ["call_1", "look", { a: 1 }]);
    assert.deepEqual(answers[1], {
      role: "tool",
      parts: [{ type: "toolResult", id: "call_1", name: "look", parts: [{ type: "text", text: "seen" }] }],
    });
  });

  it("of several turns are an answer each, their tokens added up", () => {
    const turn = (id: string, text: string) => [
      server("response.created", { response: { id, status: "in_progress" } }),
      server("response.output_text.delta", { response_id: id, item_id: `i${id}`, output_index: 0, delta: text }),
      server("response.done", { response: { id, status: "incomplete", usage: { input_tokens: 2, output_tokens: 1 } } }),
    ];
    const { answers, usage, complete } = realtime(lines([...turn("a", "One"), ...turn("b", "Two")]), lines(client));
    assert.deepEqual(answers.map(textOf), ["One", "Two"]);
    assert.deepEqual(
      answers.map(({ finishReason }) => finishReason),
      ["incomplete", "incomplete"],
    );
    assert.deepEqual(usage, { tokensIn: 4, tokensOut: 2 });
    assert.equal(complete, true);
  });

  it("cut anywhere say a beginning, and are not complete", () => {
    const text = lines(speech);
    const upTo = text.indexOf('"response.done"');
    for (let end = 300; end < upTo; end += 97) {
      const { answers, complete } = realtime(text.slice(0, end), lines(client));
      const answer = answers.find(({ role }) => role === "assistant");
      assert.ok("Fine.".startsWith(textOf(answer)), String(end));
      assert.equal(complete, false, String(end));
    }
  });

  it("keep what nobody knows, and survive any shape", () => {
    const odd = server("response.newly_invented", { response_id: "resp_1", value: 1 });
    const { answers } = realtime(lines([...speech, odd]));
    assert.ok(answers.some(({ parts }) => parts.some((part) => part.type === "unknown")));
    for (const value of [null, 1, "x", [], {}, [[]]]) {
      realtime(
        lines([
          { type: "session.update", session: value },
          { type: "conversation.item.create", item: value },
          { type: "input_audio_buffer.append", audio: value },
          { type: "response.create", response: value },
          server("response.output_audio.delta", { delta: value, item_id: value, output_index: value }),
          server("conversation.item.input_audio_transcription.completed", { item_id: value, transcript: value }),
          server("response.done", { response: value }),
        ]),
        [value, { type: "session.update", session: { tools: value, instructions: value } }],
      );
    }
  });
});

describe("the gateway's WebSocket events", () => {
  const metadata = { eventId: "e", logId: "l", cacheStatus: "MISS", step: "0", contentType: "text/event-stream" };
  const chunk = (content: string, reason: string | null = null) => ({
    id: "c",
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: { content }, finish_reason: reason }],
  });
  const request = {
    type: "universal.create",
    request: {
      eventId: "e",
      provider: "openai",
      endpoint: "chat/completions",
      query: { model: "m", messages: [{ role: "user", content: "Hi" }] },
    },
  };
  const stream = [
    { type: "universal.created", metadata },
    { type: "universal.stream", metadata: { eventId: "e" }, response: chunk("Hel") },
    { type: "universal.stream", metadata: { eventId: "e" }, response: chunk("lo", "stop") },
    { type: "universal.done", metadata },
  ];

  it("are taken off a stream's chunks, which their provider's reader reads", () => {
    for (const body of [lines(stream), stream, { streamed_data: stream }]) {
      const conversation = read(body, request, { provider: "", path: "" });
      assert.equal(conversation.format, "openai-chat");
      assert.equal(textOf(conversation.messages[0]), "Hi");
      assert.equal(textOf(conversation.answers[0]), "Hello");
      assert.equal(conversation.complete, true);
      assert.deepEqual(conversation.envelope?.metadata, metadata);
    }
    const cut = read(lines(stream.slice(0, 2)), request);
    assert.equal(textOf(cut.answers[0]), "Hel");
    assert.equal(cut.complete, false);
  });

  it("are taken off a whole answer", () => {
    const message = { role: "assistant", content: "Hello" };
    const response = { id: "c", object: "chat.completion", choices: [{ index: 0, message, finish_reason: "stop" }] };
    const conversation = read({ type: "universal.created", metadata, response }, request, { provider: "", path: "" });
    assert.equal(textOf(conversation.answers[0]), "Hello");
    assert.equal(conversation.complete, true);
    assert.deepEqual(conversation.envelope?.metadata, metadata);
  });

  it("who spoke when, and speech that could not be transcribed", () => {
    const about = { item_id: "i", content_index: 0 };
    const type = "conversation.item.input_audio_transcription";
    const { answers } = realtime(
      lines([
        server("conversation.item.added", { item: { id: "i", type: "message", role: "user", content: [] } }),
        server(`${type}.segment`, { ...about, text: "one", speaker: "A" }),
        server(`${type}.segment`, { ...about, text: "two", speaker: "B" }),
        server(`${type}.failed`, { ...about, error: { message: "Too quiet" } }),
      ]),
      lines(client),
    );
    const segments = [
      { text: "one", speaker: "A" },
      { text: "two", speaker: "B" },
    ];
    assert.deepEqual(answers, [
      {
        role: "user",
        parts: [{ type: "text", text: "", details: { id: "i", segments, error: { message: "Too quiet" } } }],
      },
    ]);
  });
});
