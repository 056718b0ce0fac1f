import type { MediaKind, Message, Part, Role } from "../../conversation.ts";
import { type JsonRecord, idOf, isEmpty, isRecord, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { mediaKindOf } from "../../media.ts";
import type { CallNames } from "../../reader.ts";
import { bothSpellings, field, joined } from "./fields.ts";

const ROLES = new Map<unknown, Role>([
  ["user", "user"],
  ["model", "assistant"],
  ["assistant", "assistant"],
  ["function", "tool"],
  ["system", "system"],
]);
const CONTENT_KEYS = new Set(["role", "parts"]);
const BLOB_KEYS = bothSpellings("data", "mimeType", "displayName", "fileUri");
const CALL_KEYS = new Set(["id", "name", "args"]);
const RESPONSE_KEYS = new Set(["id", "name", "response", "parts"]);
const SERVER_TOOL_KEYS = bothSpellings("id", "toolType", "args", "response");
const CODE_KEYS = new Set(["id"]);
const OUTPUT_KEYS = new Set(["id", "output"]);
const SUCCESSES = new Set<unknown>(["OUTCOME_OK", "OUTCOME_UNSPECIFIED", 0, 1]);
const CODE_EXECUTION = "code_execution";

/** Content fields of a part, one per part: each returns parts, or undefined for a wrong type. */
const HELD: readonly [name: string, read: (value: JsonRecord, callNames: CallNames) => Part[]][] = [
  ["inlineData", mediaParts],
  ["fileData", mediaParts],
  ["functionCall", functionCallParts],
  ["functionResponse", functionResponseParts],
  ["executableCode", executableCodeParts],
  ["codeExecutionResult", codeResultParts],
  ["toolCall", serverCallParts],
  ["toolResponse", serverResponseParts],
  ["audioTranscription", transcriptionParts],
];
const HELD_KEYS = bothSpellings("text", "thought", ...HELD.map(([name]) => name));
/** Fields that describe a part. */
const ABOUT_KEYS = bothSpellings(
  "thoughtSignature",
  "videoMetadata",
  "mediaResolution",
  "mediaProcessing",
  "partMetadata",
  "speechMetadata",
);

/** Reads one of a request's `contents` or a system instruction: `{role, parts}`, a text, or a single part. */
export function readContent(value: unknown, callNames: CallNames, asSystem = false): Message {
  const content = recordOf(value);
  if (content === undefined || !("parts" in content || "role" in content)) {
    return { role: asSystem ? "system" : "user", parts: readParts(value, callNames) };
  }
  const known = asSystem ? "system" : ROLES.get(content.role);
  const odd = known === undefined && !isEmpty(content.role) ? { role: content.role } : undefined;
  const details = joined(restOf(content, CONTENT_KEYS), odd);
  return { role: known ?? "user", parts: readParts(content.parts, callNames), ...present({ details }) };
}

/** Returns the parts of a content: a list of parts, a single one, or a text. */
function readParts(value: unknown, callNames: CallNames): Part[] {
  if (isEmpty(value)) return [];
  return Array.isArray(value) ? value.flatMap((part) => readPart(part, callNames)) : readPart(value, callNames);
}

/** Reads one part: most have one content, an empty one none. */
export function readPart(value: unknown, callNames: CallNames): Part[] {
  if (typeof value === "string") return value === "" ? [] : [{ type: "text", text: value }];
  if (!isRecord(value)) return [{ type: "unknown", value }];
  const isThought = value.thought === true;
  const parts: Part[] = [];
  for (const [name, read] of HELD) {
    const held = field(value, name);
    if (isRecord(held)) parts.push(...read(held, callNames));
    else if (!isEmpty(held)) parts.push({ type: "unknown", value: { [name]: held } });
  }
  const others = restOf(value, HELD_KEYS);
  if (typeof value.text === "string" && (value.text !== "" || (parts.length === 0 && others !== undefined))) {
    parts.unshift({ type: isThought ? "reasoning" : "text", text: value.text });
  } else if (typeof value.text !== "string" && !isEmpty(value.text)) {
    parts.unshift({ type: "unknown", value: { text: value.text } });
  }
  const first = parts[0];
  if (first === undefined) {
    if (others === undefined) return [];
    // A signature alone is reasoning without visible content.
    const isSigned = textOf(field(value, "thoughtSignature")) !== undefined;
    const isAbout = isSigned && Object.keys(others).every((key) => ABOUT_KEYS.has(key));
    return [isAbout ? { type: "reasoning", text: "", redacted: true, details: others } : { type: "unknown", value }];
  }
  const details = joined(
    first.details,
    others,
    isThought && first.type !== "reasoning" ? { thought: true } : undefined,
  );
  if (details !== undefined) first.details = details;
  return parts;
}

/** `{data | fileUri, mimeType, displayName}` as a medium. */
function mediaParts(blob: JsonRecord): Part[] {
  const mimeType = textOf(field(blob, "mimeType"));
  const url = textOf(field(blob, "fileUri"));
  const place = present({ mimeType, url, data: textOf(blob.data), name: textOf(field(blob, "displayName")) });
  const details = restOf(blob, BLOB_KEYS);
  return [{ type: "media", media: kindOf(mimeType, url), ...place, ...present({ details }) }];
}

function kindOf(mimeType: string | undefined, url = ""): MediaKind {
  // YouTube videos are given by URL, without a type.
  if (mimeType === undefined && /^https?:\/\/(?:www\.)?(?:youtube\.com|youtu\.be)\//i.test(url)) return "video";
  return mediaKindOf(mimeType ?? "");
}

function functionCallParts(call: JsonRecord, callNames: CallNames): Part[] {
  return [callPart(textOf(call.name) ?? "", call, call.args ?? {}, restOf(call, CALL_KEYS), callNames)];
}

function callPart(
  name: string,
  call: JsonRecord,
  given: unknown,
  details: JsonRecord | undefined,
  callNames: CallNames,
): Part {
  const id = idOf(call.id);
  if (id !== undefined) callNames.set(id, name);
  return { type: "toolCall", name, arguments: given, ...present({ id, details }) };
}

// Without `output` or `error`, the whole response is the function's output.
function functionResponseParts(result: JsonRecord, callNames: CallNames): Part[] {
  const response = recordOf(result.response);
  const keys = Object.keys(response ?? {});
  const only = keys.length === 1 ? keys[0] : undefined;
  const output = response !== undefined && (only === "output" || only === "error") ? response[only] : result.response;
  const isError = only === "error" || response?.isError === true ? true : undefined;
  const parts = [...valueParts(output), ...readParts(result.parts, callNames)];
  return [
    resultPart(textOf(result.name), result, parts, { isError, details: restOf(result, RESPONSE_KEYS) }, callNames),
  ];
}

function resultPart(
  given: string | undefined,
  result: JsonRecord,
  parts: Part[],
  about: { isError?: boolean | undefined; details: JsonRecord | undefined },
  callNames: CallNames,
): Part {
  const id = idOf(result.id);
  const name = given ?? (id === undefined ? undefined : callNames.get(id));
  return { type: "toolResult", parts, ...present({ id, name, ...about }) };
}

function valueParts(value: unknown): Part[] {
  if (isEmpty(value)) return [];
  return [typeof value === "string" ? { type: "text", text: value } : { type: "data", value }];
}

function executableCodeParts(code: JsonRecord, callNames: CallNames): Part[] {
  return [callPart(CODE_EXECUTION, code, restOf(code, CODE_KEYS) ?? {}, undefined, callNames)];
}

function codeResultParts(result: JsonRecord, callNames: CallNames): Part[] {
  const isError = isEmpty(result.outcome) ? undefined : !SUCCESSES.has(result.outcome);
  const about = { isError, details: restOf(result, OUTPUT_KEYS) };
  return [resultPart(CODE_EXECUTION, result, valueParts(result.output), about, callNames)];
}

function serverCallParts(call: JsonRecord, callNames: CallNames): Part[] {
  return [callPart(toolType(call) ?? "", call, call.args ?? {}, restOf(call, SERVER_TOOL_KEYS), callNames)];
}

function serverResponseParts(result: JsonRecord, callNames: CallNames): Part[] {
  const about = { details: restOf(result, SERVER_TOOL_KEYS) };
  return [resultPart(toolType(result), result, valueParts(result.response), about, callNames)];
}

function toolType(tool: JsonRecord): string | undefined {
  return idOf(field(tool, "toolType"));
}

function transcriptionParts({ text, ...others }: JsonRecord): Part[] {
  return [{ type: "text", text: textOf(text) ?? "", details: { audioTranscription: others } }];
}
