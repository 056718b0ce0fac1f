import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./exchange.ts";

const REQUEST = {
  model: "m",
  query: "Which?",
  documents: ["One", { text: "Two", id: 2 }, { title: "Three" }],
  top_n: 1,
};

test("a ranking of documents", () => {
  const results = [{ index: 1, relevance_score: 0.9, document: { text: "Two" } }];
  const meta = { billed_units: { search_units: 1 } };
  const conversation = read({ id: "1", results, meta }, REQUEST, { provider: "cohere", path: "v2/rerank" });
  assert.deepEqual(conversation, {
    format: "rerank",
    messages: [
      {
        role: "user",
        parts: [
          { type: "text", text: "Which?" },
          { type: "text", text: "One" },
          { type: "text", text: "Two", details: { id: 2 } },
          { type: "data", value: { title: "Three" } },
        ],
      },
    ],
    answers: [{ role: "assistant", parts: [{ type: "data", value: results }] }],
    tools: [],
    settings: { top_n: 1 },
    model: "m",
    envelope: { id: "1", meta },
    complete: true,
  });
});

test("as Jina and Voyage have it, wherever it is served", () => {
  const ranking = [{ index: 0, relevance_score: 0.9 }];
  for (const response of [
    { results: ranking, usage: { total_tokens: 5 } },
    { object: "list", data: ranking, usage: { total_tokens: 5 } },
  ]) {
    const { format, answers, usage, messages } = read(response, REQUEST, { provider: "custom-x", path: "" });
    assert.equal(format, "rerank");
    assert.equal(messages[0]?.parts.length, 4);
    assert.deepEqual(answers[0]?.parts, [{ type: "data", value: ranking }]);
    assert.deepEqual(usage, { tokensIn: 5, tokensTotal: 5 });
  }
});

test("other lists of results are no ranking", () => {
  const { format } = read({ results: [{ index: 0, score: 1 }] }, { a: 1 }, { provider: "custom-x", path: "" });
  assert.equal(format, "unknown");
});

test("a classification of texts", () => {
  const classifications = [{ id: "2", input: "Nice", prediction: "good", confidence: 0.9 }];
  const { format, messages, answers, settings, envelope } = read(
    { id: "1", classifications },
    { inputs: ["Nice", 5], examples: [{ text: "Fine", label: "good" }] },
    { provider: "cohere", path: "v1/classify" },
  );
  assert.equal(format, "cohere-classify");
  assert.deepEqual(messages[0]?.parts, [
    { type: "text", text: "Nice" },
    { type: "unknown", value: 5 },
  ]);
  assert.deepEqual(answers[0]?.parts, [{ type: "data", value: classifications }]);
  assert.deepEqual(settings, { examples: [{ text: "Fine", label: "good" }] });
  assert.deepEqual(envelope, { id: "1" });
});

test("Bedrock's agents rank the sources of several queries", () => {
  const source = { type: "INLINE", inlineDocumentSource: { type: "TEXT", textDocument: { text: "One" } } };
  const json = { type: "INLINE", inlineDocumentSource: { type: "JSON", jsonDocument: { a: 1 } } };
  const results = [{ index: 0, relevanceScore: 0.5 }];
  const { format, messages, settings, answers } = read(
    { results },
    {
      queries: [{ type: "TEXT", textQuery: { text: "Which?" } }],
      sources: [source, json],
      rerankingConfiguration: { type: "BEDROCK_RERANKING_MODEL" },
    },
    { provider: "aws-bedrock", path: "bedrock-agent-runtime/us-east-1/rerank" },
  );
  assert.equal(format, "rerank");
  assert.deepEqual(messages[0]?.parts, [
    { type: "text", text: "Which?" },
    { type: "text", text: "One" },
    { type: "data", value: json },
  ]);
  assert.deepEqual(settings, { rerankingConfiguration: { type: "BEDROCK_RERANKING_MODEL" } });
  assert.deepEqual(answers[0]?.parts, [{ type: "data", value: results }]);
});
