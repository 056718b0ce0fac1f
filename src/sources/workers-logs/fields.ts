import type { Facts } from "./facts.ts";
import { amountOf, isObject, textOf } from "../../source/parsing.ts";
import { flagOf } from "./values.ts";

/** The ID of a gateway's log in a span of the program that made the call (docs/workers-observability-api.md: Traces). */
const LINK = "cloudflare.ai_gateway.log.id";
/** The name of a program, or of the gateway: the API doesn't say which (docs/workers-observability-api.md: Records). */
const SERVICE = "$metadata.service";

/**
 * The keys that a field may have, the likeliest first. No list of the real ones is published
 * (docs/workers-observability-api.md: Records), so there are those of other interfaces to the same logs. A key that doesn't
 * tell its unit is here only if it has ours wherever it's known.
 */
const ALIASES = {
  // The explicit ID first: it's the one that programs get as a header.
  id: ["cf.aig.log_id", LINK, "log_id", "logId", "$metadata.id", "id"],
  createdAt: ["timestamp", "created_at", "createdAt", "Timestamp"],
  gateway: ["gateway", "gateway_id", "gatewayId", "Gateway", "gateway.id", SERVICE],
  model: ["model", "Model", "gen_ai.response.model", "gen_ai.request.model"],
  requestedModel: ["requested_model", "requestedModel", "RequestedModel"],
  modelType: ["model_type", "modelType"],
  provider: [
    "provider",
    "Provider",
    "gen_ai.provider.name",
    "gen_ai.model.provider",
    "gen_ai.system",
    "$metadata.provider",
  ],
  tokensIn: [
    "tokens_in",
    "tokensIn",
    "gen_ai.usage.input_tokens",
    "usage_metadata.input_tokens",
    "usage.input_tokens",
    "usage.prompt_tokens",
    "input_tokens",
    "Metrics.tokensIn",
    "metrics.tokensIn",
  ],
  tokensOut: [
    "tokens_out",
    "tokensOut",
    "gen_ai.usage.output_tokens",
    "usage_metadata.output_tokens",
    "usage.output_tokens",
    "usage.completion_tokens",
    "output_tokens",
    "Metrics.tokensOut",
    "metrics.tokensOut",
  ],
  tokensCached: [
    "usage_metadata.input_cached_tokens",
    "tokens_cached",
    "tokensCached",
    "gen_ai.usage.cache_read.input_tokens",
  ],
  tokensReasoning: [
    "usage_metadata.output_reasoning_tokens",
    "usage_metadata.reasoningTokens",
    "tokens_reasoning",
    "tokensReasoning",
    "gen_ai.usage.reasoning.output_tokens",
  ],
  costUsd: ["cost", "Cost", "costUsd", "gen_ai.usage.cost", "Metrics.cost", "metrics.cost", "$metadata.cost"],
  customCost: ["custom_cost", "customCost"],
  durationMs: [
    "duration",
    "durationMs",
    "duration_ms",
    "Metrics.durationMs",
    "metrics.durationMs",
    "timings.total",
    "$metadata.duration",
  ],
  latencyMs: ["timings.latency", "latencyMs", "latency_ms"],
  statusCode: [
    "status_code",
    "statusCode",
    "StatusCode",
    "http.response.status_code",
    "http.status_code",
    "$metadata.statusCode",
  ],
  success: ["success", "Success"],
  error: ["error", "error.message", "error_message", "errorMessage", "$metadata.error"],
  level: ["$metadata.level", "level"],
  cached: ["cached", "Cached"],
  path: ["path", "Path", "endpoint", "Endpoint", "url.path"],
  requestType: ["request_type", "requestType"],
  requestContentType: ["request_content_type", "requestContentType"],
  responseContentType: ["response_content_type", "responseContentType"],
  userAgent: ["user_agent", "userAgent", "UserAgent", "user_agent.original", "http.user_agent"],
  eventId: ["event_id", "eventId", "$metadata.traceId", "traceId", "trace_id"],
  step: ["step", "Step"],
  metadata: ["metadata", "Metadata", "cf-aig-metadata"],
  request: [
    "request",
    "request_body",
    "requestBody",
    "RequestBody",
    "gen_ai.input.messages",
    "gen_ai.prompt_json",
    "gen_ai.prompt",
  ],
  response: [
    "response",
    "response_body",
    "responseBody",
    "ResponseBody",
    "gen_ai.output.messages",
    "gen_ai.completion_json",
    "gen_ai.completion",
  ],
  feedback: ["feedback"],
  score: ["score"],
  region: ["location.region", "region"],
  colo: ["location.colo", "colo"],
  authentication: ["authentication"],
  wholesale: ["wholesale"],
  byok: ["byok"],
  compatibilityMode: ["compatibilityMode"],
  dlpAction: ["dlp_action", "dlpAction"],
} as const satisfies Record<string, readonly string[]>;

/** What an event may tell about a call. */
export type EventField = keyof typeof ALIASES;

/** The keys of each field, the preferred ones first. */
export type FieldKeys = Readonly<Record<EventField, readonly string[]>>;

/** Returns the keys of a setting: one or a list. They may be written as events show them, below `source`. */
const chosenIn = (setting: unknown): string[] =>
  [setting]
    .flat()
    .map((key) => (typeof key === "string" ? key.trim().replace(/^source\./, "") : ""))
    .filter((key) => key !== "");

/**
 * Returns the keys of all fields: those of the setting `aiGateway.observability.fields` (our field: a key, or a list of
 * them) and then the known ones. Odd values in it are ignored.
 */
export function fieldKeys(overrides: unknown): FieldKeys {
  const keys: Record<EventField, readonly string[]> = { ...ALIASES };
  const chosen = isObject(overrides) ? overrides : {};
  for (const field of Object.keys(ALIASES) as EventField[])
    keys[field] = [...new Set([...chosenIn(chosen[field]), ...keys[field]])];
  return keys;
}

/** Whether a fact is about the event itself: the link to a gateway's log is the ID of another one elsewhere. */
const isOwn = (facts: Facts, key: string): boolean =>
  key !== LINK || /gateway/i.test(textOf(facts.get("dataset")) ?? "");

/** A value, and the key that it has in an event. */
export type Held<T> = { key: string; value: T };

/** Returns the first of a field's values that can be read. `read`: returns undefined for one that can't. */
export function heldAs<T>(
  facts: Facts,
  keys: FieldKeys,
  field: EventField,
  read: (value: unknown) => T | undefined,
): Held<T> | undefined {
  for (const key of keys[field]) {
    const value = isOwn(facts, key) ? read(facts.get(key)) : undefined;
    if (value !== undefined) return { key, value };
  }
  return undefined;
}

/** Returns the first of a field's values that is neither null nor an empty text. */
export const held = (facts: Facts, keys: FieldKeys, field: EventField): Held<unknown> | undefined =>
  heldAs(facts, keys, field, (value) => (value === null || value === "" ? undefined : value));

/** Returns an event's gateway. A service counts only if it's one of the account's `gateways`. */
export function gatewayOf(
  facts: Facts,
  keys: FieldKeys,
  gateways: ReadonlySet<string>,
): { key: string; id: string } | undefined {
  const isKnown = (key: string): boolean => key !== SERVICE || gateways.has(textOf(facts.get(key)) ?? "");
  const found = heldAs(facts, { ...keys, gateway: keys.gateway.filter(isKnown) }, "gateway", textOf);
  return found && { key: found.key, id: found.value };
}

/** What makes a key's value a failure. */
export type FailureKind = "false" | "atLeast400" | "present" | "error";

/** What tells a call's outcome, the surest first. `read`: returns whether it's a success, if the value says so. */
const OUTCOME: readonly { field: EventField; kind: FailureKind; read: (value: unknown) => boolean | undefined }[] = [
  { field: "success", kind: "false", read: flagOf },
  {
    field: "statusCode",
    kind: "atLeast400",
    read: (value) => {
      const status = amountOf(value);
      return status === undefined ? undefined : status < 400;
    },
  },
  { field: "error", kind: "present", read: (value) => (textOf(value) ? false : undefined) },
  { field: "level", kind: "error", read: (value) => (value === "error" ? false : undefined) },
];

/** Returns whether an event is of a call that succeeded: unless it says otherwise, it did. */
export function succeeded(facts: Facts, keys: FieldKeys): boolean {
  for (const { field, read } of OUTCOME) {
    const found = heldAs(facts, keys, field, read);
    if (found) return found.value;
  }
  return true;
}

/** Returns the keys that may tell a failure, the surest first: a failure has such a value, a success may have some, too. */
export const failureKeys = (keys: FieldKeys): { key: string; kind: FailureKind }[] =>
  OUTCOME.flatMap(({ field, kind }) => keys[field].map((key) => ({ key, kind })));
