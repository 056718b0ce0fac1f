import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./exchange.ts";

const ADDRESS = { provider: "cohere", path: "v2/embed" };
const META = { billed_units: { input_tokens: 3 } };

test("texts and their floats", () => {
  const { format, messages, answers, settings, usage, envelope } = read(
    {
      id: "1",
      embeddings: [
        [0.5, 1],
        [2, 3],
      ],
      texts: ["a", "b"],
      response_type: "embeddings_floats",
      meta: META,
    },
    { model: "m", texts: ["a", "b"], input_type: "search_query" },
    { ...ADDRESS, path: "v1/embed" },
  );
  assert.equal(format, "cohere-embed");
  assert.deepEqual(messages, [
    {
      role: "user",
      parts: [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
    },
  ]);
  assert.deepEqual(answers, [
    {
      role: "assistant",
      parts: [
        { type: "embedding", values: [0.5, 1] },
        { type: "embedding", values: [2, 3] },
      ],
    },
  ]);
  assert.deepEqual(settings, { input_type: "search_query" });
  assert.deepEqual(usage, { tokensIn: 3 });
  assert.deepEqual(envelope, { id: "1", texts: ["a", "b"], response_type: "embeddings_floats", meta: META });
});

test("mixed inputs and embeddings by type", () => {
  const floats = Buffer.alloc(8);
  floats.writeFloatLE(1.5, 0);
  floats.writeFloatLE(-2, 4);
  const { messages, answers } = read(
    { embeddings: { float: [[1, 2]], int8: [[3, -4]], base64: [floats.toString("base64")], binary: [] } },
    {
      inputs: [
        {
          content: [
            { type: "text", text: "a" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
          ],
        },
      ],
      images: ["data:image/jpeg;base64,BBBB"],
    },
    ADDRESS,
  );
  assert.deepEqual(messages[0]?.parts, [
    { type: "media", media: "image", mimeType: "image/jpeg", data: "BBBB" },
    { type: "text", text: "a" },
    { type: "media", media: "image", mimeType: "image/png", data: "AAAA" },
  ]);
  assert.deepEqual(answers[0]?.parts, [
    { type: "embedding", values: [1, 2], details: { type: "float" } },
    { type: "embedding", values: [3, -4], details: { type: "int8" } },
    { type: "embedding", values: [1.5, -2], details: { type: "base64" } },
  ]);
});

test("on Bedrock, and without any address, the shape tells", () => {
  const response = { embeddings: [[1, 2]], response_type: "embeddings_floats" };
  const request = { texts: ["a"], input_type: "search_query" };
  for (const rest of [
    { provider: "aws-bedrock", path: "model/cohere.embed-english-v3/invoke" },
    { provider: "custom-x", path: "" },
  ]) {
    const { format, answers, messages } = read(response, request, rest);
    assert.equal(format, "cohere-embed");
    assert.deepEqual(answers[0]?.parts, [{ type: "embedding", values: [1, 2] }]);
    assert.deepEqual(messages[0]?.parts, [{ type: "text", text: "a" }]);
  }
});

test("what is no embedding is kept", () => {
  const { answers } = read({ embeddings: { float: [["x"]], base64: [1] } }, { texts: [5] }, ADDRESS);
  assert.deepEqual(answers[0]?.parts, [
    { type: "unknown", value: { embeddings: { float: [["x"]] } } },
    { type: "unknown", value: { embeddings: { base64: [1] } } },
  ]);
});
