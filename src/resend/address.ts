import { staysBelow } from "../chat/redact/path-traversal.ts";
import { readUniversal } from "../chat/universal.ts";
import { asRecorded } from "../cloudflare/filter/row-texts.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";

/** Why a recorded request cannot be sent again: what it was, or what the log does not tell of it. */
export type Obstacle = "universal" | "webSocket" | "notText" | "noPath" | "noProvider" | "noRegion" | "noResource";

/** Where a request goes, below the gateway: `{provider}/{path}`, and the headers that the provider cannot do without. */
export type ResendAddress = { provider: string; path: string; headers: Record<string, string> };

type Recorded = Pick<Log, "provider" | "path" | "requestType" | "requestContentType" | "raw">;

/**
 * A log keeps what followed the provider in the call's address; that is what is sent to again. Where it was the provider's own path (as
 * clients have it that swap the host alone), these beginnings of it are what the gateway's address of the provider stands for.
 */
const OWN_BEGINNINGS: Readonly<Record<string, RegExp>> = {
  groq: /^openai\/v1\//,
  openrouter: /^api\//,
  "workers-ai": /^(?:client\/v4\/accounts\/[^/]+\/ai\/)?(?:run\/)?/,
};

/** Headers are not recorded, and without this one no request is taken. */
const HEADERS: Readonly<Record<string, Record<string, string>>> = {
  anthropic: { "anthropic-version": "2023-06-01" },
};

const NOT_TEXT = /^(?:multipart|audio|image|video)\/|^application\/(?:octet-stream|vnd\.amazon\.eventstream)/i;
/** What has no place in an address, and is dropped or turned by what reads one. */
const UNFIT = /[\\\p{Cc}\s]/u;
const SLUG = /^[a-z0-9][\w.-]*$/i;

/** What `provider` needs in its path and a log of it may not have: the gateway's own form of it begins so (API notes: Provider addresses). */
function lacking(provider: string, path: string): Obstacle | undefined {
  if (provider === "aws-bedrock" && !/^bedrock[\w-]*\/[\w-]+\/./.test(path)) return "noRegion";
  const isOwn = /^(?:openai|anthropic|models|chat)\//.test(path) || !/^[^/]+\/[^/]+\/./.test(path);
  return provider === "azure-openai" && isOwn ? "noResource" : undefined;
}

const isSocketEvent = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "type" in value && value.type === "universal.create";

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isBelow = (path: string): boolean => !UNFIT.test(path) && staysBelow(path);

/**
 * Where a log's request can be sent again, or why it cannot. `request` is the recorded body, as text where it is one.
 * The unified endpoint (`compat`) takes the provider from the model, as it did when it was called.
 */
export function resendAddress(given: Recorded, request: string | Uint8Array): ResendAddress | Obstacle {
  // The whole of its path: the beginning would be another address.
  const log = asRecorded(given);
  if (typeof request !== "string" || NOT_TEXT.test(log.requestContentType ?? "")) return "notText";
  const body = parsed(request);
  if (/websocket/i.test(log.requestType ?? "") || /(?:^|\/)realtime(?:$|[/?])/.test(log.path) || isSocketEvent(body))
    return "webSocket";
  if (readUniversal(body, { provider: log.provider, path: log.path, request, response: null })) return "universal";
  if (!SLUG.test(log.provider) || log.provider === "unknown") return "noProvider";
  const logged = log.path.replace(/#.*$/s, "").replace(/^\/+/, "");
  if (log.raw["compatibilityMode"] === true) {
    const path = logged.replace(/^compat\//, "") || "chat/completions";
    return isBelow(path) ? { provider: "compat", path, headers: {} } : "noPath";
  }
  const { provider } = log;
  const beginning = Object.hasOwn(OWN_BEGINNINGS, provider) ? OWN_BEGINNINGS[provider] : undefined;
  const path = beginning ? logged.replace(beginning, "") : logged;
  if (path === "" || !isBelow(path)) return "noPath";
  const headers = Object.hasOwn(HEADERS, provider) ? (HEADERS[provider] ?? {}) : {};
  return lacking(provider, path) ?? { provider, path, headers };
}

/**
 * The whole address of a request through a gateway. `base` is the setting aiGateway.gatewayUrl, without a slash at its end.
 * @throws RangeError when it would lead anywhere but below the gateway
 */
export function resendUrl(base: string, gateway: GatewayRef, { provider, path }: ResendAddress): string {
  const below = `${base}/${encodeURIComponent(gateway.accountId)}/${encodeURIComponent(gateway.gatewayId)}/${provider}/`;
  const { href } = new URL(below + path);
  if (!href.startsWith(new URL(below).href) || !staysBelow(`${provider}/${path}`))
    throw new RangeError("The recorded path leads out of the gateway.");
  return href;
}
