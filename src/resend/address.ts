import { staysBelow } from "../chat/redact/path-traversal.ts";
import { readUniversal } from "../chat/universal.ts";
import { asRecorded, type CollectionRef, type Log } from "../source/log.ts";

/** Why a recorded request can't be sent again: its kind, or missing data. */
export type Obstacle = "universal" | "webSocket" | "notText" | "noPath" | "noProvider" | "noRegion" | "noResource";

/** A request's address below the gateway, `{provider}/{path}`, and required headers. */
export type ResendAddress = { provider: string; path: string; headers: Record<string, string> };

type Recorded = Pick<
  Log,
  "provider" | "path" | "requestType" | "requestContentType" | "compatibilityMode" | "recorded"
>;

/**
 * A log has the part of the address after the provider, which is where to resend. If it's the provider's own path (from
 * clients that replace only the host), these prefixes are already part of the gateway's address of the provider.
 */
const OWN_BEGINNINGS: Readonly<Record<string, RegExp>> = {
  groq: /^openai\/v1\//,
  openrouter: /^api\//,
  "workers-ai": /^(?:client\/v4\/accounts\/[^/]+\/ai\/)?(?:run\/)?/,
};

/** Required headers; headers aren't recorded. */
const HEADERS: Readonly<Record<string, Record<string, string>>> = {
  anthropic: { "anthropic-version": "2023-06-01" },
};

const NOT_TEXT = /^(?:multipart|audio|image|video)\/|^application\/(?:octet-stream|vnd\.amazon\.eventstream)/i;
/** Characters that URL parsers drop or change. */
const UNFIT = /[\\\p{Cc}\s]/u;
const SLUG = /^[a-z0-9][\w.-]*$/i;

/**
 * Checks what `provider` needs in its path but a log may lack: the prefix of the gateway's own form
 * (API notes: Provider addresses).
 */
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
 * Returns where a log's request can be sent again, or why it can't. `request`: the recorded body, as text if it's text.
 * The unified endpoint (`compat`) derives the provider from the model, like in the original call.
 */
export function resendAddress(given: Recorded, request: string | Uint8Array): ResendAddress | Obstacle {
  // Uses the full path: a truncated one would be another address.
  const log = asRecorded(given);
  if (typeof request !== "string" || NOT_TEXT.test(log.requestContentType ?? "")) return "notText";
  const body = parsed(request);
  if (/websocket/i.test(log.requestType ?? "") || /(?:^|\/)realtime(?:$|[/?])/.test(log.path) || isSocketEvent(body))
    return "webSocket";
  if (readUniversal(body, { provider: log.provider, path: log.path, request, response: null })) return "universal";
  if (!SLUG.test(log.provider) || log.provider === "unknown") return "noProvider";
  const logged = log.path.replace(/#.*$/s, "").replace(/^\/+/, "");
  if (log.compatibilityMode === true) {
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
 * Returns a request's full URL through a gateway. `base`: the setting aiGateway.gatewayUrl, without a trailing slash.
 * @throws RangeError if it would lead outside of the gateway
 */
export function resendUrl(base: string, gateway: CollectionRef, { provider, path }: ResendAddress): string {
  const below = `${base}/${encodeURIComponent(gateway.sourceId)}/${encodeURIComponent(gateway.collectionId)}/${provider}/`;
  const { href } = new URL(below + path);
  if (!href.startsWith(new URL(below).href) || !staysBelow(`${provider}/${path}`))
    throw new RangeError("The recorded path leads out of the gateway.");
  return href;
}
