import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read, readAnthropic, textOf } from "./exchange.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const completion = { choices: [{ message: { role: "assistant", content: "ok" }, finish_reason: "stop" }] };
const nowhere = { provider: "custom-x", path: "" };

describe("which reader", () => {
  const claude = {
    type: "message",
    role: "assistant",
    content: [{ type: "text", text: "ok" }],
    stop_reason: "end_turn",
  };

  for (const [path, provider] of [
    ["/v1/chat/completions", "openai"],
    ["chat/completions?api-version=2024-06-01", "azure-openai"],
    ["/openai/deployments/gpt/chat/completions", "azure-openai"],
    ["/client/v4/accounts/a/ai/v1/chat/completions", "workers-ai"],
    ["compat/chat/completions", "compat"],
    ["/v1/Chat/Completions#stream", "mistral"],
  ] as const) {
    it(`by the path ${path}`, () => {
      assert.equal(read({}, {}, { path, provider }).format, "unknown");
      assert.equal(read(null, null, { path, provider }).format, "openai-chat");
    });
  }

  for (const [path, provider] of [
    ["/v1/messages?beta=true", "anthropic"],
    ["/anthropic/v1/messages", "azure-openai"],
    ["/v1/projects/p/locations/l/publishers/anthropic/models/claude@1:streamRawPredict", "google-vertex-ai"],
    ["/model/us.anthropic.claude-v1%3A0/invoke", "aws-bedrock"],
  ] as const) {
    it(`by the path ${path}`, () => {
      assert.equal(read(null, null, { path, provider }).format, "anthropic-messages");
    });
  }

  it("by the shape of the answer where the address says nothing, or something else", () => {
    for (const address of [nowhere, { path: "v1/messages" }])
      assert.equal(read(completion, undefined, address).format, "openai-chat");
    for (const address of [nowhere, {}]) {
      const conversation = read(claude, undefined, address);
      assert.deepEqual([conversation.format, textOf(conversation.answers[0])], ["anthropic-messages", "ok"]);
    }
  });

  it("by the shape of the request where there is no answer", () => {
    const error = { error: { message: "No" } };
    assert.equal(read(error, undefined, nowhere).format, "openai-chat");
    assert.equal(textOf(read(null, undefined, nowhere).messages[0]), "Hi");
    const request = { system: "S", messages: [{ role: "user", content: "Hi" }] };
    assert.equal(read(error, request, nowhere).format, "anthropic-messages");
    const converse = { messages: [{ role: "user", content: [{ text: "Hi" }] }] };
    assert.equal(read(error, converse, nowhere).format, "bedrock-converse");
  });

  it("an answer of another format keeps the request's shape from deciding", () => {
    const response = { verdict: "ok" };
    const conversation = read(response, undefined, nowhere);
    assert.equal(conversation.format, "unknown");
    assert.deepEqual(conversation.answers, [{ role: "assistant", parts: [{ type: "unknown", value: response }] }]);
  });
});

describe("bodies no reader knows", () => {
  it("JSON whole, as one message each", () => {
    const conversation = read({ b: 1 }, [1, 2], { ...nowhere, model: "m" });
    assert.deepEqual(conversation, {
      format: "unknown",
      messages: [{ role: "user", parts: [{ type: "unknown", value: [1, 2] }] }],
      answers: [{ role: "assistant", parts: [{ type: "unknown", value: { b: 1 } }] }],
      tools: [],
      settings: {},
      model: "m",
      complete: true,
    });
  });

  it("JSON in the API's wrapping keeps the wrapping", () => {
    const wrapped = { success: true, result: { verdict: "ok" }, errors: [], messages: [] };
    assert.deepEqual(read(wrapped, undefined, nowhere).answers[0]?.parts, [{ type: "unknown", value: wrapped }]);
  });

  it("text as text, hostile or not, and streams of no known kind", () => {
    const hostile = '<img src=x onerror="alert(1)"></script>\u001B[31m\u202Eevil';
    const stream = 'event: note\ndata: hello\n\nevent: note\ndata: {"x":1}\n\n';
    const conversation = read(stream, hostile, nowhere);
    assert.deepEqual(conversation.messages[0]?.parts, [{ type: "text", text: hostile }]);
    assert.deepEqual(conversation.answers[0]?.parts, [{ type: "unknown", value: stream }]);
    assert.equal(conversation.format, "unknown");
    for (const cut of [stream.slice(0, -4), '{"a":1}\n{"a":']) assert.equal(read(cut, "x", nowhere).complete, false);
  });

  it("missing or empty: nothing, and not complete", () => {
    for (const body of [null, "", new Uint8Array()]) {
      const conversation = read(body, body);
      assert.deepEqual([conversation.messages, conversation.answers, conversation.complete], [[], [], false]);
    }
  });

  it("the head of a JSON document: what is there of it, and not complete", () => {
    const head = read(JSON.stringify(completion).slice(0, JSON.stringify(completion).indexOf('ok"') + 1));
    assert.equal(head.format, "openai-chat");
    assert.equal(textOf(head.answers[0]), "o");
    assert.equal(head.complete, false);
    assert.equal(textOf(head.messages[0]), "Hi");
    const request = '{"model":"m","messages":[{"role":"user","content":"Hel';
    assert.deepEqual(read(completion, request).messages, [{ role: "user", parts: [{ type: "text", text: "Hel" }] }]);
    assert.equal(read(completion, request).complete, false);
  });

  it("JSON nested past any stack is text", () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    assert.deepEqual(read(deep, deep).answers[0]?.parts, [{ type: "text", text: deep }]);
    const call = { id: "1", function: { name: "f", arguments: deep } };
    const part = read({ choices: [{ message: { tool_calls: [call] } }] }).answers[0]?.parts[0];
    assert.equal(part?.type === "toolCall" && part.arguments, deep);
  });
});

describe("bodies as bytes", () => {
  it("text, whatever the content type says", () => {
    for (const responseContentType of ["image/png", "application/octet-stream", ""]) {
      const conversation = read(bytes(`\uFEFF${JSON.stringify(completion)}`), undefined, { responseContentType });
      assert.equal(textOf(conversation.answers[0]), "ok");
    }
    const latin = new Uint8Array([0x63, 0x61, 0x66, 0xe9]);
    const named = read(latin, undefined, { ...nowhere, responseContentType: "text/plain; charset=iso-8859-1" });
    assert.equal(textOf(named.answers[0]), "café");
  });

  it("a head that ends within a character", () => {
    const head = bytes('{"a":"日本').subarray(0, -1);
    const conversation = read(head, undefined, nowhere);
    assert.deepEqual(conversation.answers[0]?.parts, [{ type: "unknown", value: { a: "日" } }]);
    assert.equal(conversation.complete, false);
  });

  it("media by their first bytes, else by the content type", () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1]);
    assert.deepEqual(read(png, undefined, { ...nowhere, responseContentType: "text/plain" }).answers[0]?.parts, [
      { type: "media", media: "image", mimeType: "image/png", data: Buffer.from(png).toString("base64") },
    ]);
    const odd = new Uint8Array([1, 2, 0xff]);
    assert.deepEqual(
      read(odd, undefined, { ...nowhere, responseContentType: "audio/L16; rate=24000" }).answers[0]?.parts,
      [{ type: "media", media: "audio", mimeType: "audio/l16; rate=24000", data: "AQL/" }],
    );
    const other = { ...nowhere, responseContentType: "application/vnd.amazon.eventstream" };
    assert.deepEqual(read(odd, undefined, other).answers[0]?.parts, [
      { type: "unknown", value: { bytes: 3, contentType: "application/vnd.amazon.eventstream" } },
    ]);
  });

  it("bytes that were read as text before are not shown as such", () => {
    const garbled = new TextDecoder().decode(new Uint8Array([0x89, 0x50, 0, 1, 0xff, 0xfe]));
    assert.deepEqual(read(garbled, undefined, nowhere).answers[0]?.parts, [
      { type: "unknown", value: { characters: garbled.length } },
    ]);
  });
});

describe("errors", () => {
  const failed = { statusCode: 400 };
  const envelopes: [name: string, body: unknown, error: object][] = [
    [
      "OpenAI",
      { error: { message: "m", type: "t", code: "c", param: "p" } },
      { message: "m", type: "t", code: "c", details: { param: "p" } },
    ],
    ["a text", { error: "m", estimated_time: 20 }, { message: "m", details: { estimated_time: 20 } }],
    [
      "Anthropic",
      { type: "error", error: { type: "t", message: "m" }, request_id: "r" },
      { message: "m", type: "t", details: { request_id: "r" } },
    ],
    [
      "in an array",
      [{ error: { code: 429, message: "m", status: "EXHAUSTED" } }],
      { message: "m", type: "EXHAUSTED", code: 429 },
    ],
    [
      "the gateway",
      { success: false, result: [], messages: [], error: [{ code: 2001, message: "m" }] },
      { message: "m", code: 2001 },
    ],
    [
      "the API",
      {
        success: false,
        result: null,
        errors: [
          { code: 1, message: "m" },
          { code: 2, message: "n" },
        ],
      },
      { message: "m", code: 1, details: { errors: [{ code: 2, message: "n" }] } },
    ],
    [
      "Mistral",
      { object: "error", message: "m", type: "t", code: 3 },
      { message: "m", type: "t", code: 3, details: { object: "error" } },
    ],
    [
      "FastAPI",
      { detail: [{ msg: "a", loc: ["b"] }, { msg: "c" }] },
      { message: "a; c", details: { detail: [{ msg: "a", loc: ["b"] }, { msg: "c" }] } },
    ],
    ["problem+json", { title: "T", detail: "D", status: 422 }, { message: "D", details: { title: "T", status: 422 } }],
    ["nothing said", { error: [[]] }, { message: "null" }],
    ["a flag", { error: true, message: "m", code: 7 }, { message: "m", code: 7, details: { error: true } }],
    ["plain text", "upstream gone", { message: "upstream gone" }],
    ["a stream of one error", 'event: error\ndata: {"error":{"message":"m"}}\n\n', { message: "m" }],
  ];
  for (const [name, body, error] of envelopes) {
    it(name, () => {
      const conversation = read(body, undefined, failed);
      assert.deepEqual(conversation.error, error);
      assert.deepEqual(conversation.answers, []);
      assert.equal(conversation.format, "openai-chat");
      assert.equal(textOf(conversation.messages[0]), "Hi");
      assert.equal(conversation.complete, true);
      assert.equal(readAnthropic(body, undefined, failed).error?.message, conversation.error?.message);
    });
  }

  it("a page of HTML is shown as what came back", () => {
    const page = "<!DOCTYPE html><title>404</title>";
    const conversation = read(page, undefined, { statusCode: 404 });
    assert.equal(textOf(conversation.answers[0]), page);
    assert.equal(conversation.error, undefined);
  });

  it("what looks like an error is none in an answer that succeeded", () => {
    for (const body of [{ message: "hello" }, { error: 0.05 }, { error: false }]) {
      assert.equal(read(body, undefined, nowhere).error, undefined);
    }
    assert.equal(read({ ...completion, error: null }).error, undefined);
  });
});

it("a request that is cut before its messages still shows its tools and settings", () => {
  const converse = read(
    { output: { message: { content: [{ text: "Yo" }] } } },
    '{"toolConfig":{"tools":[{"toolSpec":{"name":"f","des',
    {
      provider: "aws-bedrock",
      path: "model/m/converse",
    },
  );
  const gemini = read(
    { candidates: [{ content: { parts: [{ text: "Yo" }] } }] },
    '{"tools":[{"functionDeclarations":[{"name":"f","des',
    {
      provider: "google-ai-studio",
      path: "v1beta/models/g:generateContent",
    },
  );
  const cohere = read(
    { message: { content: [{ type: "text", text: "Yo" }] } },
    '{"model":"m","tools":[{"function":{"name":"f","des',
    {
      provider: "cohere",
      path: "v2/chat",
    },
  );
  for (const { tools, messages, complete } of [converse, gemini, cohere]) {
    assert.deepEqual([tools, messages, complete], [[{ name: "f" }], [], false]);
  }
  const older = read({ text: "Yo" }, '{"model":"m","chat_history":[{"role":"USER","message":"Hel', {
    provider: "cohere",
    path: "v1/chat",
  });
  assert.equal(textOf(older.messages[0]), "Hel");
});

it("keeps what a cut answer begins with, though nothing is said yet", () => {
  const { format, answers, envelope, complete } = read('{"id":"a1","region":"r","mess', null, {
    provider: "cohere",
    path: "v2/chat",
  });
  assert.deepEqual([format, complete, envelope], ["cohere-chat", false, { id: "a1", region: "r" }]);
  assert.deepEqual(answers, [{ role: "assistant", parts: [] }]);
});
