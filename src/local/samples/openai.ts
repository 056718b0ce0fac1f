import { events, parametersOf, pieces, type Setting, type Talk, type ToolCall, type Turn, type Wire } from "./talk.ts";

const seconds = (time: Date) => Math.floor(time.getTime() / 1000);

function callOf(call: ToolCall): Record<string, unknown> {
  return { id: call.id, type: "function", function: { name: call.name, arguments: JSON.stringify(call.input) } };
}

function message(turn: Turn): Record<string, unknown> {
  switch (turn.from) {
    case "user":
      if (turn.picture === undefined) return { role: "user", content: turn.text };
      return {
        role: "user",
        content: [
          { type: "text", text: turn.text },
          { type: "image_url", image_url: { url: `data:image/png;base64,${turn.picture}` } },
        ],
      };
    case "assistant":
      return turn.calls === undefined
        ? { role: "assistant", content: turn.text ?? "" }
        : { role: "assistant", content: turn.text ?? null, tool_calls: turn.calls.map(callOf) };
    case "tool":
      return { role: "tool", tool_call_id: turn.call.id, content: JSON.stringify(turn.result) };
  }
}

/** OpenAI chat completions, used by most providers. `reasoning_content` is DeepSeek's field for reasoning. */
export function chat(talk: Talk, setting: Setting, path = "chat/completions"): Wire {
  const { model, id, streamed } = setting;
  const created = seconds(setting.time);
  const usage = {
    prompt_tokens: setting.tokensIn,
    completion_tokens: setting.tokensOut,
    total_tokens: setting.tokensIn + setting.tokensOut,
  };
  const finish = talk.calls === undefined ? "stop" : "tool_calls";
  const system = talk.system === undefined ? [] : [{ role: "system", content: talk.system }];
  const request = {
    model,
    messages: [...system, ...talk.turns.map(message)],
    ...(talk.tools && {
      tools: talk.tools.map((tool) => ({
        type: "function",
        function: { name: tool.name, description: tool.description, parameters: parametersOf(tool) },
      })),
    }),
    ...talk.settings,
    ...(streamed && { stream: true, stream_options: { include_usage: true } }),
  };
  const answer = {
    role: "assistant",
    content: talk.answer === "" ? null : talk.answer,
    ...(talk.reasoning !== undefined && { reasoning_content: talk.reasoning }),
    ...(talk.calls && { tool_calls: talk.calls.map(callOf) }),
  };
  const response = {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [{ index: 0, message: answer, finish_reason: finish }],
    usage,
  };
  if (!streamed) return { path, request, response };
  const chunk = (delta: Record<string, unknown>, end: string | null = null) => ({
    id,
    object: "chat.completion.chunk",
    created,
    model,
    choices: [{ index: 0, delta, finish_reason: end }],
  });
  const chunks = [
    chunk({ role: "assistant", content: "" }),
    ...pieces(talk.reasoning ?? "").map((text) => chunk({ reasoning_content: text })),
    ...pieces(talk.answer).map((text) => chunk({ content: text })),
    ...(talk.calls ?? []).flatMap((call, index) => {
      const json = JSON.stringify(call.input);
      const half = Math.floor(json.length / 2);
      return [
        chunk({ tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }] }),
        chunk({ tool_calls: [{ index, function: { arguments: json.slice(0, half) } }] }),
        chunk({ tool_calls: [{ index, function: { arguments: json.slice(half) } }] }),
      ];
    }),
    chunk({}, finish),
    { id, object: "chat.completion.chunk", created, model, choices: [], usage },
  ];
  return { path, request, response, stream: events(chunks, { done: true }) };
}

function inputItems(turn: Turn): Record<string, unknown>[] {
  switch (turn.from) {
    case "user":
      return [{ role: "user", content: [{ type: "input_text", text: turn.text }] }];
    case "assistant": {
      const said =
        turn.text === undefined ? [] : [{ role: "assistant", content: [{ type: "output_text", text: turn.text }] }];
      const calls = (turn.calls ?? []).map((call) => ({
        type: "function_call",
        call_id: call.id,
        name: call.name,
        arguments: JSON.stringify(call.input),
      }));
      return [...said, ...calls];
    }
    case "tool":
      return [{ type: "function_call_output", call_id: turn.call.id, output: JSON.stringify(turn.result) }];
  }
}

/** OpenAI Responses. */
export function responses(talk: Talk, setting: Setting): Wire {
  const { model, id, streamed } = setting;
  const request = {
    model,
    ...(talk.system !== undefined && { instructions: talk.system }),
    input: talk.turns.flatMap(inputItems),
    ...(talk.tools && {
      tools: talk.tools.map((tool) => ({
        type: "function",
        name: tool.name,
        description: tool.description,
        parameters: parametersOf(tool),
      })),
    }),
    reasoning: { effort: "medium", summary: "auto" },
    ...(streamed && { stream: true }),
  };
  const text = { type: "output_text", text: talk.answer, annotations: [] };
  const said = { id: `msg_${id.slice(5)}`, type: "message", status: "completed", role: "assistant", content: [text] };
  const output: Record<string, unknown>[] = [
    { id: `rs_${id.slice(5)}`, type: "reasoning", summary: [{ type: "summary_text", text: talk.reasoning ?? "" }] },
    ...(talk.calls ?? []).map((call) => ({
      id: `fc_${call.id}`,
      type: "function_call",
      status: "completed",
      call_id: call.id,
      name: call.name,
      arguments: JSON.stringify(call.input),
    })),
    ...(talk.answer === "" ? [] : [said]),
  ];
  const whole = {
    id,
    object: "response",
    created_at: seconds(setting.time),
    status: "completed",
    model,
    output,
    usage: {
      input_tokens: setting.tokensIn,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: setting.tokensOut,
      output_tokens_details: { reasoning_tokens: Math.floor(setting.tokensOut / 3) },
      total_tokens: setting.tokensIn + setting.tokensOut,
    },
  };
  if (!streamed) return { path: "responses", request, response: whole };
  const at = output.length - 1;
  const started = { ...whole, status: "in_progress", output: [], usage: null };
  const chunks: Record<string, unknown>[] = [
    { type: "response.created", response: started },
    { type: "response.output_item.added", output_index: at, item: { ...said, status: "in_progress", content: [] } },
    {
      type: "response.content_part.added",
      item_id: said.id,
      output_index: at,
      content_index: 0,
      part: { ...text, text: "" },
    },
    ...pieces(talk.answer).map((delta) => ({
      type: "response.output_text.delta",
      item_id: said.id,
      output_index: at,
      content_index: 0,
      delta,
    })),
    { type: "response.output_text.done", item_id: said.id, output_index: at, content_index: 0, text: talk.answer },
    { type: "response.output_item.done", output_index: at, item: said },
    { type: "response.completed", response: whole },
  ];
  const stream = events(
    chunks.map((chunk, index) => Object.assign(chunk, { sequence_number: index })),
    { names: true },
  );
  return { path: "responses", request, response: whole, stream };
}

/** Embeddings with short vectors, which keeps the samples small. */
export function embeddings(inputs: string[], setting: Setting, vector: () => number[]): Wire {
  return {
    path: "embeddings",
    request: { model: setting.model, input: inputs, encoding_format: "float", dimensions: 16 },
    response: {
      object: "list",
      data: inputs.map((_, index) => ({ object: "embedding", index, embedding: vector() })),
      model: setting.model,
      usage: { prompt_tokens: setting.tokensIn, total_tokens: setting.tokensIn },
    },
  };
}
