/** Headers as they are on the wire: names and values in turn, with case, order and repeats. */
export type RawHeaders = readonly string[];

/** Headers of one connection, which a proxy doesn't pass on (RFC 9110, section 7.6.1); `host` is the upstream's own. */
const ONE_HOP = new Set(["connection", "keep-alive", "te", "transfer-encoding", "upgrade"]);
const REQUEST_ONLY = new Set(["host", "expect", "trailer"]);

/**
 * Request headers that may be reported, in lower case: what bodies need to be read, and which session, thread and agent
 * a call belongs to (the headers that agents were seen to send).
 */
const REPORTED_REQUEST = new Set([
  "accept",
  "anthropic-beta",
  "anthropic-version",
  "cf-aig-session-id",
  "cf-aig-turn-id",
  "content-encoding",
  "content-type",
  "conversation_id",
  "openai-beta",
  "session-id",
  "session_id",
  "thread-id",
  "user-agent",
  "x-app",
  "x-claude-code-agent-id",
  "x-claude-code-parent-agent-id",
  "x-claude-code-session-id",
  "x-client-request-id",
  "x-codex-parent-thread-id",
  "x-codex-turn-metadata",
  "x-codex-window-id",
  "x-grok-conv-id",
  "x-initiator",
  "x-interaction-type",
  "x-openai-subagent",
  "x-opencode-session",
  "x-parent-session-id",
  "x-session-affinity",
  "x-session-id",
  "x-stainless-lang",
  "x-stainless-retry-count",
]);

/** Response headers that may be reported: what bodies need, IDs for a provider's support, and limits. */
const REPORTED_RESPONSE =
  /^(?:content-(?:type|encoding|length)|(?:x-)?request-id|cf-ray|openai-(?:model|processing-ms|version)|retry-after|(?:anthropic|x)-ratelimit-.*|cf-aig-(?:log-id|event-id|request-id|step|cache-status|model))$/;

/** Yields names (in lower case, and as sent) and values. */
function* pairs(raw: RawHeaders): Generator<{ name: string; sent: string; value: string }> {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const sent = raw[index] ?? "";
    yield { name: sent.toLowerCase(), sent, value: raw[index + 1] ?? "" };
  }
}

/** Returns the values of a header, by its name in lower case. */
export const valuesOf = (raw: RawHeaders, header: string): string[] =>
  [...pairs(raw)].flatMap(({ name, value }) => (name === header ? [value] : []));

/** Returns the headers that pass on: without those of the connection, those that it names, and `isDropped`. */
export function passedOn(
  raw: RawHeaders,
  side: "request" | "response",
  isDropped: (name: string) => boolean = () => false,
): string[] {
  const options = valuesOf(raw, "connection").flatMap((value) => value.split(","));
  const named = new Set(options.map((option) => option.trim().toLowerCase()));
  return [...pairs(raw)].flatMap(({ name, sent, value }) =>
    ONE_HOP.has(name) ||
    name.startsWith("proxy-") ||
    named.has(name) ||
    (side === "request" && REQUEST_ONLY.has(name)) ||
    isDropped(name)
      ? []
      : [sent, value],
  );
}

/** Returns the reported headers by their name in lower case; repeats are joined by commas. */
export function reportedOf(raw: RawHeaders, side: "request" | "response"): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, value } of pairs(raw)) {
    if (side === "request" ? !REPORTED_REQUEST.has(name) : !REPORTED_RESPONSE.test(name)) continue;
    found[name] = found[name] === undefined ? value : `${found[name]}, ${value}`;
  }
  return found;
}

/**
 * Returns headers or trailers of undici as text: bytes of the wire, or an object if the caller's dispatcher has parsed
 * them.
 */
export function rawOf(
  headers: readonly (Buffer | string)[] | Record<string, string | string[] | undefined> | null | undefined,
): string[] {
  if (!headers) return [];
  if (isList(headers)) return headers.map((part) => (typeof part === "string" ? part : part.toString("latin1")));
  return Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().flatMap((one) => [name, one]));
}

const isList = (headers: object): headers is readonly (Buffer | string)[] => Array.isArray(headers);
