import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read } from "./exchange.ts";

/** The first answer of a response with these parts, and with more about the candidate. */
function cited(parts: unknown[], more: object) {
  const candidates = [{ content: { role: "model", parts }, finishReason: "STOP", ...more }];
  const path = "v1beta/models/gemini-x:generateContent";
  return read({ candidates }, null, { provider: "google-ai-studio", path }).answers[0];
}

describe("Gemini's sources", () => {
  it("stand with the text they support, in characters where Google counts bytes", () => {
    const found = cited([{ text: "Grüße, 🌍! " }, { text: "Österreich liegt hier." }], {
      groundingMetadata: {
        webSearchQueries: ["q"],
        groundingChunks: [
          { web: { uri: "https://a.example", title: "A", domain: "a.example" } },
          { retrievedContext: { uri: "gs://b", title: "B", text: "quoted" } },
          { maps: { uri: "https://c.example", title: "C", placeId: "p" } },
        ],
        groundingSupports: [
          { segment: { endIndex: 14, text: "Grüße, 🌍!" }, groundingChunkIndices: [0], confidenceScores: [0.5] },
          { segment: { startIndex: 15, endIndex: 26, text: "Österreich" }, groundingChunkIndices: [0, 1] },
          { segment: { startIndex: 12, endIndex: 17, partIndex: 1, text: "liegt" }, groundingChunkIndices: [1] },
        ],
      },
    });
    const a = { type: "web", url: "https://a.example", title: "A", domain: "a.example" };
    const b = { type: "retrievedContext", url: "gs://b", title: "B", text: "quoted" };
    assert.deepEqual(found?.parts, [
      { type: "text", text: "Grüße, 🌍! ", citations: [{ ...a, segments: [{ start: 0, end: 10, confidence: 0.5 }] }] },
      {
        type: "text",
        text: "Österreich liegt hier.",
        citations: [
          { ...a, segments: [{ start: 0, end: 10 }] },
          {
            ...b,
            segments: [
              { start: 0, end: 10 },
              { start: 11, end: 16 },
            ],
          },
          { type: "maps", url: "https://c.example", title: "C", placeId: "p" },
        ],
      },
    ]);
    assert.deepEqual(found.details, { groundingMetadata: { webSearchQueries: ["q"] } });
  });

  it("are not pinned to a place that reads otherwise, and what supports nothing known is kept", () => {
    const found = cited([{ text: "Abc" }], {
      groundingMetadata: {
        groundingChunks: [{ web: { uri: "u", title: "t" } }],
        groundingSupports: [
          { segment: { startIndex: 0, endIndex: 2, text: "Zz" }, groundingChunkIndices: [0] },
          { segment: { endIndex: 1 }, groundingChunkIndices: [9] },
        ],
      },
    });
    assert.deepEqual(found?.parts, [
      {
        type: "text",
        text: "Abc",
        citations: [{ type: "web", url: "u", title: "t", segments: [{ startIndex: 0, endIndex: 2, text: "Zz" }] }],
      },
    ]);
    assert.deepEqual(found.details, {
      groundingMetadata: { groundingSupports: [{ segment: { endIndex: 1 }, groundingChunkIndices: [9] }] },
    });
  });

  it("of recited text are citations, too, on both services", () => {
    const source = { startIndex: 1, endIndex: 3, uri: "https://a.example", license: "MIT" };
    for (const key of ["citations", "citationSources"]) {
      const found = cited([{ text: "Thought", thought: true }, { text: "Abcd" }], {
        citationMetadata: { [key]: [source] },
      });
      assert.deepEqual(found?.parts[1], {
        type: "text",
        text: "Abcd",
        citations: [{ url: "https://a.example", license: "MIT", segments: [{ start: 1, end: 3 }] }],
      });
      assert.equal(found.details, undefined);
    }
  });

  it("are kept where there is no text to stand with", () => {
    const groundingMetadata = { groundingChunks: [{ web: { uri: "u" } }] };
    const found = cited([{ functionCall: { name: "f" } }], { groundingMetadata });
    assert.deepEqual(found?.details, { groundingMetadata });
  });
});
