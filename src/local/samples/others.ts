import { events, parametersOf, pieces, type Setting, type Talk, type Turn, type Wire } from "./talk.ts";

type Json = Record<string, unknown>;

function anthropicBlocks(turn: Turn): { role: string; content: unknown } {
  switch (turn.from) {
    case "user":
      if (turn.picture === undefined) return { role: "user", content: turn.text };
      return {
        role: "user",
        content: [
          { type: "image", source: { type: "base64", media_type: "image/png", data: turn.picture } },
          { type: "text", text: turn.text },
        ],
      };
    case "assistant": {
      const said = turn.text === undefined ? [] : [{ type: "text", text: turn.text }];
      const calls = (turn.calls ?? []).map(({ id, name, input }) => ({ type: "tool_use", id, name, input }));
      return { role: "assistant", content: [...said, ...calls] };
    }
    case "tool":
      return {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: turn.call.id, content: JSON.stringify(turn.result) }],
      };
  }
}

/** Anthropic messages; reasoning becomes a thinking block. */
export function anthropic(talk: Talk, setting: Setting): Wire {
  const { model, id, streamed } = setting;
  const request = {
    model,
    max_tokens: 4096,
    ...(talk.system !== undefined && {
      system: [{ type: "text", text: talk.system, cache_control: { type: "ephemeral" } }],
    }),
    messages: talk.turns.map(anthropicBlocks),
    ...(talk.tools && {
      tools: talk.tools.map((tool) => ({
        name: tool.name,
        description: tool.description,
        input_schema: parametersOf(tool),
      })),
    }),
    ...(talk.reasoning !== undefined && { thinking: { type: "enabled", budget_tokens: 2048 } }),
    ...talk.settings,
    ...(streamed && { stream: true }),
  };
  const content: Json[] = [];
  if (talk.reasoning !== undefined)
    content.push({ type: "thinking", thinking: talk.reasoning, signature: `Ev${id.slice(4)}==` });
  if (talk.answer !== "") content.push({ type: "text", text: talk.answer });
  for (const { id: callId, name, input } of talk.calls ?? [])
    content.push({ type: "tool_use", id: callId, name, input });
  const stop = talk.calls === undefined ? "end_turn" : "tool_use";
  const usage = {
    input_tokens: setting.tokensIn,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: setting.tokensOut,
  };
  const response = {
    id,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage,
  };
  if (!streamed) return { path: "v1/messages", request, response };
  const chunks: Json[] = [
    {
      type: "message_start",
      message: { ...response, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    },
    ...content.flatMap((block, index): Json[] => {
      const delta = (of: Json): Json => ({ type: "content_block_delta", index, delta: of });
      const start = (of: Json): Json => ({ type: "content_block_start", index, content_block: of });
      const end = { type: "content_block_stop", index };
      if (block["type"] === "text") {
        const texts = pieces(talk.answer).map((text) => delta({ type: "text_delta", text }));
        return [start({ type: "text", text: "" })].concat(texts, end);
      }
      if (block["type"] === "thinking") {
        const thoughts = pieces(talk.reasoning ?? "").map((thinking) => delta({ type: "thinking_delta", thinking }));
        const signature = delta({ type: "signature_delta", signature: block["signature"] });
        return [start({ type: "thinking", thinking: "", signature: "" })].concat(thoughts, signature, end);
      }
      const json = delta({ type: "input_json_delta", partial_json: JSON.stringify(block["input"]) });
      return [start(Object.assign({}, block, { input: {} })), json, end];
    }),
    {
      type: "message_delta",
      delta: { stop_reason: stop, stop_sequence: null },
      usage: { output_tokens: setting.tokensOut },
    },
    { type: "message_stop" },
  ];
  return { path: "v1/messages", request, response, stream: events(chunks, { names: true }) };
}

function geminiContent(turn: Turn): Json {
  switch (turn.from) {
    case "user": {
      const picture = turn.picture === undefined ? [] : [{ inlineData: { mimeType: "image/png", data: turn.picture } }];
      return { role: "user", parts: [...picture, { text: turn.text }] };
    }
    case "assistant": {
      const said = turn.text === undefined ? [] : [{ text: turn.text }];
      return {
        role: "model",
        parts: [...said, ...(turn.calls ?? []).map(({ name, input }) => ({ functionCall: { name, args: input } }))],
      };
    }
    case "tool":
      return {
        role: "user",
        parts: [{ functionResponse: { name: turn.call.name, response: { result: turn.result } } }],
      };
  }
}

/** Gemini generateContent; reasoning becomes a thought part. */
export function gemini(talk: Talk, setting: Setting): Wire {
  const { model, streamed } = setting;
  const verb = streamed ? "streamGenerateContent?alt=sse" : "generateContent";
  const path = `v1beta/models/${model}:${verb}`;
  const request = {
    ...(talk.system !== undefined && { systemInstruction: { parts: [{ text: talk.system }] } }),
    contents: talk.turns.map(geminiContent),
    ...(talk.tools && {
      tools: [
        {
          functionDeclarations: talk.tools.map((tool) => ({
            name: tool.name,
            description: tool.description,
            parameters: parametersOf(tool),
          })),
        },
      ],
    }),
    generationConfig: { temperature: 0.4, maxOutputTokens: 2048 },
  };
  const thoughts = talk.reasoning === undefined ? [] : [{ text: talk.reasoning, thought: true }];
  const calls = (talk.calls ?? []).map(({ name, input }) => ({ functionCall: { name, args: input } }));
  const wrap = (parts: Json[], end: boolean) => ({
    candidates: [{ content: { role: "model", parts }, index: 0, ...(end && { finishReason: "STOP" }) }],
    usageMetadata: {
      promptTokenCount: setting.tokensIn,
      candidatesTokenCount: setting.tokensOut,
      totalTokenCount: setting.tokensIn + setting.tokensOut,
    },
    modelVersion: model,
    responseId: setting.id,
  });
  const said = talk.answer === "" ? [] : [{ text: talk.answer }];
  const response = wrap([...thoughts, ...said, ...calls], true);
  if (!streamed) return { path, request, response };
  const parts: Json[] = [...thoughts, ...pieces(talk.answer).map((text) => ({ text })), ...calls];
  const stream = events(parts.map((part, index) => wrap([part], index === parts.length - 1)));
  return { path, request, response, stream: stream.replaceAll("\n", "\r\n") };
}

/** Workers AI's own format. */
export function workersAi(talk: Talk, setting: Setting): Wire {
  const { model, streamed } = setting;
  const messages = talk.turns.map((turn) => {
    if (turn.from === "tool") return { role: "tool", name: turn.call.name, content: JSON.stringify(turn.result) };
    return { role: turn.from, content: turn.text ?? "" };
  });
  const system = talk.system === undefined ? [] : [{ role: "system", content: talk.system }];
  const request = {
    messages: [...system, ...messages],
    ...(talk.tools && { tools: talk.tools.map((tool) => ({ ...tool, parameters: parametersOf(tool) })) }),
    max_tokens: 512,
    ...(streamed && { stream: true }),
  };
  const usage = {
    prompt_tokens: setting.tokensIn,
    completion_tokens: setting.tokensOut,
    total_tokens: setting.tokensIn + setting.tokensOut,
  };
  const calls = talk.calls?.map(({ name, input }) => ({ name, arguments: input })) ?? [];
  const response = {
    result: { response: talk.answer, tool_calls: calls, usage },
    success: true,
    errors: [],
    messages: [],
  };
  if (!streamed) return { path: model, request, response };
  const chunks: Json[] = pieces(talk.answer).map((text, index) => ({
    response: text,
    p: "abcdefghijklmnop".slice(0, (index % 15) + 1),
  }));
  return { path: model, request, response, stream: events([...chunks, { response: "", usage }], { done: true }) };
}
