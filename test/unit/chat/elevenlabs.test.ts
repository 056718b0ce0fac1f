import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read as readExchange } from "./exchange.ts";

const WAV = Buffer.from("RIFF\xFF\xFF\xFF\xFFWAVEfmt \0", "latin1");
const WORDS = [{ text: "Hi", start: 0, end: 1, type: "word" }];

function read(response: unknown, request: unknown, path: string, rest: Partial<RecordedExchange> = {}): Conversation {
  return readExchange(response, request, { provider: "elevenlabs", path: `v1/${path}`, ...rest });
}

describe("ElevenLabs", () => {
  it("hears: a form, a text and its words", () => {
    const form = Buffer.concat([
      Buffer.from('--b\r\nContent-Disposition: form-data; name="model_id"\r\n\r\nscribe\r\n'),
      Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'),
      WAV,
      Buffer.from("\r\n--b--\r\n"),
    ]);
    const value = { language_code: "en", language_probability: 0.9, text: "Hi", words: WORDS };
    const { format, model, messages, answers, envelope, settings } = read(
      JSON.stringify(value),
      form,
      "speech-to-text",
    );
    assert.deepEqual([format, model, settings], ["elevenlabs", "scribe", {}]);
    assert.deepEqual(messages[0]?.parts, [
      { type: "media", media: "audio", mimeType: "audio/wav", data: WAV.toString("base64"), name: "a.wav" },
    ]);
    assert.deepEqual(answers[0]?.parts, [
      { type: "text", text: "Hi" },
      { type: "data", value: { words: WORDS } },
    ]);
    assert.deepEqual(envelope, { language_code: "en", language_probability: 0.9 });
  });

  it("hears several channels, an answer each", () => {
    const value = {
      transcription_id: "t",
      transcripts: [
        { text: "Hi", channel_index: 0 },
        { text: "Yo", channel_index: 1 },
      ],
    };
    const { answers, envelope } = read(value, { cloud_storage_url: "https://host.example/a.wav" }, "speech-to-text");
    assert.deepEqual(answers, [
      { role: "assistant", parts: [{ type: "text", text: "Hi" }], details: { channel_index: 0 } },
      { role: "assistant", parts: [{ type: "text", text: "Yo" }], details: { channel_index: 1 } },
    ]);
    assert.deepEqual(envelope, { transcription_id: "t" });
  });

  it("speaks: a text, and bytes or base64 with its times, also in pieces", () => {
    const request = { text: "Hi", model_id: "m", voice_settings: { speed: 1 } };
    const spoken = read(new Uint8Array(WAV), request, "text-to-speech/voice", { responseContentType: "audio/wav" });
    assert.equal(spoken.format, "elevenlabs");
    assert.deepEqual(spoken.messages[0]?.parts, [{ type: "text", text: "Hi" }]);
    assert.deepEqual(spoken.settings, { voice_settings: { speed: 1 } });
    const audio = { type: "media", media: "audio", mimeType: "audio/wav", data: WAV.toString("base64") };
    assert.deepEqual(spoken.answers[0]?.parts, [audio]);

    const alignment = { characters: ["H"], character_start_times_seconds: [0] };
    const piece = (bytes: Buffer, times: object | null): object => ({
      audio_base64: bytes.toString("base64"),
      alignment: times,
    });
    const timed = read(piece(WAV, alignment), request, "text-to-speech/voice/with-timestamps");
    assert.deepEqual(timed.answers[0]?.parts, [audio, { type: "data", value: { alignment } }]);
    const pieces = [piece(WAV.subarray(0, 7), alignment), piece(WAV.subarray(7), null)];
    const lines = pieces.map((one) => JSON.stringify(one)).join("\n");
    const streamed = read(lines, request, "text-to-speech/voice/stream/with-timestamps");
    assert.deepEqual(streamed.answers, timed.answers);
    assert.equal(streamed.complete, true);
  });

  it("says what is wrong", () => {
    const value = { detail: { status: "invalid_uid", message: "No voice" } };
    const { format, error } = read(value, { text: "Hi" }, "text-to-speech/voice", { statusCode: 400 });
    assert.equal(format, "elevenlabs");
    assert.match(error?.message ?? "", /No voice/);
  });
});

describe("ElevenLabs' dialogues and music", () => {
  it("says the lines of a dialogue, and what music shall be like", () => {
    const dialogue = read(
      WAV,
      { model_id: "m", inputs: [{ text: "Hi", voice_id: "a" }, { text: "Yo" }] },
      "text-to-dialogue",
    );
    assert.equal(dialogue.model, "m");
    assert.deepEqual(dialogue.messages[0]?.parts, [
      { type: "text", text: "Hi", details: { voice_id: "a" } },
      { type: "text", text: "Yo" },
    ]);
    const music = read(WAV, { prompt: "A march", music_length_ms: 5 }, "music");
    assert.deepEqual(music.messages[0]?.parts, [{ type: "text", text: "A march" }]);
    assert.deepEqual(music.settings, { music_length_ms: 5 });
  });

  it("says the words of an error within a detail", () => {
    const { error } = read({ detail: { status: "no_key", message: "No key" } }, { text: "Hi" }, "music", {
      statusCode: 401,
    });
    assert.deepEqual(error, { message: "No key", details: { detail: { status: "no_key", message: "No key" } } });
  });
});
