import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, Part, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read as readExchange, sse, textOf } from "./exchange.ts";

const PNG = Buffer.from("\x89PNG\r\n\x1A\n0000", "latin1").toString("base64");
const WEBP = Buffer.from("RIFF0000WEBPVP8 ", "latin1").toString("base64");
const URL = "https://host.example/a.png";

function read(
  response: unknown,
  request: unknown = { model: "m", prompt: "A cat" },
  rest: Partial<RecordedExchange> = {},
): Conversation {
  return readExchange(response, request, { path: "v1/images/generations", ...rest });
}

function partsOf(conversation: Conversation): Part[] {
  return conversation.answers.flatMap((message) => message.parts);
}

describe("images", () => {
  it("are media of one answer, each after the prompt it was drawn by", () => {
    const conversation = read(
      {
        created: 1,
        output_format: "webp",
        data: [
          { b64_json: PNG, revised_prompt: "A tabby" },
          { url: URL, mime_type: "image/jpeg", respect_moderation: true },
          { b64_json: "AAAA" },
        ],
        usage: { input_tokens: 3, output_tokens: 9, total_tokens: 12, input_tokens_details: { text_tokens: 3 } },
      },
      { model: "m", prompt: "A cat", size: "auto" },
    );
    assert.equal(conversation.format, "openai-images");
    assert.deepEqual(conversation.messages, [{ role: "user", parts: [{ type: "text", text: "A cat" }] }]);
    assert.deepEqual(conversation.settings, { size: "auto" });
    assert.deepEqual(partsOf(conversation), [
      { type: "text", text: "A tabby", details: { field: "revised_prompt" } },
      { type: "media", media: "image", data: PNG, mimeType: "image/png" },
      { type: "media", media: "image", url: URL, mimeType: "image/jpeg", details: { respect_moderation: true } },
      { type: "media", media: "image", data: "AAAA", mimeType: "image/webp" },
    ]);
    assert.deepEqual(conversation.usage, { tokensIn: 3, tokensOut: 9, tokensTotal: 12 });
    assert.equal(conversation.envelope?.created, 1);
    assert.equal(conversation.complete, true);
  });

  it("are read from the shapes of others: data URLs, Hyperbolic's list", () => {
    assert.deepEqual(partsOf(read({ data: [{ b64_json: `data:image/jpeg;base64,${PNG}` }] })), [
      { type: "media", media: "image", mimeType: "image/jpeg", data: PNG },
    ]);
    const hyperbolic = read({ images: [{ image: PNG, index: 0, random_seed: 7 }] }, null, {
      path: "v1/image/generation",
    });
    assert.deepEqual(partsOf(hyperbolic), [
      { type: "media", media: "image", mimeType: "image/png", data: PNG, details: { random_seed: 7 } },
    ]);
    assert.deepEqual(partsOf(read({ data: [{ odd: 1 }, 2] })), [
      { type: "unknown", value: { odd: 1 } },
      { type: "unknown", value: 2 },
    ]);
  });

  it("to be edited come in a form, with a mask", () => {
    const head = (name: string, file: string): string =>
      `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${file}"\r\nContent-Type: image/png\r\n\r\n`;
    const picture = Buffer.from(PNG, "base64");
    const form = Buffer.concat([
      Buffer.from('--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nA hat\r\n'),
      Buffer.from(head("image[]", "1.png")),
      picture,
      Buffer.from(`\r\n${head("image[]", "2.png")}`),
      picture,
      Buffer.from(`\r\n${head("mask", "m.png")}`),
      picture,
      Buffer.from('\r\n--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n--b--\r\n'),
    ]);
    const { messages, model, complete } = read({ data: [{ b64_json: PNG }] }, form, { path: "v1/images/edits" });
    const image = { type: "media", media: "image", mimeType: "image/png", data: PNG };
    assert.deepEqual(messages[0]?.parts, [
      { type: "text", text: "A hat" },
      { ...image, name: "1.png" },
      { ...image, name: "2.png" },
      { ...image, name: "m.png", details: { field: "mask" } },
    ]);
    assert.equal(model, "m");
    assert.equal(complete, true);
    const cut = read({ data: [{ b64_json: PNG }] }, form.subarray(0, 200), { path: "v1/images/edits" });
    assert.equal(cut.complete, false);
  });

  it("to be edited come in JSON, by URL, in base64 or by the id of a file", () => {
    const request = {
      prompt: "A hat",
      image: { url: URL, type: "image_url" },
      images: [{ image_url: URL }, { file_id: "f1" }, { image_url: { url: `data:image/png;base64,${PNG}` } }, 7],
    };
    assert.deepEqual(read({ data: [] }, request, { path: "v1/images/edits" }).messages[0]?.parts.slice(1), [
      { type: "media", media: "image", url: URL, details: { type: "image_url" } },
      { type: "media", media: "image", url: URL },
      { type: "media", media: "image", details: { file_id: "f1" } },
      { type: "media", media: "image", mimeType: "image/png", data: PNG },
      { type: "unknown", value: { images: 7 } },
    ]);
  });

  for (const kind of ["image_generation", "image_edit"]) {
    const events = [
      { type: `${kind}.partial_image`, b64_json: PNG, partial_image_index: 0, size: "auto", output_format: "webp" },
      { type: `${kind}.partial_image`, b64_json: PNG, partial_image_index: 1, size: "auto", output_format: "webp" },
      { type: `${kind}.completed`, b64_json: WEBP, size: "auto", usage: { input_tokens: 1, output_tokens: 2 } },
    ];

    it(`streamed (${kind}) are the completed ones`, () => {
      for (const form of [sse(events), { streamed_data: events }, events, sse(events).replaceAll("\n", "\r\n")]) {
        const conversation = read(form, null, { path: "somewhere" });
        assert.equal(conversation.format, "openai-images");
        assert.deepEqual(partsOf(conversation), [
          { type: "media", media: "image", data: WEBP, mimeType: "image/webp" },
        ]);
        assert.deepEqual(conversation.usage, { tokensIn: 1, tokensOut: 2 });
        assert.equal(conversation.envelope?.size, "auto");
      }
      assert.equal(read(sse(events)).complete, true);
    });

    it(`streamed (${kind}) and cut are the last sketch`, () => {
      const conversation = read(sse(events.slice(0, 2)));
      const details = { partial_image_index: 1 };
      assert.deepEqual(partsOf(conversation), [
        { type: "media", media: "image", data: PNG, mimeType: "image/png", details },
      ]);
      assert.equal(conversation.complete, false);
    });
  }

  it("are known by their shape; a list of links is none", () => {
    assert.equal(read({ data: [{ b64_json: PNG }] }, null, { path: "x" }).format, "openai-images");
    assert.equal(read({ data: [{ url: URL, mime_type: "image/png" }] }, null, { path: "x" }).format, "openai-images");
    assert.equal(read({ data: [{ url: URL }] }, null, { path: "x" }).format, "unknown");
    const failed = { detail: [{ type: "missing", loc: ["body", "model_name"], msg: "Field required" }] };
    const { error } = read(failed, { prompt: "x" }, { statusCode: 422 });
    assert.deepEqual(error, { message: "Field required", details: failed });
    const unserved = read({ error: "No" }, { model: "gpt-image-1", prompt: "x" }, { path: "x" });
    assert.equal(unserved.format, "openai-images");
  });
});

it("Ideogram's images, each with what they were made of", () => {
  const { format, messages, answers, settings } = read(
    { created: "2025-01-01T00:00:00Z", data: [{ url: "https://host.example/i.png", prompt: "A red cat", seed: 5 }] },
    { prompt: "A cat", rendering_speed: "TURBO" },
    { provider: "ideogram", path: "v1/ideogram-v3/generate" },
  );
  assert.deepEqual([format, textOf(messages[0]), settings], ["openai-images", "A cat", { rendering_speed: "TURBO" }]);
  assert.deepEqual(answers[0]?.parts, [
    {
      type: "media",
      media: "image",
      url: "https://host.example/i.png",
      details: { prompt: "A red cat", seed: 5 },
    },
  ]);
});
