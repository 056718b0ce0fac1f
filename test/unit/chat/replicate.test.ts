import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { read, textOf } from "./exchange.ts";

function predict(response: unknown, request: unknown = null, rest: Partial<RecordedExchange> = {}): Conversation {
  return read(response, request, { provider: "replicate", path: "v1/predictions", ...rest });
}

function prediction(fields: object): object {
  return { id: "p1", version: "v", urls: { get: "https://api.replicate.com/v1/predictions/p1" }, ...fields };
}

function event(name: string, ...lines: string[]): string {
  return `event: ${name}\nid: 1:0\n${lines.map((line) => `data: ${line}\n`).join("")}\n`;
}

const partsOf = (conversation: Conversation) => conversation.answers.flatMap(({ parts }) => parts);

describe("Replicate's requests", () => {
  it("prompts and media are said, the rest are settings", () => {
    const asked = predict(prediction({ status: "succeeded", output: "x" }), {
      version: "abc",
      stream: true,
      webhook: "https://example.com/hook.png",
      input: {
        system_prompt: "Be brief.",
        prompt: "What is it?",
        image: "https://example.com/a",
        reference_images: ["https://example.com/b.webp?x=1", "data:image/png;base64,AAAA"],
        source: "https://example.com/c.mp3",
        weights: "https://example.com/w.safetensors",
        top_p: 1,
      },
    });
    assert.equal(asked.format, "replicate");
    assert.deepEqual(asked.messages, [
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      {
        role: "user",
        parts: [
          { type: "text", text: "What is it?" },
          { type: "media", media: "image", url: "https://example.com/a" },
          { type: "media", media: "image", url: "https://example.com/b.webp?x=1", name: "reference_images" },
          { type: "media", media: "image", mimeType: "image/png", data: "AAAA", name: "reference_images" },
          { type: "media", media: "audio", url: "https://example.com/c.mp3" },
        ],
      },
    ]);
    assert.deepEqual(asked.settings, {
      weights: "https://example.com/w.safetensors",
      top_p: 1,
      version: "abc",
      stream: true,
      webhook: "https://example.com/hook.png",
    });
  });

  it("the model is the path's or the answer's", () => {
    const path = "/v1/models/Meta/llama-3/predictions";
    const asked = (body: object) => predict(body, { input: { prompt: "p" } }, { path, provider: "custom-x" });
    assert.equal(asked(prediction({ status: "starting", output: null })).model, "Meta/llama-3");
    assert.equal(asked(prediction({ status: "starting", model: "a/b", output: null })).model, "a/b");
  });

  it("a setting of the model is none of the call", () => {
    const asked = predict(null, { stream: true, input: { prompt: "p", stream: false, top_k: 1 } });
    assert.deepEqual(asked.settings, { stream: true, top_k: 1, input: { stream: false } });
  });

  it("messages among the inputs", () => {
    const messages = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hey" },
    ];
    assert.deepEqual(predict(null, { input: { messages } }).messages.map(textOf), ["Hi", "Hey"]);
  });
});

describe("Replicate's predictions", () => {
  it("text in one or in pieces, files, anything else", () => {
    const of = (output: unknown) => partsOf(predict(prediction({ status: "succeeded", output })));
    assert.deepEqual(of("Hello"), [{ type: "text", text: "Hello" }]);
    assert.deepEqual(of(["Hel", "", "lo"]), [{ type: "text", text: "Hello" }]);
    assert.deepEqual(of(["https://r.delivery/1/out.png", "https://r.delivery/1/out.mp4"]), [
      { type: "media", media: "image", url: "https://r.delivery/1/out.png" },
      { type: "media", media: "video", url: "https://r.delivery/1/out.mp4" },
    ]);
    assert.deepEqual(of({ score: 1 }), [{ type: "data", value: { score: 1 } }]);
    assert.deepEqual(of(null), []);
  });

  it("is complete when it has ended; error, usage and the fields around", () => {
    const states = ["starting", "processing", "succeeded", "failed", "canceled"];
    const ended = states.map((status) => predict(prediction({ status, output: null }), {}).complete);
    assert.deepEqual(ended, [false, false, true, true, true]);
    const metrics = { predict_time: 1, input_token_count: 3, output_token_count: 4 };
    const failed = predict(prediction({ status: "failed", error: "out of memory", logs: "l", metrics }));
    assert.deepEqual(failed.error, { message: "out of memory" });
    assert.equal(failed.answers[0]?.finishReason, "failed");
    assert.deepEqual(failed.usage, { tokensIn: 3, tokensOut: 4 });
    assert.equal(failed.envelope?.logs, "l");
    assert.deepEqual(failed.envelope?.metrics, metrics);
  });

  it("a model or a version is data, a problem an error", () => {
    const version = { id: "v1", cog_version: "0.7.2" };
    assert.deepEqual(partsOf(predict(version)), [{ type: "data", value: version }]);
    const problem = predict({ title: "Invalid", detail: "no such version", status: 422 }, null, { statusCode: 422 });
    assert.equal(problem.error?.message, "no such version");
    assert.deepEqual(problem.answers, []);
  });
});

describe("Replicate's streams", () => {
  const stream = [
    ": hi\n\n",
    event("output", ""),
    event("output", "One:"),
    event("output", "", ""),
    event("output", " [1]"),
    event("output", "{}"),
    event("logs", "step 1"),
    event("done", "{}"),
  ];

  it("joins the pieces as they are", () => {
    const whole = predict(stream.join(""), {});
    assert.equal(whole.format, "replicate");
    assert.deepEqual(partsOf(whole), [{ type: "text", text: "One:\n [1]{}" }]);
    assert.deepEqual(whole.envelope, { logs: "step 1" });
    assert.equal(whole.complete, true);
    assert.equal(
      predict(stream.join("").replaceAll("\n", "\r\n"), {}, { provider: "custom-x", path: "" }).format,
      "replicate",
    );
  });

  it("cut anywhere says less", () => {
    const whole = stream.join("");
    for (let end = stream.slice(0, 3).join("").length; end < whole.length - 4; end++) {
      const cut = predict(whole.slice(0, end), {});
      assert.ok("One:\n [1]{}".startsWith(textOf(cut.answers[0])), String(end));
      assert.equal(cut.complete, false, String(end));
    }
  });

  it("files, a reason to end, an error", () => {
    const url = "https://r.delivery/out.webp";
    const canceled = predict(event("output", url) + event("done", '{"reason":"canceled"}'));
    assert.deepEqual(partsOf(canceled), [{ type: "media", media: "image", url }]);
    assert.equal(canceled.answers[0]?.finishReason, "canceled");
    const failed = predict(
      event("output", "a") + event("error", '{"detail":"too long"}') + event("done", '{"reason":"error"}'),
    );
    assert.deepEqual(failed.error, { message: "too long" });
    assert.equal(predict(event("output", "a") + event("error", "too long")).error?.message, "too long");
  });

  it("names lost or stored as a list", () => {
    assert.equal(textOf(predict("data: One\n\ndata:  two\n\ndata: {}\n\n").answers[0]), "One two");
    const stored = predict({ streamed_data: ["One", " two", {}] }, {});
    assert.deepEqual([textOf(stored.answers[0]), stored.complete], ["One two", true]);
  });
});

it("a prediction that is cut before its status", () => {
  const { format, answers, complete } = read('{"id":"p","output":["Hel","lo"', null, {
    provider: "replicate",
    path: "v1/predictions",
  });
  assert.deepEqual([format, textOf(answers[0]), complete], ["replicate", "Hello", false]);
});
