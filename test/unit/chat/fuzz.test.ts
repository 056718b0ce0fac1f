import assert from "node:assert/strict";
import { it } from "node:test";
import { readConversation } from "../../../src/chat/read.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { sse } from "./exchange.ts";
import { assertWellFormed } from "./wellformed.ts";

const ROUNDS = 4000;

/** The same numbers in [0, 1) for the same seed. */
function numbers(seed: number): () => number {
  const random = new Random(seed);
  return () => random.next();
}

const ODD_VALUES = [
  "null",
  "0",
  "-1e400",
  '""',
  '"text"',
  "[]",
  "{}",
  "true",
  "[[[]]]",
  '{"type":"text"}',
  '{"toString":1,"valueOf":2,"toJSON":3}',
  '{"__proto__":{"content":"x","text":"y"}}',
  '["a",1,null,{"type":{"a":1}}]',
];
const ODD_KEYS = ["__proto__", "constructor", "toString", "index", "type", "content", "error", "success", "result"];

const call = { index: 0, id: "1", type: "function", function: { name: "f", arguments: '{"a":1}' } };
const details = [{ type: "reasoning.text", text: "hm", index: 0 }];
const message = {
  role: "assistant",
  name: "n",
  content: [
    { type: "text", text: "t" },
    { type: "image_url", image_url: { url: "data:image/png;base64,AA" } },
  ],
  tool_calls: [call, { id: 2, custom: { name: "c", input: "x" } }],
  function_call: { name: "g", arguments: "{}" },
  reasoning: "hm",
  reasoning_details: details,
  refusal: "no",
  annotations: [{ type: "url_citation", url_citation: { url: "https://a.example", title: "A" } }],
  audio: { id: "a", data: "AA", transcript: "t" },
};
const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, input_tokens: 4, output_tokens: 5 };
const completion = {
  id: "c",
  model: "m",
  choices: [{ index: 0, message, finish_reason: "stop", logprobs: { content: [] } }],
  usage,
  citations: ["u"],
};
const chunks = [
  { choices: [{ index: 0, delta: { ...message, content: "a" } }], x_groq: { id: "x" } },
  { choices: [{ index: 0, delta: { content: [{ type: "thinking", thinking: [{ type: "text", text: "h" }] }] } }] },
  {
    choices: [
      {
        index: 0,
        delta: { tool_calls: [call], reasoning_details: details, audio: { data: "B" } },
        finish_reason: "stop",
      },
    ],
  },
  { error: { message: "m", code: 1 } },
];
const blocks = [
  { type: "text", text: "t", citations: [{ type: "char_location", cited_text: "c", source: "https://a.example" }] },
  { type: "thinking", thinking: "hm", signature: "s" },
  { type: "tool_use", id: "1", name: "f", input: { a: 1 } },
  {
    type: "tool_result",
    tool_use_id: "1",
    is_error: true,
    content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: "AA" } }],
  },
  { type: "document", title: "D", source: { type: "content", content: [{ type: "text", text: "t" }] } },
  { type: "web_search_tool_result", tool_use_id: "1", content: [{ type: "web_search_result", title: "A", url: "u" }] },
  {
    type: "bash_code_execution_tool_result",
    content: { type: "bash_code_execution_result", stdout: "o", return_code: 0 },
  },
];
const events = [
  { type: "message_start", message: { type: "message", role: "assistant", content: [], usage } },
  ...blocks.map((content_block, index) => ({ type: "content_block_start", index, content_block })),
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "a" } },
  { type: "content_block_delta", index: 0, delta: { type: "citations_delta", citation: { url: "u" } } },
  { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '{"a":' } },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage },
  { type: "message_stop" },
];
const request = {
  model: "m",
  system: [{ type: "text", text: "S" }],
  messages: [
    { ...message, role: "user" },
    { role: "tool", tool_call_id: "1", content: "r" },
    { role: "user", content: blocks },
  ],
  tools: [
    { type: "function", function: { name: "f", parameters: {} } },
    { name: "g", input_schema: {} },
  ],
  temperature: 1,
};
const RESPONSES = [
  JSON.stringify(completion),
  JSON.stringify({ ...completion, choices: [{ delta: message }], streamed_data: chunks }),
  JSON.stringify({ success: true, result: JSON.stringify(completion) }),
  sse(chunks, "data: [DONE]\n\n"),
  chunks.map((chunk) => JSON.stringify(chunk)).join("\n"),
  JSON.stringify({
    type: "message",
    role: "assistant",
    content: blocks,
    stop_reason: "end_turn",
    usage,
    streamed_data: events,
  }),
  sse(events),
  JSON.stringify({ type: "error", error: { type: "t", message: "m" } }),
];

it(`${ROUNDS} mutated exchanges: never a throw, always a well-formed conversation`, () => {
  const random = numbers(20_261_120);
  const below = (limit: number) => Math.floor(random() * limit);
  const oneOf = <T>(list: readonly T[]): T | undefined => list[below(list.length)];

  /** Swaps a value, renames a key, doubles or drops a stretch, cuts the end off, or spoils some characters. */
  function mutate(text: string): string {
    const at = below(text.length);
    const values = [...text.matchAll(/:("(?:[^"\\]|\\.)*"|[\d.]+|null|true|\[|\{)/g)];
    const value = oneOf(values);
    const key = oneOf([...text.matchAll(/"\w+"(?=:)/g)]);
    switch (below(7)) {
      case 0:
      case 1:
        if (value?.[1] === undefined || /[[{]/.test(value[1])) return text;
        return `${text.slice(0, value.index + 1)}${oneOf(ODD_VALUES)}${text.slice(value.index + value[0].length)}`;
      case 2:
        if (key === undefined) return text;
        return `${text.slice(0, key.index)}"${oneOf(ODD_KEYS)}"${text.slice(key.index + key[0].length)}`;
      case 3:
        return text.slice(0, at);
      case 4:
        return text.slice(0, at) + text.slice(at + below(20));
      case 5:
        return text.slice(0, at) + text.slice(Math.max(0, at - below(60)), at) + text.slice(at);
      default:
        return text.slice(0, at) + String.fromCharCode(below(0x3000)) + text.slice(at + 1);
    }
  }

  /** One to four of them; after a swap within the JSON a whole subtree goes, by its parsed form. */
  function mutated(text: string): string {
    let result = text;
    for (let times = below(4); times >= 0; times--) result = mutate(result);
    return random() < 0.5 ? swapSubtree(result) : result;
  }

  function swapSubtree(text: string): string {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return text;
    }
    let node: unknown = value;
    for (;;) {
      if (typeof node !== "object" || node === null) return text;
      const name = oneOf(Object.keys(node));
      if (name === undefined) return text;
      const child: unknown = Reflect.get(node, name);
      if (random() < 0.3 || typeof child !== "object" || child === null) {
        if (random() < 0.3) Reflect.deleteProperty(node, name);
        else Reflect.set(node, name, JSON.parse(oneOf(ODD_VALUES) ?? "null"));
        return JSON.stringify(value);
      }
      node = child;
    }
  }

  const seen = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const response = mutated(oneOf(RESPONSES) ?? "");
    const sent = mutated(JSON.stringify(request));
    const exchange = {
      provider: oneOf(["openai", "anthropic", "compat", ""]) ?? "",
      path: oneOf(["chat/completions", "v1/messages", "", "%E0%A4%A"]) ?? "",
      ...(random() < 0.5 ? { statusCode: 500 } : {}),
      ...(random() < 0.5 ? { responseContentType: "text/html; charset=klingon" } : {}),
      request: random() < 0.1 ? null : sent,
      response: random() < 0.3 ? new TextEncoder().encode(response) : response,
    };
    try {
      const conversation = readConversation(exchange);
      assertWellFormed(conversation);
      seen.set(conversation.format, (seen.get(conversation.format) ?? 0) + 1);
    } catch (error) {
      assert.fail(`round ${round}: ${String(error)}\nrequest: ${sent}\nresponse: ${response}`);
    }
  }
  // The mutations must leave enough intact for each way of reading to be taken.
  for (const format of ["openai-chat", "anthropic-messages", "unknown"])
    assert.ok((seen.get(format) ?? 0) > ROUNDS / 50, format);
});
