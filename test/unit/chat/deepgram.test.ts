import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read } from "./exchange.ts";

describe("Deepgram", () => {
  it("hears: an answer a channel, with what is known of its words", () => {
    const words = [{ word: "hi", start: 0, end: 1 }];
    const value = {
      metadata: { request_id: "r", duration: 1 },
      results: {
        channels: [
          {
            alternatives: [{ transcript: "Hi", confidence: 0.9, words }, { transcript: "High" }],
            detected_language: "en",
          },
          { alternatives: [{ transcript: "", confidence: 0 }] },
          { odd: 1 },
        ],
        utterances: [{ transcript: "Hi", speaker: 0 }],
      },
    };
    const { format, messages, answers, envelope } = read(
      value,
      { url: "https://host.example/a.wav" },
      { provider: "deepgram", path: "v1/listen?model=nova" },
    );
    assert.equal(format, "deepgram");
    assert.deepEqual(messages[0]?.parts, [{ type: "media", media: "audio", url: "https://host.example/a.wav" }]);
    assert.deepEqual(answers, [
      {
        role: "assistant",
        parts: [
          { type: "text", text: "Hi" },
          { type: "data", value: { confidence: 0.9, words } },
          { type: "data", value: { alternative: { transcript: "High" } } },
        ],
        details: { detected_language: "en" },
      },
      { role: "assistant", parts: [{ type: "data", value: { confidence: 0 } }] },
      {
        role: "assistant",
        parts: [
          { type: "unknown", value: { odd: 1 } },
          { type: "data", value: { utterances: [{ transcript: "Hi", speaker: 0 }] } },
        ],
      },
    ]);
    assert.deepEqual(envelope, { metadata: { request_id: "r", duration: 1 } });
    assert.equal(read(value, null, { path: "somewhere" }).format, "deepgram");
  });

  it("speaks a text, and hears bytes", () => {
    const bytes = new Uint8Array(Buffer.from("ID3\x03\0\0\0\xFF", "latin1"));
    const address = { provider: "deepgram", path: "v1/speak", responseContentType: "audio/mpeg" };
    const spoken = read(bytes, { text: "Hi" }, address);
    assert.equal(spoken.format, "deepgram");
    assert.deepEqual(spoken.messages, [{ role: "user", parts: [{ type: "text", text: "Hi" }] }]);
    assert.equal(spoken.answers[0]?.parts[0]?.type, "media");
    const heard = read({ results: { channels: [{ alternatives: [{ transcript: "Hi" }] }] } }, bytes, {
      provider: "deepgram",
      path: "v1/listen",
    });
    assert.equal(heard.messages[0]?.parts[0]?.type, "media");
  });
});

describe("Deepgram's other answers", () => {
  it("reads a text, and says what is wrong", () => {
    const address = { provider: "deepgram", path: "v1/read" };
    const results = { summary: { text: "S" }, topics: { segments: [] } };
    const told = read({ metadata: { request_id: "r" }, results }, { text: "Long" }, address);
    assert.deepEqual([told.format, told.envelope], ["deepgram", { metadata: { request_id: "r" } }]);
    assert.deepEqual(told.answers, [{ role: "assistant", parts: [{ type: "data", value: results }] }]);
    const failed = read({ err_code: "E", err_msg: "No" }, { text: "Long" }, { ...address, statusCode: 401 });
    assert.deepEqual([failed.error, failed.answers], [{ message: "No", details: { err_code: "E" } }, []]);
  });
});
