// Streams of 5 MB in the shape each provider sends, made when the benchmark runs: deltas of one to five tokens, some
// reasoning before the answer and the arguments of a tool call after it.
import { Random } from "../../src/local/samples/random.ts";

/** Expected result of both sides. */
export type Said = { text: string; reasoning: string; toolArguments: string };
export type BenchStream = { bytes: Uint8Array; events: number; said: Said };

const SIZE = 5_000_000;
/** Share of the bytes before the end of the reasoning, and of the answer; the rest is the tool call. */
const AFTER_REASONING = 0.85;
const AFTER_ANSWER = 0.1;
const WORDS = [
  "the",
  "log",
  "gateway",
  "of",
  "an",
  "answer",
  "streams",
  "—",
  "日本",
  "tokens,",
  "is",
  "read.\n",
  '"quoted"',
];

type Write = (data: unknown, name?: string) => void;
type Shape = {
  start: (write: Write) => void;
  reasoning: (write: Write, delta: string) => void;
  answer: (write: Write, delta: string, isFirst: boolean, said: Said) => void;
  call: (write: Write, delta: string, isFirst: boolean, said: Said) => void;
  end: (write: Write, said: Said) => void;
  done?: string;
};

function make({ start, reasoning, answer, call, end, done = "" }: Shape, named: boolean): BenchStream {
  const random = new Random(5);
  const said: Said = { text: "", reasoning: "", toolArguments: "" };
  const pieces: string[] = [];
  const size = { left: SIZE };
  const write: Write = (data, name) => {
    const piece = `${named && name !== undefined ? `event: ${name}\n` : ""}data: ${JSON.stringify(data)}\n\n`;
    pieces.push(piece);
    size.left -= piece.length;
  };
  const words = () => Array.from({ length: random.between(1, 5) }, () => random.pick(WORDS)).join(" ") + " ";
  start(write);
  while (size.left > SIZE * AFTER_REASONING) {
    const delta = words();
    reasoning(write, delta);
    said.reasoning += delta;
  }
  for (let isFirst = true; size.left > SIZE * AFTER_ANSWER; isFirst = false) {
    const delta = words();
    answer(write, delta, isFirst, said);
    said.text += delta;
  }
  for (let isFirst = true; size.left > 0; isFirst = false) {
    const delta = isFirst ? '{"list":[0' : `,${random.between(1, 99_999)}`;
    call(write, delta, isFirst, said);
    said.toolArguments += delta;
  }
  call(write, "]}", false, said);
  said.toolArguments += "]}";
  end(write, said);
  return { bytes: new TextEncoder().encode(pieces.join("") + done), events: pieces.length, said };
}

const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: "chatcmpl-BvK2nE7mQ4dYx0sPz1aRtUwHc9LfG",
  object: "chat.completion.chunk",
  created: 1_760_000_000,
  model: "gpt-4o-2024-08-06",
  service_tier: "default",
  system_fingerprint: "fp_a288987b44",
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  usage: null,
});
const toolCall = (rest: object) => chunk({ tool_calls: [{ index: 0, ...rest }] });

/** OpenAI's chat completions. */
export function chatCompletionsStream(): BenchStream {
  const usage = { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 };
  return make(
    {
      start: (write) => write(chunk({ role: "assistant", content: "", refusal: null })),
      reasoning: (write, delta) => write(chunk({ reasoning_content: delta })),
      answer: (write, delta) => write(chunk({ content: delta })),
      call(write, delta, isFirst) {
        if (isFirst) write(toolCall({ id: "call_1", type: "function", function: { name: "sum", arguments: "" } }));
        write(toolCall({ function: { arguments: delta } }));
      },
      end(write) {
        write(chunk({}, "tool_calls"));
        write({ ...chunk({}), choices: [], usage });
      },
      done: "data: [DONE]\n\n",
    },
    false,
  );
}

const response = (status: string, output: unknown[], usage: unknown = null) => ({
  id: "resp_06a874b3b87dc3ad006a624e85069881948c6d1a09696312f5",
  object: "response",
  created_at: 1_760_000_000,
  status,
  error: null,
  incomplete_details: null,
  instructions: null,
  model: "o4-mini-2025-04-16",
  output,
  parallel_tool_calls: true,
  reasoning: { effort: "high", summary: "detailed" },
  tool_choice: "auto",
  tools: [],
  usage,
});

/** OpenAI's responses. The API ends every part with its whole text, and the stream with the whole response. */
export function responsesStream(): BenchStream {
  const ids = [
    "rs_06a874b3b87dc3ad006a624e85f1988194",
    "msg_06a874b3b87dc3ad006a624e8b49c481",
    "fc_034b8204f19870b8006",
  ];
  let sequence_number = 0;
  const random = new Random(7);
  const send = (write: Write, type: string, rest: object) =>
    write({ type, sequence_number: sequence_number++, ...rest }, type);
  const padding = () => random.letters(random.between(2, 16));
  const at = (index: number) => ({ item_id: ids[index], output_index: index });
  const items = ({ reasoning, text, toolArguments }: Said) => [
    { id: ids[0], type: "reasoning", summary: [{ type: "summary_text", text: reasoning }] },
    {
      id: ids[1],
      type: "message",
      status: "completed",
      role: "assistant",
      content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
    },
    {
      id: ids[2],
      type: "function_call",
      status: "completed",
      call_id: "call_1",
      name: "sum",
      arguments: toolArguments,
    },
  ];
  const added = (write: Write, output_index: number, rest: object) => {
    const item = { ...items({ text: "", reasoning: "", toolArguments: "" })[output_index], ...rest };
    send(write, "response.output_item.added", { output_index, item });
  };
  const done = (write: Write, output_index: number, said: Said) =>
    send(write, "response.output_item.done", { output_index, item: items(said)[output_index] });
  return make(
    {
      start(write) {
        send(write, "response.created", { response: response("in_progress", []) });
        added(write, 0, { summary: [] });
        const part = { type: "summary_text", text: "" };
        send(write, "response.reasoning_summary_part.added", { ...at(0), summary_index: 0, part });
      },
      reasoning: (write, delta) =>
        send(write, "response.reasoning_summary_text.delta", {
          ...at(0),
          summary_index: 0,
          delta,
          obfuscation: padding(),
        }),
      answer(write, delta, isFirst, said) {
        if (isFirst) {
          send(write, "response.reasoning_summary_text.done", { ...at(0), summary_index: 0, text: said.reasoning });
          done(write, 0, said);
          added(write, 1, { status: "in_progress", content: [] });
          const part = { type: "output_text", text: "", annotations: [], logprobs: [] };
          send(write, "response.content_part.added", { ...at(1), content_index: 0, part });
        }
        const rest = { ...at(1), content_index: 0, delta, logprobs: [], obfuscation: padding() };
        send(write, "response.output_text.delta", rest);
      },
      call(write, delta, isFirst, said) {
        if (isFirst) {
          send(write, "response.output_text.done", { ...at(1), content_index: 0, text: said.text, logprobs: [] });
          const part = { type: "output_text", text: said.text, annotations: [], logprobs: [] };
          send(write, "response.content_part.done", { ...at(1), content_index: 0, part });
          done(write, 1, said);
          added(write, 2, { status: "in_progress", arguments: "" });
        }
        send(write, "response.function_call_arguments.delta", { ...at(2), delta, obfuscation: padding() });
      },
      end(write, said) {
        send(write, "response.function_call_arguments.done", { ...at(2), arguments: said.toolArguments });
        done(write, 2, said);
        const usage = {
          input_tokens: 10,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens: 20,
          output_tokens_details: { reasoning_tokens: 5 },
          total_tokens: 30,
        };
        send(write, "response.completed", { response: response("completed", items(said), usage) });
      },
    },
    true,
  );
}

/** Anthropic's messages. */
export function anthropicStream(): BenchStream {
  const send = (write: Write, type: string, rest: object) => write({ type, ...rest }, type);
  const start = (write: Write, index: number, content_block: object) =>
    send(write, "content_block_start", { index, content_block });
  const add = (write: Write, index: number, delta: object) => send(write, "content_block_delta", { index, delta });
  const stop = (write: Write, index: number) => send(write, "content_block_stop", { index });
  return make(
    {
      start(write) {
        const message = {
          id: "msg_01Xf6SmUVY1mDrSwFc5RsY3n",
          type: "message",
          role: "assistant",
          model: "claude-sonnet-4-5-20250929",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 },
        };
        send(write, "message_start", { message });
        start(write, 0, { type: "thinking", thinking: "", signature: "" });
      },
      reasoning: (write, thinking) => add(write, 0, { type: "thinking_delta", thinking }),
      answer(write, text, isFirst) {
        if (isFirst) {
          add(write, 0, { type: "signature_delta", signature: "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrzLoky3dl1pkiMOYds" });
          stop(write, 0);
          start(write, 1, { type: "text", text: "" });
        }
        add(write, 1, { type: "text_delta", text });
      },
      call(write, partial_json, isFirst) {
        if (isFirst) {
          stop(write, 1);
          start(write, 2, { type: "tool_use", id: "toolu_01A09q90qw90lq917835lq9", name: "sum", input: {} });
        }
        add(write, 2, { type: "input_json_delta", partial_json });
      },
      end(write) {
        stop(write, 2);
        const delta = { stop_reason: "tool_use", stop_sequence: null };
        send(write, "message_delta", { delta, usage: { output_tokens: 20 } });
        send(write, "message_stop", {});
      },
    },
    true,
  );
}
