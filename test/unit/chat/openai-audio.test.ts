import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, Part, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read as readExchange, sse, textOf } from "./exchange.ts";

const MP3 = Buffer.from("ID3\x03\0\0\0\0\0\0more", "latin1");
const SPEECH = { model: "tts", input: "Hello", voice: "v", instructions: "Softly" };

function read(response: unknown, request: unknown, path: string, rest: Partial<RecordedExchange> = {}): Conversation {
  return readExchange(response, request, { path: `v1/audio/${path}`, ...rest });
}

function partsOf(conversation: Conversation): Part[] {
  return conversation.answers.flatMap((message) => message.parts);
}

function recording(...fields: [string, string][]): Buffer {
  return Buffer.concat([
    ...fields.map(([name, value]) =>
      Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
    ),
    Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\n'),
    MP3,
    Buffer.from("\r\n--b--\r\n"),
  ]);
}

describe("speech", () => {
  it("is asked for by a text and answered by bytes", () => {
    const conversation = read(new Uint8Array(MP3), SPEECH, "speech", { responseContentType: "audio/mpeg" });
    assert.equal(conversation.format, "openai-audio");
    assert.deepEqual(conversation.messages, [{ role: "user", parts: [{ type: "text", text: "Hello" }] }]);
    assert.deepEqual(conversation.settings, { voice: "v", instructions: "Softly" });
    const audio = { type: "media", media: "audio", mimeType: "audio/mpeg", data: MP3.toString("base64") };
    assert.deepEqual(partsOf(conversation), [audio]);
    assert.equal(conversation.complete, true);
    const raw = read(new Uint8Array([0, 1, 2, 3]), SPEECH, "speech", { responseContentType: "audio/pcm" });
    assert.deepEqual(partsOf(raw), [{ type: "media", media: "audio", mimeType: "audio/pcm", data: "AAECAw==" }]);
  });

  it("comes in JSON from Mistral, which takes a voice to speak with", () => {
    const request = { model: "m", input: "Hi", ref_audio: MP3.toString("base64") };
    const conversation = read({ audio_data: MP3.toString("base64") }, request, "speech");
    const audio = { type: "media", media: "audio", mimeType: "audio/mpeg", data: MP3.toString("base64") };
    assert.deepEqual(partsOf(conversation), [audio]);
    assert.deepEqual(conversation.messages[0]?.parts[1], audio);
    const named = read({ audio_data: "AAECAw==" }, { input: "Hi", response_format: "pcm" }, "speech");
    assert.deepEqual(partsOf(named), [{ type: "media", media: "audio", mimeType: "audio/pcm", data: "AAECAw==" }]);
  });

  it("streamed is joined from its pieces, padded or not", () => {
    const pieces = [MP3.subarray(0, 4), MP3.subarray(4, 5), MP3.subarray(5)];
    for (const key of ["audio", "audio_data"]) {
      const events = [
        ...pieces.map((piece) => ({ type: "speech.audio.delta", [key]: piece.toString("base64") })),
        { type: "speech.audio.done", usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } },
      ];
      for (const form of [sse(events), { streamed_data: events }, events]) {
        const conversation = read(form, SPEECH, "speech");
        const audio = { type: "media", media: "audio", mimeType: "audio/mpeg", data: MP3.toString("base64") };
        assert.deepEqual(partsOf(conversation), [audio]);
        assert.deepEqual(conversation.usage, { tokensIn: 1, tokensOut: 2, tokensTotal: 3 });
        assert.equal(conversation.complete, true);
      }
      const cut = read(sse(events.slice(0, 2)), SPEECH, "speech");
      assert.equal(cut.complete, false);
      const [part] = partsOf(cut);
      assert.equal(part?.type === "media" && part.data, MP3.subarray(0, 5).toString("base64"));
    }
  });
});

describe("transcripts", () => {
  const segments = [{ id: 0, start: 0, end: 1.5, text: " Hello there." }];

  it("are asked for by a form and answered by a text and its times", () => {
    const value = {
      task: "transcribe",
      language: "english",
      duration: 1.5,
      text: "Hello there.",
      segments,
      words: [{ word: "Hello", start: 0, end: 0.5 }],
      usage: { type: "duration", seconds: 2 },
    };
    const form = recording(["model", "whisper-1"], ["language", "en"], ["timestamp_granularities[]", "word"]);
    const conversation = read(JSON.stringify(value), form, "transcriptions");
    assert.equal(conversation.format, "openai-audio");
    assert.equal(conversation.model, "whisper-1");
    assert.deepEqual(conversation.settings, { language: "en", timestamp_granularities: ["word"] });
    assert.deepEqual(conversation.messages[0]?.parts, [
      { type: "media", media: "audio", mimeType: "audio/mpeg", data: MP3.toString("base64"), name: "a.mp3" },
    ]);
    assert.deepEqual(partsOf(conversation), [
      { type: "text", text: "Hello there." },
      { type: "data", value: { segments, words: value.words } },
    ]);
    const { task, language, duration, usage } = value;
    assert.deepEqual(conversation.envelope, { task, language, duration, usage });
    assert.equal(conversation.usage, undefined);
  });

  it("are read from the least that can be answered: a text, a caption file, a number", () => {
    assert.deepEqual(partsOf(read({ text: "Hi" }, recording(), "translations")), [{ type: "text", text: "Hi" }]);
    const srt = "1\n00:00:00,000 --> 00:00:01,000\nHi\n";
    for (const [text, type] of [
      ["Hi\n", "text/plain"],
      [srt, ""],
      ["WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n", "text/vtt"],
    ]) {
      const conversation = read(text, recording(), "transcriptions", { responseContentType: type ?? "" });
      assert.equal(conversation.format, "openai-audio");
      assert.deepEqual(partsOf(conversation), [{ type: "text", text }]);
    }
    assert.deepEqual(partsOf(read("42", recording(), "transcriptions")), [{ type: "text", text: "42" }]);
  });

  it("may be asked for by a URL, or by base64 in JSON", () => {
    const url = "https://host.example/a.mp3";
    for (const key of ["url", "file_url"]) {
      const { messages } = read({ text: "Hi" }, { model: "m", [key]: url }, "transcriptions");
      assert.deepEqual(messages[0]?.parts, [{ type: "media", media: "audio", url }]);
    }
    const data = Buffer.from("0123456789abcdef").toString("base64");
    const { messages } = read({ text: "Hi" }, { input_audio: { data, format: "wav" } }, "transcriptions");
    assert.deepEqual(messages[0]?.parts, [{ type: "media", media: "audio", mimeType: "audio/wav", data }]);
  });

  it("streamed say the same as plain", () => {
    const logprobs = [
      { token: "Hello", logprob: -1 },
      { token: " you", logprob: -2 },
    ];
    const usage = { type: "tokens", input_tokens: 1, output_tokens: 2, total_tokens: 3 };
    const plain = read({ text: "Hello you", logprobs, usage }, recording(), "transcriptions");
    const events = [
      { type: "transcript.text.delta", delta: "Hello", logprobs: logprobs.slice(0, 1) },
      { type: "transcript.text.delta", delta: " you", logprobs: logprobs.slice(1) },
      { type: "transcript.text.done", text: "Hello you", logprobs, usage },
    ];
    for (const form of [sse(events), { streamed_data: events }, events]) {
      assert.deepEqual(read(form, recording(), "transcriptions"), plain);
    }
    assert.equal(read(sse(events), null, "elsewhere").format, "openai-audio");
    const cut = read(sse(events.slice(0, 1)), recording(), "transcriptions");
    assert.deepEqual(partsOf(cut), [{ type: "text", text: "Hello", details: { logprobs: logprobs.slice(0, 1) } }]);
    assert.equal(cut.complete, false);
  });

  it("by speaker keep who said what, also where the stream ends before its text", () => {
    const said = { type: "transcript.text.segment", id: "s", speaker: "A", start: 0, end: 1, text: " Hi." };
    const events = [said, { ...said, speaker: "B", text: " Yo." }, { type: "transcript.text.done", text: "Hi. Yo." }];
    const whole = read(sse(events), recording(), "transcriptions");
    assert.deepEqual(partsOf(whole), [
      { type: "text", text: "Hi. Yo." },
      { type: "data", value: { segments: events.slice(0, 2) } },
    ]);
    assert.equal(textOf(read(sse(events.slice(0, 2)), recording(), "transcriptions").answers[0]), "Hi. Yo.");
  });

  it("streamed by Mistral are read from its own events", () => {
    const events = [
      { type: "transcription.language", audio_language: "en" },
      { type: "transcription.text.delta", text: "Hel" },
      { type: "transcription.text.delta", text: "lo" },
      { type: "transcription.segment", text: "Hello", start: 0, end: 1, speaker_id: "1" },
      { type: "transcription.done", model: "v", text: "Hello", language: null, usage: { prompt_tokens: 4 } },
      { type: "transcription.new", a: 1 },
    ];
    const conversation = read(sse(events), recording(), "transcriptions");
    assert.deepEqual(partsOf(conversation), [
      { type: "text", text: "Hello" },
      { type: "data", value: { segments: [events[3]] } },
      { type: "unknown", value: events[5] },
    ]);
    assert.equal(conversation.envelope?.language, "en");
    assert.deepEqual(conversation.usage, { tokensIn: 4 });
    assert.equal(conversation.model, "v");
  });

  it("that failed are an error", () => {
    const { format, error, answers } = read({ error: { message: "No" } }, recording(), "transcriptions");
    assert.deepEqual([format, error, answers], ["openai-audio", { message: "No" }, []]);
  });

  it("are known by their times; a bare text is not one", () => {
    assert.equal(read({ text: "Hi", segments }, null, "elsewhere").format, "openai-audio");
    assert.equal(read({ text: "Hi" }, null, "elsewhere").format, "unknown");
  });
});
