import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, Part, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read as readExchange } from "./exchange.ts";

function read(
  response: unknown,
  request: unknown = { model: "m", input: "x" },
  rest: Partial<RecordedExchange> = {},
): Conversation {
  return readExchange(response, request, { path: "v1/embeddings", ...rest });
}

function answer(...embeddings: unknown[]): object {
  const data = embeddings.map((embedding, index) => ({ object: "embedding", index, embedding }));
  return { object: "list", data, model: "m-1", usage: { prompt_tokens: 2, total_tokens: 2 } };
}

function floats(...values: number[]): string {
  return Buffer.from(Float32Array.from(values).buffer).toString("base64");
}

function partsOf(conversation: Conversation): Part[] {
  return conversation.answers.flatMap((message) => message.parts);
}

describe("embeddings", () => {
  it("are one answer with a part an item, in the order of their indexes", () => {
    const data = [
      { object: "embedding", index: 1, embedding: [3, 4] },
      { object: "embedding", index: 0, embedding: [1, 2] },
    ];
    const conversation = read({ object: "list", data, model: "m-1", usage: { prompt_tokens: 2, total_tokens: 2 } });
    assert.equal(conversation.format, "openai-embeddings");
    assert.deepEqual(conversation.answers, [
      {
        role: "assistant",
        parts: [
          { type: "embedding", values: [1, 2] },
          { type: "embedding", values: [3, 4] },
        ],
      },
    ]);
    assert.deepEqual(conversation.usage, { tokensIn: 2, tokensTotal: 2 });
    assert.deepEqual(conversation.envelope, { model: "m-1", usage: { prompt_tokens: 2, total_tokens: 2 } });
  });

  it("in base64 are little-endian floats", () => {
    assert.deepEqual(partsOf(read(answer(floats(0.5, -2, 0)))), [{ type: "embedding", values: [0.5, -2, 0] }]);
    assert.deepEqual(partsOf(read(answer("AAA="))), [
      { type: "unknown", value: { object: "embedding", index: 0, embedding: "AAA=" } },
    ]);
  });

  it("in base64 are what was asked for", () => {
    const data = answer(Buffer.from([255, 2, 0, 128]).toString("base64"));
    const valuesOf = (request: object, provider = "perplexity-ai"): unknown => {
      const part = partsOf(read(data, { model: "m", input: "x", ...request }, { provider }))[0];
      return part?.type === "embedding" ? part.values : undefined;
    };
    assert.deepEqual(valuesOf({}), [-1, 2, 0, -128]);
    assert.deepEqual(valuesOf({ encoding_format: "base64_int8" }, "custom-x"), [-1, 2, 0, -128]);
    assert.deepEqual(valuesOf({ model: "pplx-embed" }, "custom-x"), [-1, 2, 0, -128]);
    assert.deepEqual(valuesOf({ encoding_format: "base64", output_dtype: "uint8" }, "mistral"), [255, 2, 0, 128]);
    const bits = Array.from("11111111010000000000000000000001", Number);
    assert.deepEqual(valuesOf({ encoding_format: "base64_binary" }), bits);
  });

  it("of documents in chunks, and a vector a token, are a part each", () => {
    const nested = { object: "list", data: [{ index: 0, object: "list", data: [{ index: 0, embedding: [1] }] }] };
    const { format, answers } = read(nested, { model: "m", input: [["a"]] }, { path: "v1/contextualizedembeddings" });
    assert.equal(format, "openai-embeddings");
    assert.deepEqual(answers[0]?.parts, [{ type: "embedding", values: [1] }]);
    assert.equal(partsOf(read(answer([[1], [2]]))).length, 2);
  });

  it("read inputs of every kind", () => {
    const inputOf = (input: unknown): unknown => read(answer([1]), { model: "m", input }).messages[0]?.parts;
    assert.deepEqual(inputOf("a"), [{ type: "text", text: "a" }]);
    assert.deepEqual(inputOf(["a", "b"]), [
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ]);
    assert.deepEqual(inputOf([1, 2]), [{ type: "data", value: [1, 2] }]);
    assert.deepEqual(inputOf([[1], [2]]), [
      { type: "data", value: [1] },
      { type: "data", value: [2] },
    ]);
    const mixed = [{ text: "a" }, { image: "https://host.example/a.png" }, { type: "text", text: "b" }, { odd: 1 }];
    assert.deepEqual(inputOf(mixed), [
      { type: "text", text: "a" },
      { type: "media", media: "image", url: "https://host.example/a.png" },
      { type: "text", text: "b" },
      { type: "unknown", value: { odd: 1 } },
    ]);
  });

  it("keep the settings, the errors, and what an item holds besides", () => {
    const settings = { dimensions: 2, encoding_format: "float", user: "u" };
    assert.deepEqual(read(answer([1]), { model: "m", input: "x", ...settings }).settings, settings);
    const failed = read({ error: { message: "No", code: "x" } }, undefined, { statusCode: 404 });
    assert.deepEqual([failed.format, failed.error], ["openai-embeddings", { message: "No", code: "x" }]);
    const [part] = partsOf(read({ data: [{ embedding: [1], text: "a" }] }));
    assert.deepEqual(part?.details, { text: "a" });
  });

  it("are known by their shape; another list of data is not one", () => {
    assert.equal(read(answer([1]), null, { path: "somewhere" }).format, "openai-embeddings");
    assert.equal(read({ object: "list", data: [{ id: "m" }] }, null, { path: "models" }).format, "unknown");
  });

  it("cut give the numbers that are whole", () => {
    const text = JSON.stringify(answer([1.25, 2.25, 3.25]));
    const conversation = read(text.slice(0, text.indexOf("3.25") + 2));
    assert.deepEqual(partsOf(conversation), [{ type: "embedding", values: [1.25, 2.25] }]);
    assert.equal(conversation.complete, false);
    const packed = JSON.stringify(answer(floats(1, 2, 3)));
    const values = partsOf(read(packed.slice(0, packed.indexOf('"embedding":"') + 13 + 14)));
    assert.deepEqual(values, [{ type: "embedding", values: [1, 2] }]);
  });
});
