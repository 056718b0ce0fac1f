// Plain bodies of 10 MB of different shapes, made when the benchmark runs.
import type { RecordedExchange } from "../../src/chat/conversation.ts";
import { Random } from "../../src/local/samples/random.ts";

/** `side`: the large one. */
export type BenchBody = { name: string; side: "request" | "response"; exchange: RecordedExchange; format: string };

const SIZE = 10_000_000;
const SENTENCE = 'A gateway\'s log keeps what was "said", line by line.\n日本語 too — and code: `a[0] = {b: 1};`\n';

/** About so many characters. */
const prose = (length: number) => SENTENCE.repeat(Math.max(1, Math.round(length / SENTENCE.length)));

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_unused, index) => make(index));

function body(
  name: string,
  side: BenchBody["side"],
  format: string,
  [provider, path]: [string, string],
  value: unknown,
  other: unknown,
): BenchBody {
  const texts = { [side]: JSON.stringify(value), [side === "request" ? "response" : "request"]: JSON.stringify(other) };
  const exchange = { provider, path, request: texts["request"] ?? null, response: texts["response"] ?? null };
  return { name, side, exchange, format };
}

/** All of them. */
export function bodies(): BenchBody[] {
  const random = new Random(11);
  const openai: [string, string] = ["openai", "chat/completions"];
  const answer = { choices: [{ index: 0, message: { role: "assistant", content: "ok" }, finish_reason: "stop" }] };
  const question = { model: "m", messages: [{ role: "user", content: "Hi" }] };
  const choices = many(4, (index) => ({
    index,
    message: { role: "assistant", content: prose(SIZE / 4), refusal: null },
    logprobs: null,
    finish_reason: "stop",
  }));
  const tools = many(20, (index) => ({
    type: "function",
    function: { name: `f${index}`, description: prose(300), parameters: { type: "object", properties: {} } },
  }));
  const turn = (index: number) => {
    const toolCall = {
      id: `c${index}`,
      type: "function",
      function: { name: "f1", arguments: '{"path":"a.ts","n":1}' },
    };
    if (index % 4 === 1) return { role: "assistant", content: null, tool_calls: [toolCall] };
    if (index % 4 === 2) return { role: "tool", tool_call_id: `c${index - 1}`, content: prose(15_000) };
    return { role: index % 4 === 0 ? "user" : "assistant", content: prose(2500) };
  };
  const block = (index: number) => {
    if (index % 4 === 1) {
      return {
        role: "assistant",
        content: [
          { type: "text", text: prose(800) },
          { type: "tool_use", id: `t${index}`, name: "read", input: { path: "a.ts", lines: [1, 2] } },
        ],
      };
    }
    if (index % 4 === 2) {
      const content = [{ type: "text", text: prose(8000), cache_control: { type: "ephemeral" } }];
      return { role: "user", content: [{ type: "tool_result", tool_use_id: `t${index - 1}`, content }] };
    }
    return { role: index % 4 === 0 ? "user" : "assistant", content: prose(2000) };
  };
  const item = (index: number) =>
    index % 3 === 0
      ? {
          id: `f${index}`,
          type: "function_call",
          call_id: `c${index}`,
          name: "f",
          arguments: '{"a":1}',
          status: "completed",
        }
      : {
          id: `m${index}`,
          type: "message",
          status: "completed",
          role: "assistant",
          content: [{ type: "output_text", text: prose(7500), annotations: [], logprobs: [] }],
        };
  const embeddings = many(330, (index) => ({
    object: "embedding",
    index,
    embedding: many(1536, () => Number((random.next() - 0.5).toPrecision(16))),
  }));
  const usage = { prompt_tokens: 1, total_tokens: 1 };
  return [
    body(
      "chat completion, 4 huge texts",
      "response",
      "openai-chat",
      openai,
      { id: "c", object: "chat.completion", choices },
      question,
    ),
    body(
      "chat request, 2,000 messages",
      "request",
      "openai-chat",
      openai,
      { model: "m", messages: many(2000, turn), tools },
      answer,
    ),
    body(
      "Responses body, 2,000 items",
      "response",
      "openai-responses",
      ["openai", "responses"],
      { id: "r", object: "response", status: "completed", model: "m", output: many(2000, item) },
      { model: "m", input: "Hi" },
    ),
    body(
      "embeddings, 330 × 1,536 floats",
      "response",
      "openai-embeddings",
      ["openai", "embeddings"],
      { object: "list", data: embeddings, model: "m", usage },
      { model: "m", input: "Hi" },
    ),
    body(
      "Anthropic request, 3,000 messages",
      "request",
      "anthropic-messages",
      ["anthropic", "v1/messages"],
      { model: "m", max_tokens: 1, system: prose(20_000), messages: many(3000, block) },
      { type: "message", role: "assistant", content: [{ type: "text", text: "ok" }], stop_reason: "end_turn" },
    ),
  ];
}
