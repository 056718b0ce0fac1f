import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read, textOf } from "./exchange.ts";

const at = (path: string) => (response: unknown, request: unknown) =>
  read(response, request, { provider: "google-vertex-ai", path });
const content = (text: string) => ({ parts: [{ text }] });

describe("Gemini's embeddings", () => {
  it("of one content", () => {
    const embed = at("v1beta/models/gemini-embedding:embedContent");
    const { format, messages, answers, settings, model, usage } = embed(
      { embedding: { values: [0.5, 1], statistics: { truncated: false } }, usageMetadata: { promptTokenCount: 2 } },
      { model: "models/gemini-embedding", content: content("A"), taskType: "RETRIEVAL_QUERY" },
    );
    assert.deepEqual([format, model], ["gemini-embeddings", "gemini-embedding"]);
    assert.equal(textOf(messages[0]), "A");
    assert.deepEqual(settings, { taskType: "RETRIEVAL_QUERY" });
    assert.deepEqual(usage, { tokensIn: 2 });
    assert.deepEqual(answers[0]?.parts, [
      { type: "embedding", values: [0.5, 1], details: { statistics: { truncated: false } } },
    ]);
  });

  it("of many, each with its own task", () => {
    const embed = at("v1beta/models/gemini-embedding:batchEmbedContents");
    const { messages, answers, model } = embed(
      { embeddings: [{ values: [1] }, { values: [2] }] },
      { requests: [{ content: content("A"), taskType: "CLUSTERING" }, { content: content("B") }] },
    );
    assert.equal(model, "gemini-embedding");
    assert.deepEqual(messages.map(textOf), ["A", "B"]);
    assert.deepEqual(messages[0]?.details, { taskType: "CLUSTERING" });
    assert.deepEqual(answers[0]?.parts, [
      { type: "embedding", values: [1] },
      { type: "embedding", values: [2] },
    ]);
  });
});

describe("a prediction", () => {
  const predict = at("v1/projects/p/locations/l/publishers/google/models/some-model:predict");

  it("of text embeddings, which count their tokens", () => {
    const { format, messages, answers, settings, usage, model } = predict(
      {
        predictions: [
          { embeddings: { values: [1, 2], statistics: { token_count: 3 } } },
          { embeddings: { values: [4] } },
        ],
        metadata: { billableCharacterCount: 2 },
      },
      {
        instances: [{ content: "A", task_type: "CLUSTERING" }, { content: "B" }],
        parameters: { outputDimensionality: 2 },
      },
    );
    assert.deepEqual([format, model], ["gemini-predict", "some-model"]);
    assert.deepEqual(
      messages.map(({ parts }) => parts),
      [[{ type: "text", text: "A", details: { task_type: "CLUSTERING" } }], [{ type: "text", text: "B" }]],
    );
    assert.deepEqual(settings, { parameters: { outputDimensionality: 2 } });
    assert.deepEqual(answers[0]?.parts, [
      { type: "embedding", values: [1, 2], details: { statistics: { token_count: 3 } } },
      { type: "embedding", values: [4] },
    ]);
    assert.deepEqual(usage, { tokensIn: 3 });
  });

  it("of embeddings of a text, an image and a video, each by its name", () => {
    const { answers } = predict(
      {
        predictions: [
          {
            textEmbedding: [1],
            imageEmbedding: [2],
            videoEmbeddings: [{ startOffsetSec: 0, endOffsetSec: 9, embedding: [3] }],
          },
        ],
      },
      { instances: [{ text: "A" }] },
    );
    assert.deepEqual(answers[0]?.parts, [
      { type: "embedding", values: [1], details: { field: "textEmbedding" } },
      { type: "embedding", values: [2], details: { field: "imageEmbedding" } },
      { type: "embedding", values: [3], details: { field: "videoEmbeddings", startOffsetSec: 0, endOffsetSec: 9 } },
    ]);
  });

  it("of images: what was drawn, from what, and what was filtered", () => {
    const { messages, answers } = predict(
      {
        predictions: [
          { bytesBase64Encoded: "AA==", mimeType: "image/png", prompt: "A red fox" },
          { raiFilteredReason: "Filtered." },
        ],
      },
      {
        instances: [
          {
            prompt: "A fox",
            image: { bytesBase64Encoded: "AQ==", mimeType: "image/jpeg" },
            referenceImages: [{ referenceId: 1, referenceType: "MASK", referenceImage: { gcsUri: "gs://b/m.png" } }],
          },
        ],
      },
    );
    assert.deepEqual(messages[0]?.parts, [
      { type: "text", text: "A fox" },
      { type: "media", media: "image", mimeType: "image/jpeg", data: "AQ==" },
      {
        type: "media",
        media: "image",
        url: "gs://b/m.png",
        details: { field: "referenceImage", referenceId: 1, referenceType: "MASK" },
      },
    ]);
    assert.deepEqual(answers[0]?.parts, [
      { type: "media", media: "image", mimeType: "image/png", data: "AA==", details: { prompt: "A red fox" } },
      { type: "refusal", text: "Filtered." },
    ]);
  });

  it("of a video is an operation until it is done", () => {
    const video = at("v1beta/models/veo:predictLongRunning");
    const begun = video({ name: "models/veo/operations/1" }, { instances: [{ prompt: "A fox" }] });
    assert.equal(begun.format, "gemini-predict");
    assert.deepEqual(begun.answers[0]?.parts, [{ type: "data", value: { name: "models/veo/operations/1" } }]);
    const operation = { operationName: "models/veo/operations/1" };
    const poll = at("v1/projects/p/locations/l/publishers/google/models/veo:fetchPredictOperation");
    const bodies = [
      { videos: [{ gcsUri: "gs://b/v.mp4", mimeType: "video/mp4" }], raiMediaFilteredCount: 1 },
      {
        generateVideoResponse: {
          generatedSamples: [{ video: { uri: "gs://b/v.mp4", mimeType: "video/mp4" } }],
          raiMediaFilteredCount: 1,
        },
      },
    ];
    for (const response of bodies) {
      const done = poll({ name: "models/veo/operations/1", done: true, response }, operation);
      assert.deepEqual(done.answers[0]?.parts, [
        { type: "media", media: "video", mimeType: "video/mp4", url: "gs://b/v.mp4" },
        { type: "data", value: { raiMediaFilteredCount: 1 } },
      ]);
      assert.deepEqual(done.settings, operation);
    }
  });

  it("of a model nobody knows is kept whole", () => {
    const { messages, answers } = predict({ predictions: [{ score: 1 }] }, { instances: [{ x: 1 }] });
    assert.deepEqual(messages[0]?.parts, [{ type: "unknown", value: { x: 1 } }]);
    assert.deepEqual(answers[0]?.parts, [{ type: "data", value: { score: 1 } }]);
  });
});

describe("Google's operations and tokens", () => {
  it("an operation that is asked for by its name is no answer of Ollama's", () => {
    const response = { generateVideoResponse: { generatedSamples: [{ video: { uri: "https://host.example/v" } }] } };
    const operation = { name: "models/veo/operations/o1", done: true, response };
    const { format, answers } = read(operation, null, {
      provider: "google-ai-studio",
      path: "v1beta/models/veo/operations/o1",
    });
    assert.equal(format, "gemini-predict");
    assert.deepEqual(answers[0]?.parts, [{ type: "media", media: "video", url: "https://host.example/v" }]);
    assert.notEqual(read(operation, null, { provider: "custom-x", path: "x" }).format, "ollama");
  });

  it("the tokens of a prompt", () => {
    const tokensInfo = [{ tokens: ["SGk="], tokenIds: ["5"], role: "user" }];
    const { format, answers } = at("v1/projects/p/publishers/google/models/g:computeTokens")(
      { tokensInfo },
      { contents: [content("Hi")] },
    );
    assert.equal(format, "gemini-generate");
    assert.deepEqual(answers[0]?.parts, [{ type: "data", value: { tokensInfo } }]);
  });
});
