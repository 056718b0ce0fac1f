import type { Log } from "./schema.ts";

type Operator = "eq" | "neq" | "contains" | "lt" | "gt";
type ConditionValue = string | number | boolean | null;

/** One condition of the API's `filters` array. Several conditions are ANDed; several values of one are ORed. */
export type Condition = { key: string; operator: Operator; value: ConditionValue[] };

/**
 * The value of the `filters` query parameter. The API understands one JSON array and ignores any other form in
 * silence (facts 0.1), so this is the only encoder.
 */
export function encodeFilters(conditions: readonly Condition[]): string {
  return JSON.stringify(conditions);
}

/** What a row says about a key: its value, or undefined when the row cannot tell. */
function fieldOf(log: Log, key: string): ConditionValue | undefined {
  switch (key) {
    case "id":
      return log.id;
    case "provider":
      return log.provider;
    case "model":
      return log.model;
    case "model_type":
      return log.modelType;
    case "request_type":
      return log.requestType;
    case "request_content_type":
      return log.requestContentType;
    case "response_content_type":
      return log.responseContentType;
    case "success":
      return log.success;
    case "cached":
      return log.cached;
    case "cost":
      return log.costUsd;
    case "tokens_in":
      return log.tokensIn;
    case "tokens_out":
      return log.tokensOut;
    case "tokens":
      return log.tokensIn === undefined || log.tokensOut === undefined ? undefined : log.tokensIn + log.tokensOut;
    case "duration":
      return log.durationMs;
    case "feedback":
      return log.feedback;
    case "event_id":
      return log.eventId;
    case "dlp_action":
      return log.dlpAction;
    case "user_agent":
      return log.userAgent;
    case "authentication":
      return log.authentication;
    default:
      return undefined;
  }
}

function compare(field: ConditionValue, operator: Operator, value: ConditionValue): boolean {
  switch (operator) {
    case "eq":
    case "neq":
      return field === value;
    case "contains":
      return String(field).toLowerCase().includes(String(value).toLowerCase());
    case "lt":
      return Number(field) < Number(value);
    case "gt":
      return Number(field) > Number(value);
  }
}

const wholeSecond = (time: Date): number => Math.floor(time.getTime() / 1000);

/** `created_at` is compared in whole seconds (facts 1.1). */
function matchesTime(log: Log, { operator, value }: Condition): boolean {
  const second = wholeSecond(log.createdAt);
  const hit = value.some((item) => {
    const other = wholeSecond(new Date(String(item)));
    if (operator === "lt") return second < other;
    if (operator === "gt") return second > other;
    return operator === "contains" || second === other;
  });
  return operator === "neq" ? !hit : hit;
}

function matchesCondition(log: Log, condition: Condition): boolean {
  if (condition.key === "created_at") return matchesTime(log, condition);
  const field = fieldOf(log, condition.key);
  if (field === undefined) return true;
  const hit = condition.value.some((item) => compare(field, condition.operator, item));
  return condition.operator === "neq" ? !hit : hit;
}

/** Whether a row fits the conditions, as far as its fields can tell: what they cannot tell counts as fitting. */
export function matches(log: Log, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => matchesCondition(log, condition));
}
