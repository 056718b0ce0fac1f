type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Returns a stream's JSON objects: `data:` of server-sent events, one per line, or one JSON array. Drops comments and
 * `[DONE]`.
 */
function chunksOf(stream: string): Json[] {
  const whole = stream.trimStart().startsWith("[") ? parse(stream) : undefined;
  if (Array.isArray(whole)) return objects(whole);
  const chunks: Json[] = [];
  let data: string[] = [];
  const flush = () => {
    const chunk = parse(data.join("\n"));
    if (isObject(chunk)) chunks.push(chunk);
    data = [];
  };
  for (const line of stream.split(/\r\n|\n|\r/)) {
    if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
    else if (line === "") flush();
    else if (line.startsWith("{")) {
      flush();
      data = [line];
      flush();
    }
  }
  flush();
  return chunks;
}

/**
 * Merges `more` into `whole` like streamed deltas: texts are appended, lists joined (items matched by `index`), the
 * rest replaced.
 */
function grow(whole: Json, more: Json): void {
  for (const [key, value] of Object.entries(more)) {
    const before = whole[key];
    if (value === null || value === undefined) whole[key] ??= value;
    else if (typeof before === "string" && typeof value === "string" && !["role", "id", "type", "name"].includes(key)) {
      whole[key] = before + value;
    } else if (Array.isArray(before) && Array.isArray(value)) {
      for (const item of value) {
        const same =
          isObject(item) && "index" in item ? objects(before).find((one) => one["index"] === item["index"]) : undefined;
        if (same !== undefined && isObject(item)) grow(same, item);
        else before.push(structuredClone(item));
      }
    } else if (isObject(before) && isObject(value)) grow(before, value);
    else whole[key] = structuredClone(value);
  }
}

/** Returns the list item with this index, created if it's missing. */
function at(list: Json[], index: unknown, make: () => Json): Json {
  let found = list.find((one) => one["index"] === index);
  if (found === undefined) list.push((found = { index, ...make() }));
  return found;
}

/** The merged text is in `choices[].delta` (API notes: Stored responses). Legacy completions have `text` instead. */
function openAi(chunks: Json[]): Json {
  const choices: Json[] = [];
  const whole: Json = {};
  for (const chunk of chunks) {
    for (const [key, value] of Object.entries(chunk)) if (key !== "choices" && value !== null) whole[key] = value;
    for (const { index = 0, delta, text, ...rest } of objects(chunk["choices"])) {
      const choice = at(choices, index, () => (text === undefined ? { delta: {} } : { text: "" }));
      if (isObject(delta) && isObject(choice["delta"])) grow(choice["delta"], delta);
      if (typeof text === "string") choice["text"] = textOf(choice["text"]) + text;
      for (const [key, value] of Object.entries(rest)) if (value !== null) choice[key] = value;
    }
  }
  return { ...whole, choices };
}

/** Returns the message with complete content blocks. */
function anthropic(chunks: Json[]): Json {
  const message: Json = {};
  const blocks: Json[] = [];
  for (const chunk of chunks) {
    const delta = isObject(chunk["delta"]) ? chunk["delta"] : {};
    if (chunk["type"] === "message_start" && isObject(chunk["message"]))
      Object.assign(message, structuredClone(chunk["message"]));
    if (chunk["type"] === "error") message["error"] = chunk["error"];
    if (chunk["type"] === "message_delta") {
      Object.assign(message, delta);
      if (isObject(chunk["usage"])) message["usage"] = Object.assign({}, message["usage"], chunk["usage"]);
    }
    if (chunk["type"] === "content_block_start" && isObject(chunk["content_block"])) {
      blocks.push({ ...structuredClone(chunk["content_block"]), index: chunk["index"] });
    }
    if (chunk["type"] === "content_block_delta") {
      const block = at(blocks, chunk["index"], () => ({ type: "text" }));
      const { type: kind, partial_json: json, citation, ...texts } = delta;
      if (kind === "input_json_delta") block["json"] = textOf(block["json"]) + textOf(json);
      else if (citation !== undefined) block["citations"] = [...objects(block["citations"]), citation];
      else grow(block, texts);
    }
  }
  const content = blocks.map(({ index: _index, json, ...block }): Json => {
    if (typeof json === "string" && json !== "") block["input"] = parse(json) ?? json;
    return block;
  });
  return { ...message, content };
}

/** Returns the newest snapshot in the response's events; the last one is complete. */
function responses(chunks: Json[]): Json {
  const snapshots = chunks.map((chunk) => chunk["response"]).filter(isObject);
  return { ...snapshots.at(-1) };
}

/** Returns the candidates with adjacent texts joined. */
function gemini(chunks: Json[]): Json {
  const candidates: Json[] = [];
  const whole: Json = {};
  for (const chunk of chunks) {
    Object.assign(whole, chunk);
    for (const { index = 0, content, ...rest } of objects(chunk["candidates"])) {
      const candidate = at(candidates, index, () => ({ content: { role: "model", parts: [] } }));
      Object.assign(candidate, rest);
      const parts = isObject(candidate["content"]) ? objects(candidate["content"]["parts"]) : [];
      for (const part of objects(isObject(content) ? content["parts"] : [])) {
        const last = parts.at(-1);
        const joins =
          typeof part["text"] === "string" && typeof last?.["text"] === "string" && last["thought"] === part["thought"];
        if (joins && last !== undefined)
          Object.assign(last, part, { text: String(last["text"]) + String(part["text"]) });
        else parts.push({ ...part });
      }
      candidate["content"] = { role: "model", parts };
    }
  }
  return { ...whole, candidates };
}

/** Returns the body with `response` pieces joined (Workers AI). */
function workersAi(chunks: Json[]): Json {
  const whole: Json = {};
  for (const { p: _padding, ...chunk } of chunks) grow(whole, chunk);
  for (const chunk of chunks) if (isObject(chunk["usage"])) whole["usage"] = chunk["usage"];
  return whole;
}

function fold(chunks: Json[]): Json {
  const some = (test: (chunk: Json) => boolean) => chunks.some(test);
  if (some((chunk) => chunk["type"] === "message_start")) return anthropic(chunks);
  if (some((chunk) => Array.isArray(chunk["candidates"]))) return gemini(chunks);
  if (some((chunk) => isObject(chunk["response"]) && String(chunk["type"]).startsWith("response.")))
    return responses(chunks);
  if (some((chunk) => Array.isArray(chunk["choices"]))) return openAi(chunks);
  if (some((chunk) => typeof chunk["response"] === "string")) return workersAi(chunks);
  return {};
}

/**
 * Returns the JSON that the live gateway stores for a streamed response: the assembled answer, and every chunk in
 * `streamed_data`. OpenAI-compatible chat is as seen live (API notes: Stored responses). Storage of other formats is
 * unknown; our choice: Anthropic's message object, Gemini's candidates, the last snapshot of a Responses stream,
 * Workers AI's `response`; any other stream has only `streamed_data`. Returns undefined if the text has no JSON chunk.
 */
export function assembleStream(stream: string): string | undefined {
  const chunks = chunksOf(stream);
  return chunks.length === 0 ? undefined : JSON.stringify({ ...fold(chunks), streamed_data: chunks });
}
