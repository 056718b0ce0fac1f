import { arbitrate, withStrays } from "../../arbitration.ts";
import type { Message, Part, ToolDefinition, Usage } from "../../conversation.ts";
import { readError } from "../../errors.ts";
import {
  type JsonRecord,
  idOf,
  isEmpty,
  isRecord,
  listOf,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import { type CallNames, type Reader, type Reply, type ResponseReading, settingsOf } from "../../reader.ts";
import { chunksOf, cutResponse } from "./cut.ts";
import { bothSpellings, field, joined } from "./fields.ts";
import { cite } from "./grounding.ts";
import { modelIn, withoutCollection } from "./model.ts";
import { readContent, readPart } from "./parts.ts";
import { foldChunks, isChunk } from "./stream.ts";
import { usageOf } from "./usage.ts";
import { restBesideTexts } from "../shared/text-fields.ts";

const REQUEST_KEYS = bothSpellings("contents", "systemInstruction", "tools", "model");
const BEGINNING = ["generateContentRequest", "systemInstruction", "tools", "generationConfig", "safetySettings"];
const DECLARED_KEYS = bothSpellings("parameters", "parametersJsonSchema");
const CANDIDATE_KEYS = bothSpellings("content", "finishReason", "index", "groundingMetadata", "citationMetadata");
const CONTENT_KEYS = new Set(["role", "parts"]);
const ENVELOPE_KEYS = new Set(["candidates", "streamed_data", "error", "nonce"]);
const COUNT_KEYS = new Set(["streamed_data", "error"]);
/** Reasons why Google withheld a candidate, as opposed to the model's own finish reasons. */
const BLOCKS = new Set([
  "SAFETY",
  "RECITATION",
  "LANGUAGE",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "MODEL_ARMOR",
  "IMAGE_SAFETY",
  "IMAGE_PROHIBITED_CONTENT",
  "IMAGE_RECITATION",
]);

/** Gemini's generateContent, streamGenerateContent, countTokens and computeTokens, on AI Studio and on Vertex AI. */
export const geminiGenerate: Reader = {
  format: "gemini-generate",

  serves(_provider, path) {
    return /(?::|%3a)(?:(?:stream)?generatecontent|(?:count|compute)tokens)\/?$/.test(path);
  },

  fitsRequest(given, expected) {
    const body = withoutWrapping(given);
    const { contents } = body;
    // A truncated request may end before its contents.
    if (expected) return !isEmpty(contents) || BEGINNING.some((name) => !isEmpty(field(body, name)));
    return (Array.isArray(contents) ? contents : [contents]).every(
      (content) => isRecord(content) && "parts" in content,
    );
  },

  readRequest(given, { callNames, path }) {
    const body = withoutWrapping(given);
    // countTokens also takes a whole request.
    const inner = recordOf(field(body, "generateContentRequest"));
    const asked = inner ?? body;
    const { contents } = asked;
    const system = field(asked, "systemInstruction");
    const others = inner === undefined ? {} : settingsOf(body, bothSpellings("generateContentRequest"));
    const model = textOf(asked.model);
    return {
      messages: [
        ...(isEmpty(system) ? [] : [readContent(system, callNames, true)]),
        ...(Array.isArray(contents) ? contents : isEmpty(contents) ? [] : [contents]).map((content) =>
          readContent(content, callNames),
        ),
      ],
      tools: listOf(asked.tools).flatMap(toolsOf),
      settings: { ...others, ...settingsOf(asked, REQUEST_KEYS) },
      ...present({ model: model === undefined ? modelIn(path) : withoutCollection(model) }),
    };
  },

  fitsResponse(reply, expected) {
    const { value, events } = withoutResponse(reply);
    if (isResponse(value)) return true;
    if (expected) return isCount(value) || isChunk(value) || events.some(({ data }) => isChunk(data));
    return events.some(({ data }) => isResponse(data));
  },

  readResponse(wrapped, { callNames, request: asked }) {
    const reply = withoutResponse(wrapped);
    const request = asked && withoutWrapping(asked);
    const { value, cut } = reply;
    if (isRecord(value) && isCount(value)) return readCount(value);
    const given = isRecord(value) && isChunk(value) ? value : undefined;
    const assembled = given && read(cut ? cutResponse(given, request) : given, callNames);
    if (assembled !== undefined && reply.events.length === 0) return assembled;
    const { value: whole, strays, error } = foldChunks(chunksOf(reply, request));
    const folded = read(whole, callNames);
    const found = error === undefined ? {} : present({ error: readError(error, true) });
    const isFinished =
      folded.answers.length > 0 && folded.answers.every(({ finishReason }) => finishReason !== undefined);
    const complete = isFinished && !cut;
    return { ...arbitrate(assembled, { ...withStrays(folded, strays), complete }), ...found };
  },
};

/** Unwraps a request in `request`, as Gemini's coding tools send it (`v1internal`); its other fields are settings. */
function withoutWrapping(body: JsonRecord): JsonRecord {
  const { request, ...others } = body;
  return isRecord(request) && "contents" in request ? { ...others, ...request } : body;
}

/** Unwraps responses in `response`. */
function withoutResponse(reply: Reply): Reply {
  if (!isWrapped(reply.value) && !reply.events.some(({ data }) => isWrapped(data))) return reply;
  const events = reply.events.map((event) => ({ ...event, data: unwrapped(event.data) }));
  return { ...reply, value: unwrapped(reply.value), events };
}

function isWrapped(value: unknown): value is { response: JsonRecord } {
  return isRecord(value) && isRecord(value.response) && isChunk(value.response);
}

function unwrapped(value: unknown): unknown {
  if (!isWrapped(value)) return value;
  const { response, ...others } = value;
  return { ...others, ...response };
}

function isResponse(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const candidate = recordOf(listOf(value.candidates)[0]);
  if (candidate === undefined) return isRecord(value.usageMetadata) || isRecord(value.promptFeedback);
  return isRecord(candidate.content) || typeof candidate.finishReason === "string" || isRecord(value.usageMetadata);
}

function isCount(value: unknown): boolean {
  if (!isRecord(value) || "candidates" in value) return false;
  return typeof value.totalTokens === "number" || Array.isArray(value.tokensInfo);
}

// Counting consumes no tokens, so the count is the answer, not usage.
function readCount(value: JsonRecord): ResponseReading {
  const counted = restOf(value, COUNT_KEYS) ?? {};
  return { answers: [{ role: "assistant", parts: [{ type: "data", value: counted }] }], complete: true };
}

function read(value: JsonRecord, callNames: CallNames): ResponseReading {
  const candidates = listOf(value.candidates);
  const blocked = recordOf(value.promptFeedback);
  const isBlocked = candidates.length === 0 && blocked !== undefined && !isEmpty(blocked.blockReason);
  return {
    answers: isBlocked ? [blockedAnswer(blocked)] : candidates.map((one) => readCandidate(one, callNames)),
    complete: true,
    ...present({
      usage: readUsage(value.usageMetadata),
      error: isEmpty(value.error) ? undefined : readError({ error: value.error }, false),
      model: textOf(value.modelVersion),
      envelope: restOf(value, ENVELOPE_KEYS),
    }),
  };
}

function readCandidate(value: unknown, callNames: CallNames): Message {
  const candidate = recordOf(value);
  if (candidate === undefined) return { role: "assistant", parts: [{ type: "unknown", value }] };
  const content = recordOf(candidate.content);
  const given = content === undefined ? candidate.content : content.parts;
  const partsOf = (Array.isArray(given) ? given : isEmpty(given) ? [] : [given]).map((part) =>
    readPart(part, callNames),
  );
  const finishReason = idOf(field(candidate, "finishReason"));
  const details = joined(
    restOf(candidate, CANDIDATE_KEYS),
    content && restOf(content, CONTENT_KEYS),
    cite(partsOf, candidate),
  );
  const parts = partsOf.flat();
  if (parts.length === 0 && finishReason !== undefined && BLOCKS.has(finishReason)) {
    parts.push(withheld(textOf(field(candidate, "finishMessage")) ?? finishReason));
  }
  return { role: "assistant", parts, ...present({ finishReason, details }) };
}

/** A blocked prompt has no candidates; the block reason becomes the finish reason. */
function blockedAnswer(feedback: JsonRecord): Message {
  const reason = idOf(field(feedback, "blockReason")) ?? "";
  return {
    role: "assistant",
    parts: [withheld(textOf(field(feedback, "blockReasonMessage")) ?? reason)],
    finishReason: reason,
  };
}

// A part that says that Google withheld the content.
function withheld(why: string): Part {
  return { type: "refusal", text: why };
}

function readUsage(value: unknown): Usage | undefined {
  const usage = recordOf(value) ?? {};
  return usageOf({
    sent: [usage.promptTokenCount, usage.toolUsePromptTokenCount],
    made: [usage.candidatesTokenCount, usage.thoughtsTokenCount],
    total: usage.totalTokenCount,
    cached: usage.cachedContentTokenCount,
    thoughts: usage.thoughtsTokenCount,
  });
}

/** An item of `tools` declares functions, and built-in tools by its field names. */
function toolsOf(value: unknown): ToolDefinition[] {
  if (!isRecord(value)) return [{ name: "", parameters: value }];
  return Object.entries(value).flatMap(([key, given]): ToolDefinition[] => {
    const list = Array.isArray(given) ? given : [given];
    if (key === "functionDeclarations" || key === "function_declarations") return list.map(declaredTool);
    if (key === "mcpServers" || key === "mcp_servers") return list.map((server) => builtInTool(key, server));
    return [builtInTool(key, given)];
  });
}

function builtInTool(key: string, given: unknown): ToolDefinition {
  const name = (isRecord(given) ? textOf(given.name) : undefined) ?? key;
  return { name, ...(isEmpty(given) ? undefined : { details: { [key]: given } }) };
}

function declaredTool(value: unknown): ToolDefinition {
  const tool = recordOf(value);
  if (tool === undefined) return { name: "", parameters: value };
  return {
    name: textOf(tool.name) ?? "",
    ...present({
      description: textOf(tool.description),
      parameters: tool.parameters ?? field(tool, "parametersJsonSchema") ?? undefined,
      details: restBesideTexts(tool, ["name", "description"], DECLARED_KEYS),
    }),
  };
}
