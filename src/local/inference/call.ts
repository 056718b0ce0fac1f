import { assembleStream } from "../assemble.ts";

/** A parsed inference call, as the gateway forwards it to a provider. */
export type Inference = {
  sourceId: string;
  collectionId: string;
  provider: string;
  /** Path below the provider, with its query and without a leading slash, as logged. */
  path: string;
  model: string | undefined;
  /** Whether it requests a stream. */
  streamed: boolean;
  /** Whether an OpenAI-compatible stream should end with usage. */
  wantsUsage: boolean;
  /** Whether it used the unified endpoint, which derives the provider from the model. */
  isUnified: boolean;
  /** Request headers by lowercase name. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
};

type Json = Record<string, unknown>;

function asObject(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** Parses a JSON object; undefined for anything else. */
export function jsonOf(text: string): Json | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const STREAMING_PATH = /:stream\w*|\/(?:converse|invoke-with-response)-stream/i;

/** Whether a request with this path and body requests a stream. */
export const asksForStream = (path: string, body: Json | undefined): boolean =>
  body?.["stream"] === true || STREAMING_PATH.test(path);

/**
 * Returns the model in a path: `@cf/…` of Workers AI, `models/{model}:{verb}` of Google, `model/{id}/converse` of
 * Bedrock.
 */
function modelInPath(path: string): string | undefined {
  const found = /(?:^|\/)(@[a-z]+\/[^?]+)|(?:^|\/)models?\/([^/:?]+)/.exec(path);
  return found?.[1] ?? found?.[2];
}

const modelIn = (path: string, json: Json | undefined): string | undefined =>
  typeof json?.["model"] === "string" ? json["model"] : modelInPath(path);

/** Returns the model that a call names in its body or its path. */
export const modelOf = (path: string, body: Uint8Array): string | undefined =>
  modelIn(path, jsonOf(new TextDecoder().decode(body)));

/**
 * Parses a call's address, the part after `/v1`: `/{account}/{gateway}/{provider}/{path}`. Returns undefined for other
 * addresses. For `compat/chat/completions`, the model names the provider: `openai/gpt-4.1`.
 */
export function inferenceOf(address: string, headers: Inference["headers"], body: Uint8Array): Inference | undefined {
  const match = /^\/([^/?]+)\/([^/?]+)\/([^/?]+)\/([^?]+(?:\?.*)?)$/s.exec(address);
  if (match === null) return undefined;
  let parts: string[];
  try {
    parts = match.slice(1, 4).map(decodeURIComponent);
  } catch {
    return undefined;
  }
  const [sourceId = "", collectionId = "", slug = ""] = parts;
  const path = match[4] ?? "";
  const json = jsonOf(new TextDecoder().decode(body));
  const named = modelIn(path, json);
  const isUnified = slug === "compat";
  const [provider = "", model] = isUnified ? (named ?? "").split(/\/(.*)/s, 2) : [slug, named];
  const streamed = asksForStream(path, json);
  const wantsUsage = asObject(json?.["stream_options"])?.["include_usage"] === true;
  return { sourceId, collectionId, provider, path, model, streamed, wantsUsage, isUnified, headers, body };
}

/** Returns a streamed response assembled as it is logged; undefined for others. */
export function loggedStream(bytes: Uint8Array, contentType: string | undefined): string | undefined {
  return contentType?.startsWith("text/event-stream") === true
    ? assembleStream(new TextDecoder().decode(bytes))
    : undefined;
}
