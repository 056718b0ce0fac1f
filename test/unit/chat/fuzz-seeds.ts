import type { RecordedExchange } from "../../../src/chat/conversation.ts";
import { bodyOf, traffic } from "../../traffic.ts";
import { sse } from "./exchange.ts";

const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, input_tokens: 4, output_tokens: 5 };
const call = { index: 0, id: "1", type: "function", function: { name: "f", arguments: '{"a":1}' } };
const reasoning = [{ type: "reasoning.text", text: "hm", index: 0 }];
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
  reasoning_details: reasoning,
  refusal: "no",
  annotations: [{ type: "url_citation", url_citation: { url: "https://a.example", title: "A" } }],
  audio: { id: "a", data: "AA", transcript: "t" },
};
const completion = {
  id: "c",
  model: "m",
  choices: [{ index: 0, message, finish_reason: "stop", logprobs: { content: [] } }],
  usage,
  citations: ["u"],
};
const delta = { tool_calls: [call], reasoning_details: reasoning, audio: { data: "B" } };
const chunks = [
  { choices: [{ index: 0, delta: { ...message, content: "a" } }], x_groq: { id: "x" } },
  { choices: [{ index: 0, delta: { content: [{ type: "thinking", thinking: [{ type: "text", text: "h" }] }] } }] },
  { choices: [{ index: 0, delta, finish_reason: "stop" }] },
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
const output = [
  { type: "reasoning", id: "r", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "x" },
  { type: "function_call", id: "f", call_id: "1", name: "f", arguments: "{}" },
  { type: "web_search_call", id: "w", action: { type: "search", query: "q" } },
  { type: "message", id: "m", role: "assistant", content: [{ type: "output_text", text: "t", annotations: [] }] },
];
const responses = { id: "r", object: "response", status: "completed", output, usage };
const responseEvents = [
  { type: "response.created", response: { ...responses, status: "in_progress", output: [] } },
  ...output.map((item, output_index) => ({ type: "response.output_item.added", output_index, item })),
  { type: "response.output_text.delta", item_id: "m", output_index: 3, content_index: 0, delta: "t" },
  { type: "response.function_call_arguments.delta", item_id: "f", output_index: 1, delta: "{}" },
  { type: "response.completed", response: responses },
];
const candidate = {
  content: {
    role: "model",
    parts: [{ text: "t" }, { functionCall: { name: "f", args: {} } }, { text: "h", thought: true }],
  },
  finishReason: "STOP",
  groundingMetadata: { groundingChunks: [{ web: { uri: "u", title: "A" } }] },
};
const generated = { candidates: [candidate], usageMetadata: { promptTokenCount: 1 }, modelVersion: "m" };
const converse = {
  output: {
    message: { role: "assistant", content: [{ text: "t" }, { toolUse: { toolUseId: "1", name: "f", input: {} } }] },
  },
  stopReason: "end_turn",
  usage: { inputTokens: 1 },
};
const cohere = {
  id: "c",
  message: { role: "assistant", content: blocks, tool_calls: [call] },
  finish_reason: "COMPLETE",
};

const REQUESTS = [
  {
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
  },
  {
    model: "m",
    instructions: "S",
    input: [{ role: "user", content: "Hi" }, ...output],
    tools: [{ type: "web_search" }],
  },
  {
    systemInstruction: { parts: [{ text: "S" }] },
    contents: [{ role: "user", parts: [{ text: "Hi" }, { inlineData: { mimeType: "image/png", data: "AA" } }] }],
    tools: [{ functionDeclarations: [{ name: "f" }] }],
  },
  {
    system: [{ text: "S" }],
    messages: [{ role: "user", content: [{ text: "Hi" }] }],
    inferenceConfig: { maxTokens: 1 },
  },
  [
    {
      provider: "openai",
      endpoint: "chat/completions",
      query: { model: "m", messages: [{ role: "user", content: "Hi" }] },
    },
  ],
  { prompt: "Hi" },
  { inputs: ["a", "b"], parameters: {} },
];
const RESPONSES: [path: string, response: string][] = [
  ["chat/completions", JSON.stringify(completion)],
  ["chat/completions", JSON.stringify({ ...completion, choices: [{ delta: message }], streamed_data: chunks })],
  ["chat/completions", JSON.stringify({ success: true, result: JSON.stringify(completion) })],
  ["chat/completions", sse(chunks, "data: [DONE]\n\n")],
  ["", chunks.map((chunk) => JSON.stringify(chunk)).join("\n")],
  [
    "v1/messages",
    JSON.stringify({
      type: "message",
      role: "assistant",
      content: blocks,
      stop_reason: "end_turn",
      streamed_data: events,
    }),
  ],
  ["v1/messages", sse(events)],
  ["v1/messages", JSON.stringify({ type: "error", error: { type: "t", message: "m" } })],
  ["responses", JSON.stringify(responses)],
  ["responses", sse(responseEvents)],
  ["v1/models/m:generateContent", JSON.stringify(generated)],
  ["v1/models/m:streamGenerateContent", JSON.stringify([generated, generated])],
  ["model/m/converse", JSON.stringify(converse)],
  ["v2/chat", JSON.stringify(cohere)],
  ["completions", JSON.stringify({ object: "text_completion", choices: [{ text: "t", index: 0 }], usage })],
  ["embeddings", JSON.stringify({ object: "list", data: [{ object: "embedding", index: 0, embedding: [0.1, -1] }] })],
  ["@cf/m", JSON.stringify({ result: { response: "t", tool_calls: [{ name: "f", arguments: {} }] }, success: true })],
  ["@cf/m", sse([{ response: "t" }, { response: "u", usage }], "data: [DONE]\n\n")],
  ["moderations", JSON.stringify({ id: "m", results: [{ flagged: true, categories: { a: true } }] })],
  ["rerank", JSON.stringify({ results: [{ index: 0, relevance_score: 0.5 }] })],
];

/** Small exchanges of many formats, made here: each request with each response. */
export function literalSeeds(): RecordedExchange[] {
  return REQUESTS.flatMap((request) =>
    RESPONSES.map(([path, response], index) => ({
      provider: ["openai", "anthropic", "compat", "workers-ai", ""][index % 5] ?? "",
      path,
      request: JSON.stringify(request),
      response,
    })),
  );
}

/** Exchanges like providers', and the recorded ones if they exist. */
export function recordedSeeds(): RecordedExchange[] {
  return traffic().map((recorded) => ({
    provider: recorded.provider,
    path: recorded.path,
    model: recorded.model,
    statusCode: recorded.status,
    requestContentType: recorded.request_content_type,
    responseContentType: recorded.response_content_type,
    request: recorded.request === "" ? null : bodyOf(recorded.request, recorded.request_encoding),
    response: bodyOf(recorded.response, recorded.response_encoding),
  }));
}
