import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read, sse, textOf } from "./exchange.ts";

const IMAGE = { url: "https://fal.media/f/a.png", width: 8, height: 6, content_type: "image/jpeg" };

function draw(
  response: unknown,
  request: object = { prompt: "a cat" },
  rest: Partial<RecordedExchange> = {},
): Conversation {
  return read(response, request, { provider: "fal", path: "fal-ai/flux/dev", ...rest });
}

const partsOf = (conversation: Conversation) => conversation.answers.flatMap(({ parts }) => parts);

describe("fal", () => {
  it("a prompt with an image, the rest are settings", () => {
    const asked = draw(
      { images: [IMAGE] },
      { prompt: "a cat", image_url: "https://h/i", negative_prompt: "dogs", seed: 1 },
    );
    assert.equal(asked.format, "fal");
    assert.equal(asked.model, "fal-ai/flux/dev");
    assert.deepEqual(asked.messages, [
      {
        role: "user",
        parts: [
          { type: "text", text: "a cat" },
          { type: "media", media: "image", url: "https://h/i", name: "image_url" },
        ],
      },
    ]);
    assert.deepEqual(asked.settings, { negative_prompt: "dogs", seed: 1 });
  });

  it("images, a video, a text; what stands beside them", () => {
    const drawn = draw({ images: [IMAGE], seed: 7, prompt: "a cat" });
    assert.deepEqual(partsOf(drawn), [
      { type: "media", media: "image", url: IMAGE.url, mimeType: "image/jpeg", details: { width: 8, height: 6 } },
    ]);
    assert.deepEqual(drawn.envelope, { seed: 7, prompt: "a cat" });
    assert.deepEqual(partsOf(draw({ video: { url: "https://h/v", file_name: "v.mp4", content_type: "video/mp4" } })), [
      { type: "media", media: "video", url: "https://h/v", mimeType: "video/mp4", name: "v.mp4" },
    ]);
    assert.equal(textOf(draw({ output: "hello" }).answers[0]), "hello");
  });

  it("a place in the queue is no result yet, the last event of a stream is all of it", () => {
    const queued = { status: "IN_QUEUE", request_id: "r", queue_position: 0 };
    assert.deepEqual(partsOf(draw(queued)), [{ type: "data", value: queued }]);
    assert.equal(draw(queued).complete, false);
    const streamed = draw(
      sse([
        { output: "a", partial: true },
        { output: "ab", partial: false },
      ]),
    );
    assert.deepEqual([textOf(streamed.answers[0]), streamed.complete], ["ab", true]);
    assert.equal(draw(sse([{ output: "a", partial: true }])).complete, false);
  });

  it("is known by files with their types behind another's address, and by nothing less", () => {
    const at = { provider: "huggingface", path: "fal-ai/fal-ai/flux/dev" };
    assert.deepEqual(
      [draw({ images: [IMAGE] }, {}, at).format, draw({ images: [IMAGE] }, {}, at).model],
      ["fal", "fal-ai/flux/dev"],
    );
    const elsewhere = (body: unknown) => draw(body, {}, { provider: "custom-x", path: "v1/do" }).format;
    assert.equal(elsewhere({ video: IMAGE }), "fal");
    assert.equal(elsewhere({ images: [{ url: "https://h/i" }] }), "unknown");
  });

  it("an error stays one", () => {
    const failed = draw({ detail: "no such app" }, { prompt: "p" }, { statusCode: 404 });
    assert.deepEqual([failed.format, failed.error?.message, failed.answers], ["fal", "no such app", []]);
  });
});
