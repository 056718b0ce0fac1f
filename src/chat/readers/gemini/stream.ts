import { type JsonRecord, isEmpty, isRecord, listOf, recordOf, textOf } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { type PartialArgs, addPartialArg, openArgs, wholeArgs } from "./partial-args.ts";

export type FoldedResponse = {
  /** The equivalent plain response. */
  value: JsonRecord;
  /** Events that aren't chunks, in order. */
  strays: unknown[];
  error: unknown;
};

type Piece =
  | { kind: "text"; text: string; isThought: boolean; signature: unknown }
  | { kind: "sound"; mimeType: string; data: string[] }
  /** `open`: more arguments follow. */
  | { kind: "call"; part: JsonRecord; call: JsonRecord; args: PartialArgs; open: boolean }
  | { kind: "whole"; value: unknown };
type Candidate = { index: number; pieces: Piece[]; content: Map<string, unknown>; fields: Map<string, unknown> };

const TEXT_KEYS = new Set(["text", "thought", "thoughtSignature"]);
/** Fields with lists that grow from chunk to chunk. */
const GROWING = new Set(["groundingMetadata", "citationMetadata", "urlContextMetadata", "logprobsResult"]);
const CHUNK_KEYS = ["candidates", "usageMetadata", "promptFeedback", "modelVersion", "responseId", "createTime"];

/** Whether a value is a chunk of a streamed response, or a plain one. */
export function isChunk(value: unknown): boolean {
  return isRecord(value) && CHUNK_KEYS.some((key) => value[key] !== undefined);
}

/** Folds a streamed response's chunks into one, in linear time. */
export function foldChunks(events: StreamEvent[]): FoldedResponse {
  const candidates = new Map<number, Candidate>();
  const fields = new Map<string, unknown>();
  const strays: unknown[] = [];
  let error: unknown;
  for (const { data } of events) {
    if (!isRecord(data)) {
      strays.push(data);
      continue;
    }
    if (!isEmpty(data.error)) error = data;
    if (!isChunk(data)) {
      if (isEmpty(data.error)) strays.push(data);
      continue;
    }
    for (const key of Object.keys(data)) {
      const value = data[key];
      if (key !== "candidates") addField(fields, key, value);
      else for (const [at, candidate] of listOf(value).entries()) addCandidate(candidates, candidate, at, strays);
    }
  }
  const whole = [...candidates.values()].toSorted((a, b) => a.index - b.index).map(wholeCandidate);
  const value = { ...Object.fromEntries(fields), ...(whole.length === 0 ? undefined : { candidates: whole }) };
  return { value, strays, error };
}

// The latest value wins, except Vertex's first usage, which has only a traffic type.
function addField(fields: Map<string, unknown>, key: string, value: unknown): void {
  if (isEmpty(value) || key === "error") return;
  const before = fields.get(key);
  const isLess = key === "usageMetadata" && recordOf(value)?.totalTokenCount === undefined && isRecord(before);
  fields.set(key, isLess ? { ...recordOf(value), ...before } : value);
}

function addCandidate(candidates: Map<number, Candidate>, value: unknown, at: number, strays: unknown[]): void {
  if (!isRecord(value)) {
    strays.push(value);
    return;
  }
  const index = typeof value.index === "number" ? value.index : at;
  let candidate = candidates.get(index);
  if (candidate === undefined) {
    candidate = { index, pieces: [], content: new Map(), fields: new Map() };
    candidates.set(index, candidate);
  }
  for (const key of Object.keys(value)) {
    const given = value[key];
    if (key === "content" && isRecord(given)) addContent(candidate, given);
    else if (GROWING.has(key) && isRecord(given)) grow(candidate.fields, key, given);
    else if (!isEmpty(given) && key !== "index") candidate.fields.set(key, given);
  }
}

function addContent(candidate: Candidate, content: JsonRecord): void {
  for (const key of Object.keys(content)) {
    const value = content[key];
    if (key !== "parts") candidate.content.set(key, value);
    else if (Array.isArray(value)) for (const part of value as unknown[]) addPart(candidate.pieces, part);
    else if (!isEmpty(value)) addPart(candidate.pieces, value);
  }
}

// Extends lists, unless a chunk repeats the previous ones from the start.
function grow(fields: Map<string, unknown>, key: string, value: JsonRecord): void {
  const whole = fields.get(key);
  if (!(whole instanceof Map)) {
    fields.set(key, new Map(Object.entries(value).map(([name, one]) => [name, Array.isArray(one) ? [...one] : one])));
    return;
  }
  for (const [name, one] of Object.entries(value)) {
    const before: unknown = whole.get(name);
    const isContinued =
      Array.isArray(one) && Array.isArray(before) && (key === "logprobsResult" || !repeats(one, before));
    if (isContinued) for (const item of one as unknown[]) before.push(item);
    else if (!isEmpty(one)) whole.set(name, Array.isArray(one) ? [...one] : one);
  }
}

function repeats(list: unknown[], before: unknown[]): boolean {
  return list.length >= before.length && JSON.stringify(list[0]) === JSON.stringify(before[0]);
}

function addPart(pieces: Piece[], value: unknown): void {
  const part = recordOf(value);
  const text = part?.text;
  if (part === undefined) pieces.push({ kind: "whole", value });
  else if (typeof text === "string" && isText(part)) addText(pieces, part, text);
  else if (!addCall(pieces, part) && !addSound(pieces, part)) pieces.push({ kind: "whole", value });
}

function isText(part: JsonRecord): boolean {
  for (const key in part) if (!TEXT_KEYS.has(key)) return false;
  return true;
}

// A signature may come with an empty text after all others; two signatures belong to two parts.
function addText(pieces: Piece[], part: JsonRecord, text: string): void {
  const isThought = part.thought === true;
  const signature = part.thoughtSignature;
  const last = pieces.at(-1);
  const isSigned = signature !== undefined && signature !== "";
  if (last?.kind === "text" && last.isThought === isThought && !(isSigned && last.signature !== undefined)) {
    last.text += text;
    if (isSigned) last.signature = signature;
  } else if (text !== "" || isSigned) {
    pieces.push({ kind: "text", text, isThought, signature: isSigned ? signature : undefined });
  }
}

// Vertex streams arguments: a call begins with `willContinue`, and continues in parts without its name.
function addCall(pieces: Piece[], part: JsonRecord): boolean {
  const call = recordOf(part.functionCall);
  if (call === undefined) return false;
  const last = pieces.at(-1);
  const { partialArgs, willContinue, ...others } = call;
  let into = last?.kind === "call" && last.open && textOf(call.name) === undefined ? last : undefined;
  if (into === undefined) {
    if (partialArgs === undefined && willContinue !== true) return false;
    into = { kind: "call", part, call: others, args: openArgs(), open: true };
    pieces.push(into);
  } else {
    into.part = { ...into.part, ...part };
    into.call = { ...into.call, ...others };
  }
  for (const piece of listOf(partialArgs)) addPartialArg(into.args, piece);
  into.open = willContinue === true;
  return true;
}

// Speech comes in pieces of raw samples; audio with a header is complete by itself.
function addSound(pieces: Piece[], part: JsonRecord): boolean {
  const blob = recordOf(part.inlineData);
  const mimeType = textOf(blob?.mimeType) ?? "";
  const data = blob?.data;
  const isRaw = /^audio\/(?:l16|pcm)\b/i.test(mimeType) && typeof data === "string" && Object.keys(part).length === 1;
  if (!isRaw) return false;
  const last = pieces.at(-1);
  if (last?.kind === "sound" && last.mimeType === mimeType) last.data.push(data);
  else pieces.push({ kind: "sound", mimeType, data: [data] });
  return true;
}

function wholeCandidate({ index, pieces, content, fields }: Candidate): JsonRecord {
  const given = [...fields].map(([key, value]) => [key, value instanceof Map ? Object.fromEntries(value) : value]);
  const parts = pieces.map(wholePart);
  return { ...Object.fromEntries(given), index, content: { ...Object.fromEntries(content), parts } };
}

function wholePart(piece: Piece): unknown {
  switch (piece.kind) {
    case "text":
      return { text: piece.text, thought: piece.isThought, thoughtSignature: piece.signature };
    case "sound":
      return { inlineData: { mimeType: piece.mimeType, data: joinBase64(piece.data) } };
    case "call": {
      const { part, call, args, open } = piece;
      const partial = { partialArgs: args.strays, willContinue: open ? true : undefined };
      return { ...part, functionCall: { ...call, args: call.args ?? wholeArgs(args), ...partial } };
    }
    case "whole":
      return piece.value;
  }
}

function joinBase64(pieces: string[]): string {
  const only = pieces.length === 1 ? pieces[0] : undefined;
  return only ?? Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64"))).toString("base64");
}
