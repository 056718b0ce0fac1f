import type { Message, Part, Usage } from "../../conversation.ts";
import {
  type JsonRecord,
  isEmpty,
  isRecord,
  isVector,
  listOf,
  numberOf,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import type { ResponseReading } from "../../reader.ts";
import { METRICS } from "./invocation.ts";
import { imagePart } from "./invoke-prompt.ts";

const SPOKEN_KEYS = new Set([
  "generation",
  "stop_reason",
  "outputText",
  "completionReason",
  "index",
  "results",
  "outputs",
  "completions",
  "message",
  "finishReason",
]);
const ENVELOPE_KEYS = new Set([
  ...SPOKEN_KEYS,
  "embedding",
  "embeddings",
  "embeddingsByType",
  "data",
  "images",
  "artifacts",
  "invocationArn",
]);
const PIECE_KEYS = new Set(["text", "outputText", "stop_reason", "completionReason", "index"]);

/** A piece of an answer's text; in a plain response, all of it. */
type Piece = { text: string; finishReason: string | undefined; details: JsonRecord | undefined };

/** Whether a body or an event is of a model with its own format. `expected`: the address indicates it. */
export function isInvoked(value: unknown, expected: boolean): value is JsonRecord {
  if (!isRecord(value)) return false;
  const [output] = listOf(value.outputs).map(recordOf);
  const [result] = listOf(value.results).map(recordOf);
  const [embedded] = listOf(value.embeddings).map(recordOf);
  const [artifact] = listOf(value.artifacts).map(recordOf);
  const [completion] = listOf(value.completions).map(recordOf);
  return (
    (typeof value.generation === "string" && (expected || "generation_token_count" in value)) ||
    (typeof value.outputText === "string" && (expected || "completionReason" in value)) ||
    typeof result?.outputText === "string" ||
    (typeof output?.text === "string" && (expected || "stop_reason" in output)) ||
    (isVector(value.embedding) && (expected || "inputTextTokenCount" in value)) ||
    (Array.isArray(embedded?.embedding) && (expected || "embeddingType" in embedded)) ||
    typeof recordOf(completion?.data)?.text === "string" ||
    typeof artifact?.base64 === "string" ||
    (expected && isInvokedByAddress(value))
  );
}

// Images (none if all were withheld), TwelveLabs' texts and vectors, and references to pending answers.
function isInvokedByAddress(value: JsonRecord): boolean {
  if (typeof value.message === "string") return "finishReason" in value;
  const [row] = [value.data].flat().map(recordOf);
  return Array.isArray(value.images) || isVector(row?.embedding) || typeof value.invocationArn === "string";
}

/** Reads one plain response, or folds a stream's events, in linear time. */
export function readInvoked(values: unknown[], isStream: boolean, isCut: boolean): ResponseReading {
  const answers = new Map<number, Message & { text: string }>();
  const fields: [string, unknown][] = [];
  const strays: Part[] = [];
  let tokensOut: number | undefined;
  for (const value of values) {
    // `readConversation` finds errors, for all formats.
    if (isStream && !isEmpty(recordOf(value)?.error)) continue;
    if (!isRecord(value)) {
      strays.push({ type: "unknown", value });
      continue;
    }
    for (const field of Object.entries(value)) if (field[1] !== null) fields.push(field);
    for (const [index, piece] of piecesOf(value)) addPiece(answers, index, piece);
    tokensOut = spoken(value) ?? tokensOut;
  }
  const whole = Object.fromEntries(fields);
  const pending: Part[] = isEmpty(whole.invocationArn)
    ? []
    : [{ type: "data", value: { invocationArn: whole.invocationArn } }];
  const parts = [...mediaParts(whole), ...embeddingParts(whole), ...pending, ...strays];
  const said = [...answers].toSorted(([a], [b]) => a - b).map(([, answer]) => wholeAnswer(answer));
  const withheld = listOf(whole.finish_reasons).find((reason) => typeof reason === "string");
  const [first = { role: "assistant" as const, parts: [], ...present({ finishReason: textOf(withheld) }) }, ...others] =
    said;
  const isFinished = METRICS in whole || (said.length > 0 && said.every((answer) => answer.finishReason !== undefined));
  return {
    answers: [{ ...first, parts: [...first.parts, ...parts] }, ...others],
    complete: !isStream || (isFinished && !isCut),
    ...present({ usage: usageOf(whole, tokensOut), envelope: restOf(whole, ENVELOPE_KEYS) }),
  };
}

function piecesOf(value: JsonRecord): [number, Piece][] {
  if (typeof value.generation === "string") {
    return [[0, { text: value.generation, finishReason: textOf(value.stop_reason), details: undefined }]];
  }
  if (typeof value.message === "string") {
    return [[0, { text: value.message, finishReason: textOf(value.finishReason), details: undefined }]];
  }
  if (Array.isArray(value.completions)) return listOf(value.completions).map((one, at) => [at, completed(one)]);
  const list = Array.isArray(value.results) ? value.results : value.outputs;
  const pieces = typeof value.outputText === "string" ? [restOf(value, new Set([METRICS]))] : listOf(list);
  return pieces.map((given, at) => {
    const piece = recordOf(given) ?? { piece: given };
    const text = textOf(piece.outputText) ?? textOf(piece.text) ?? "";
    const finishReason = textOf(piece.completionReason) ?? textOf(piece.stop_reason);
    const details = pieces === list ? restOf(piece, PIECE_KEYS) : undefined;
    return [numberOf(piece.index) ?? at, { text, finishReason, details }];
  });
}

// AI21's J2: `{data: {text, tokens}, finishReason: {reason, length}}`.
function completed(value: unknown): Piece {
  const completion = recordOf(value) ?? { completion: value };
  const data = recordOf(completion.data);
  const details = { ...restOf(completion, new Set(["data"])), ...(data && restOf(data, new Set(["text"]))) };
  return {
    text: textOf(data?.text) ?? "",
    finishReason: textOf(recordOf(completion.finishReason)?.reason),
    details: isEmpty(details) ? undefined : details,
  };
}

function addPiece(answers: Map<number, Message & { text: string }>, index: number, piece: Piece): void {
  const answer = answers.get(index) ?? { role: "assistant", parts: [], text: "" };
  answer.text += piece.text;
  Object.assign(answer, present({ finishReason: piece.finishReason, details: piece.details }));
  answers.set(index, answer);
}

function wholeAnswer({ text, ...answer }: Message & { text: string }): Message {
  return text === "" ? answer : { ...answer, parts: [{ type: "text", text }] };
}

function mediaParts(body: JsonRecord): Part[] {
  const images = listOf(body.images).map((image): Part =>
    typeof image === "string" ? imagePart(image) : { type: "unknown", value: image },
  );
  return [...images, ...listOf(body.artifacts).map(artifactPart)];
}

function artifactPart(artifact: unknown): Part {
  if (!isRecord(artifact) || typeof artifact.base64 !== "string") return { type: "unknown", value: artifact };
  const { base64, ...details } = artifact;
  const part = imagePart(base64);
  if (!isEmpty(details)) part.details = details;
  return part;
}

// Titan repeats its floats by type if the request named types.
function embeddingParts(body: JsonRecord): Part[] {
  const byType = Object.entries(recordOf(body.embeddingsByType) ?? {});
  const typed = byType.map(([type, embedding]) => ({ type, embedding }));
  const plain = isEmpty(body.embedding) ? [] : [{ embedding: body.embedding }];
  const others = typed.filter(({ type }) => plain.length === 0 || type !== "float");
  const rows = isEmpty(body.data) ? [] : [body.data].flat();
  return [...plain, ...others, ...listOf(body.embeddings), ...rows].map(embeddingPart);
}

function embeddingPart(given: unknown): Part {
  const { embedding, ...details } = recordOf(given) ?? {};
  if (!isVector(embedding)) return { type: "unknown", value: given };
  return { type: "embedding", values: embedding, ...present({ details: isEmpty(details) ? undefined : details }) };
}

function spoken(value: JsonRecord): number | undefined {
  const results = listOf(value.results).map((result) => numberOf(recordOf(result)?.tokenCount));
  const counted = results.filter((count) => count !== undefined);
  const sum = counted.length === 0 ? undefined : counted.reduce((total, count) => total + count, 0);
  return numberOf(value.generation_token_count) ?? numberOf(value.totalOutputTextTokenCount) ?? sum;
}

function usageOf(body: JsonRecord, tokensOut: number | undefined): Usage | undefined {
  const read = present({
    tokensIn: numberOf(body.prompt_token_count) ?? numberOf(body.inputTextTokenCount),
    tokensOut,
  });
  return isEmpty(read) ? undefined : read;
}
