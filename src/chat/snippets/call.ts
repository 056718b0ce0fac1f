import type { GatewayRef } from "../../cloudflare/schema.ts";
import { parseBody } from "../body/body.ts";
import type { RecordedExchange } from "../conversation.ts";
import { isRecord, type JsonRecord } from "../json/json.ts";
import { staysBelow } from "../redact/path-traversal.ts";
import { readUniversal } from "../universal.ts";
import { type Key, keyOf } from "./keys.ts";

/** A recorded exchange, and the gateway that it went through. */
export type RecordedCall = RecordedExchange & { gateway: GatewayRef };

/** A recorded request as it can be made again, through the same gateway. It holds no secret: they are placeholders. */
export type Call = {
  /** Up to the provider: `https://gateway.ai.cloudflare.com/v1/{account}/{gateway}/{provider}`. */
  base: string;
  /** Below it, without a slash at either end, encoded. */
  path: string;
  /** The parameters of the address as they were recorded, without those that are keys. */
  query: string;
  provider: string;
  key: Key;
  /** In printable ASCII, as a header has to be. */
  contentType: string;
  /** As recorded; of a step of a universal call, its own request. */
  body: string | Uint8Array;
  /** The body where it is a JSON object, which is what SDKs are called with. */
  fields: JsonRecord | undefined;
};

const ORIGIN = "https://gateway.ai.cloudflare.com";

/** Parameters by which a provider is given its key: the header says it in their place. */
const KEY_PARAMETER = /^(?:key|api[-_]?key|access[-_]?token|token|sig(?:nature)?|x-(?:amz|goog)-.*)$/i;

const component = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll("'", "%27");

/** A recorded address is of anybody's making: what has no place in one is encoded. */
const encoded = (text: string): string => text.toWellFormed().replace(/[^\w.~!$&()*+,;=:@%/-]+/g, component);

const withoutKeys = (query: string): string =>
  query
    .split("&")
    .filter((pair) => pair !== "" && !KEY_PARAMETER.test(pair.split("=", 1)[0] ?? ""))
    .join("&");

/** The request's own address and body, of a universal call those of the step that the log stands for. */
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

/** A form is read as an object too, but is not sent as one. */
const isWhole = (request: string | Uint8Array, value: unknown): value is JsonRecord =>
  isRecord(value) && (typeof request === "string" ? /^\uFEFF?\s*\{/.test(request) : request[0] === 0x7b);

/**
 * The call that was recorded. undefined where it cannot be made again: no request is stored, or its address leads out of the
 * gateway. `origin`: where the gateway listens.
 */
export function callOf(recorded: RecordedCall, origin = ORIGIN): Call | undefined {
  const request = requestOf(recorded);
  if (!request) return undefined;
  const [, address = "", query = ""] = /^\/*([^?#]*?)\/*(?:\?([^#]*))?(?:#.*)?$/s.exec(request.path) ?? [];
  const [provider, path] = [component(request.provider), encoded(address)];
  if (!staysBelow(`${provider}/${path}`)) return undefined;
  const { accountId, gatewayId } = recorded.gateway;
  return {
    ...request,
    base: `${origin}/v1/${component(accountId)}/${component(gatewayId)}/${provider}`,
    path,
    query: encoded(withoutKeys(query)),
    key: keyOf(request.provider),
    contentType: recorded.requestContentType?.replace(/[^ -~]+/g, "").trim() || "application/json",
  };
}

/** The whole address of a call. */
export const addressOf = ({ base, path, query }: Call): string =>
  [base, path].filter(Boolean).join("/") + (query ? `?${query}` : "");

/** The body of a call as lines of base64. */
export const bodyBase64 = ({ body }: Call): string =>
  Buffer.from(body)
    .toString("base64")
    .replace(/.{76}(?=.)/g, "$&\n");
