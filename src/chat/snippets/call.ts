import type { CollectionRef } from "../../source/log.ts";
import { parseBody } from "../body/body.ts";
import type { RecordedExchange } from "../conversation.ts";
import { isRecord, type JsonRecord } from "../json/json.ts";
import { staysBelow } from "../redact/path-traversal.ts";
import { readUniversal } from "../universal.ts";
import { type Key, keyOf } from "./keys.ts";

/** A service's gateway, as programs call it: its origin, and the header with its token. */
type Through = { origin: string; tokenHeader: string };

/** A recorded exchange with its gateway. */
export type RecordedCall = RecordedExchange & { gateway: CollectionRef; through: Through };

/** A recorded request for repetition through the same gateway. It holds placeholders instead of secrets. */
export type Call = {
  /** Including the provider: `https://…/v1/{account}/{gateway}/{provider}`. */
  base: string;
  /** Path below the base, encoded, without a slash at either end. */
  path: string;
  /** The recorded query parameters, without keys. */
  query: string;
  provider: string;
  key: Key;
  /** The header with the gateway's token. */
  tokenHeader: string;
  /** In printable ASCII, as a header requires. */
  contentType: string;
  /** As recorded; for a step of a universal call, its own request. */
  body: string | Uint8Array;
  /** The body if it's a JSON object, which SDKs take as arguments. */
  fields: JsonRecord | undefined;
};

/** Query parameters with a provider's key; a header replaces them. */
const KEY_PARAMETER = /^(?:key|api[-_]?key|access[-_]?token|token|sig(?:nature)?|x-(?:amz|goog)-.*)$/i;

const component = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll("'", "%27");

/** A recorded address is untrusted: invalid characters are encoded. */
const encoded = (text: string): string => text.toWellFormed().replace(/[^\w.~!$&()*+,;=:@%/-]+/g, component);

const withoutKeys = (query: string): string =>
  query
    .split("&")
    .filter((pair) => pair !== "" && !KEY_PARAMETER.test(pair.split("=", 1)[0] ?? ""))
    .join("&");

/** Returns the request's own address and body; for a universal call, those of the logged step. */
function requestOf(exchange: RecordedExchange): Pick<Call, "provider" | "path" | "body" | "fields"> | undefined {
  const { provider, path, request, requestContentType } = exchange;
  if (request === null || request.length === 0) return undefined;
  const parsed = parseBody(request, requestContentType);
  const value = parsed.kind === "json" && !parsed.cut ? parsed.value : undefined;
  const step = readUniversal(value, exchange)?.shown;
  if (!step) return { provider, path, body: request, fields: isWhole(request, value) ? value : undefined };
  const query = isRecord(step.request) ? step.request["query"] : undefined;
  const fields = isRecord(query) ? query : undefined;
  return { provider: step.provider, path: step.path, body: JSON.stringify(query), fields };
}

/** A form is also read as an object, but isn't sent as one. */
const isWhole = (request: string | Uint8Array, value: unknown): value is JsonRecord =>
  isRecord(value) && (typeof request === "string" ? /^\uFEFF?\s*\{/.test(request) : request[0] === 0x7b);

/**
 * Returns the recorded call. undefined if it can't be repeated: no stored request, or an address outside of the
 * gateway.
 */
export function callOf(recorded: RecordedCall): Call | undefined {
  const request = requestOf(recorded);
  if (!request) return undefined;
  const [, address = "", query = ""] = /^\/*([^?#]*?)\/*(?:\?([^#]*))?(?:#.*)?$/s.exec(request.path) ?? [];
  const [provider, path] = [component(request.provider), encoded(address)];
  if (!staysBelow(`${provider}/${path}`)) return undefined;
  const { sourceId, collectionId } = recorded.gateway;
  const { origin, tokenHeader } = recorded.through;
  return {
    ...request,
    base: `${origin}/v1/${component(sourceId)}/${component(collectionId)}/${provider}`,
    path,
    query: encoded(withoutKeys(query)),
    key: keyOf(request.provider),
    tokenHeader,
    contentType: recorded.requestContentType?.replace(/[^ -~]+/g, "").trim() || "application/json",
  };
}

/** Returns a call's full URL. */
export const addressOf = ({ base, path, query }: Call): string =>
  [base, path].filter(Boolean).join("/") + (query ? `?${query}` : "");

/** Returns a call's body as lines of base64. */
export const bodyBase64 = ({ body }: Call): string =>
  Buffer.from(body)
    .toString("base64")
    .replace(/.{76}(?=.)/g, "$&\n");
