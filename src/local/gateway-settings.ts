import { Refusal } from "./answers.ts";

/** A gateway's settings by the API's names; the first five are required (API notes: Gateways). */
const REQUIRED = {
  cache_invalidate_on_update: "boolean",
  cache_ttl: "count",
  collect_logs: "boolean",
  rate_limiting_interval: "count",
  rate_limiting_limit: "count",
} as const;

const OPTIONAL = [
  "authentication",
  "byok_only",
  "dlp",
  "guardrails",
  "log_classification",
  "log_management",
  "log_management_strategy",
  "logpush",
  "logpush_public_key",
  "otel",
  "rate_limiting_technique",
  "retry_backoff",
  "retry_delay",
  "retry_max_attempts",
  "spend_limits",
  "store_id",
  "stripe",
  "workers_ai_billing_mode",
  "zdr",
];

const ID = /^[a-z0-9_]+(?:-[a-z0-9_]+)*$/;

/** "Input Validation Error": code 7001 and a path (API notes: Errors). */
export function invalidInput(message: string, ...path: string[]): Refusal {
  return new Refusal({ status: 400, json: { errors: [{ code: 7001, message, path }], success: false } });
}

function objectOf(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw invalidInput("Malformed JSON in request body");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalidInput("Expected object");
  return value as Record<string, unknown>;
}

function settingsOf(sent: Record<string, unknown>): Record<string, unknown> {
  for (const [name, type] of Object.entries(REQUIRED)) {
    const value = sent[name];
    if (value === undefined) throw invalidInput("Required", name);
    const isCount = value === null || (typeof value === "number" && Number.isInteger(value) && value >= 0);
    if (type === "boolean" ? typeof value !== "boolean" : !isCount) throw invalidInput(`Expected ${type}`, name);
  }
  const names = [...Object.keys(REQUIRED), ...OPTIONAL];
  return Object.fromEntries(names.filter((name) => sent[name] !== undefined).map((name) => [name, sent[name]]));
}

/**
 * Parses the body of PUT …/gateways/{id}, which replaces all settings.
 * @throws Refusal 400 that names the member
 */
export function updatedSettings(body: string): Record<string, unknown> {
  return settingsOf(objectOf(body));
}

/**
 * Parses the body of POST …/gateways: ID and settings.
 * @throws Refusal 400 that names the member
 */
export function newGateway(body: string): { id: string; settings: Record<string, unknown> } {
  const sent = objectOf(body);
  const { id } = sent;
  if (typeof id !== "string" || id.length > 64 || !ID.test(id)) throw invalidInput("Invalid", "id");
  return { id, settings: settingsOf(sent) };
}
