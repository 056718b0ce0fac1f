import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { redactBody } from "../../../src/chat/redact/redact.ts";
import { enough, traffic } from "../../traffic.ts";
import { ALL, joined, many } from "./redacted.ts";

/** How providers write a stream: of the pieces of a text, the body. */
const sse = (events: readonly object[], done = ""): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("") + done;
const chunk = (delta: object): object => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  model: "m",
  choices: [{ index: 0, delta, finish_reason: null }],
});
const chat = (pieces: readonly string[]): object[] => [
  chunk({ role: "assistant", content: "" }),
  ...pieces.map((content) => chunk({ content })),
];
const anthropic = (pieces: readonly string[]): object[] => [
  { type: "message_start", message: { id: "msg_1", type: "message", role: "assistant", content: [], model: "m" } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: pieces[0] ?? "" } },
  ...pieces.slice(1).map((text) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
  { type: "content_block_stop", index: 0 },
  { type: "message_stop" },
];
const gemini = (pieces: readonly string[]): object[] =>
  pieces.map((text) => ({ candidates: [{ index: 0, content: { role: "model", parts: [{ text }] } }] }));
const FORMS: Record<string, (pieces: readonly string[]) => string> = {
  "chat completions": (pieces) => sse(chat(pieces), "data: [DONE]\n\n"),
  "chat completions, tool call": (pieces) =>
    sse([
      chunk({
        role: "assistant",
        tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "f", arguments: "" } }],
      }),
      ...pieces.map((piece) =>
        chunk({ tool_calls: [{ index: 0, function: { arguments: JSON.stringify(piece).slice(1, -1) } }] }),
      ),
    ]),
  "chat completions, two choices": (pieces) =>
    sse(
      pieces.flatMap((content) =>
        [0, 1].map((index) => ({ choices: [{ index, delta: { content: index === 0 ? content : "x" } }] })),
      ),
    ),
  "chat completions, streamed_data": (pieces) => JSON.stringify({ streamed_data: chat(pieces) }),
  "chat completions, in the wrapping of the API": (pieces) =>
    JSON.stringify({ success: true, result: { streamed_data: chat(pieces) } }),
  responses: (pieces) =>
    sse([
      { type: "response.created", response: { id: "resp_1", object: "response", output: [] } },
      {
        type: "response.output_item.added",
        output_index: 0,
        item: { id: "msg_1", type: "message", role: "assistant", content: [] },
      },
      ...pieces.map((delta) => ({
        type: "response.output_text.delta",
        item_id: "msg_1",
        output_index: 0,
        content_index: 0,
        delta,
      })),
    ]),
  anthropic: (pieces) => sse(anthropic(pieces)),
  "anthropic, streamed_data": (pieces) => JSON.stringify({ streamed_data: anthropic(pieces) }),
  gemini: (pieces) => sse(gemini(pieces)),
  "gemini, one list": (pieces) => JSON.stringify(gemini(pieces)),
  "workers-ai": (pieces) =>
    sse(
      pieces.map((response) => ({ response, p: "abc" })),
      "data: [DONE]\n\n",
    ),
  ollama: (pieces) =>
    pieces
      .map((content) => JSON.stringify({ model: "m", message: { role: "assistant", content }, done: false }))
      .join("\n"),
  "of no provider": (pieces) => sse(pieces.map((piece) => ({ said: { bit: piece } }))),
  "of no provider, text": (pieces) => pieces.map((piece) => `data: ${piece}\n\n`).join(""),
};

const SECRETS = [
  joined("s", "k-proj-", many(48)),
  joined("gh", "p_", many(36)),
  joined("AK", "IA", "Q4EXAMPLE7WXYZ23"),
  joined("xa", "pp-1-", "A0123456789-1234567890123-", many(40)),
  joined("postgres://root:", "p@ss/w0rd", "@db.example/x"),
  joined("ann.example", "@", "mail.example.com"),
  joined("4539 1488", " 0343 6467"),
];

/** A seeded generator of numbers below a bound. */
function seeded(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

function split(text: string, below: (bound: number) => number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const size = 1 + below(1 + below(12));
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

/** Joins all texts of a body: JSON's strings, or a stream's events. */
function spelledIn(body: string): string {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "string") texts.push(value);
    else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) visit(item);
  };
  for (const line of [body, ...body.split("\n").map((one) => one.replace(/^data: ?/, ""))]) {
    try {
      visit(JSON.parse(line));
    } catch {
      texts.push(line);
    }
  }
  return `${body}\n${texts.join("")}`;
}

describe("redactBody: streams", () => {
  for (const [form, write] of Object.entries(FORMS)) {
    it(`${form}: no secret survives, wherever it is split`, () => {
      const below = seeded(form.length);
      for (let round = 0; round < 60; round++) {
        const secret = SECRETS[round % SECRETS.length] ?? "";
        const pieces = split(`Take ${secret} and keep it.`, below);
        const redacted = redactBody(write(pieces), ALL);
        assert.match(redacted, /\[redacted: /, JSON.stringify(pieces));
        for (const part of [secret, secret.slice(-9)])
          assert.ok(!spelledIn(redacted).includes(part), redacted.slice(-400));
      }
    });
  }

  it("names and values in the arguments of a tool call are one JSON", () => {
    const below = seeded(7);
    for (let round = 0; round < 40; round++) {
      const pieces = split(JSON.stringify({ user: "ann", password: "swordfish" }), below);
      const events = pieces.map((piece) =>
        chunk({ tool_calls: [{ index: 0, id: "call_1", function: { name: "f", arguments: piece } }] }),
      );
      assert.ok(!spelledIn(redactBody(sse(events), ALL)).includes("swordfish"));
    }
  });

  it("log probabilities do not spell what is redacted", () => {
    const secret = joined("s", "k-proj-", many(48));
    const pieces = split(`It is ${secret}.`, seeded(3));
    const content = pieces.map((token) => ({ token, logprob: -1, bytes: [...Buffer.from(token)] }));
    const body = JSON.stringify({
      choices: [{ message: { role: "assistant", content: `It is ${secret}.` }, logprobs: { content } }],
    });
    const redacted = redactBody(body, ALL);
    assert.ok(!spelledIn(redacted).includes(secret));
    assert.ok(!redacted.includes(String(content[3]?.bytes)));
  });

  it("keeps the events where each shows by itself what is redacted", () => {
    const body = sse(chat(["Write to ", "ann@example.com", " now"]));
    assert.equal(redactBody(body, ALL), body.replace("ann@example.com", "[redacted: e-mail]"));
  });

  it("keeps a stream without secrets as it is, byte for byte", () => {
    const streams = traffic().filter(
      ({ streaming, response_encoding }) => streaming && response_encoding === undefined,
    );
    const changed = streams.filter(({ response }) => redactBody(response, ALL) !== response);
    assert.ok(streams.length > enough(100));
    assert.ok(changed.length <= 0.02 * streams.length, changed.map(({ id }) => id).join(", "));
  });
});
