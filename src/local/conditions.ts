/** The 24 keys of `filters`, in the order of the API's own message (API notes: Filters). */
export const FILTER_KEYS = [
  "id",
  "created_at",
  "request_content_type",
  "response_content_type",
  "request_type",
  "success",
  "cached",
  "provider",
  "model",
  "model_type",
  "cost",
  "tokens",
  "tokens_in",
  "tokens_out",
  "duration",
  "feedback",
  "event_id",
  "metadata.key",
  "metadata.value",
  "authentication",
  "wholesale",
  "compatibilityMode",
  "dlp_action",
  "user_agent",
] as const;

export type FilterKey = (typeof FILTER_KEYS)[number];

/** No gte, no lte (API notes: Filters). */
export const OPERATORS = ["eq", "neq", "contains", "lt", "gt"] as const;

type Operator = (typeof OPERATORS)[number];

export type FilterValue = string | number | boolean | null;

/**
 * One item of `filters`: several values are alternatives (for `neq`: none of them). Only the deprecated `min_…`,
 * `max_…`, `start_date` and `end_date` use `gte` and `lte`.
 */
export type Condition = { key: FilterKey; operator: Operator | "gte" | "lte"; value: FilterValue[] };

/** Sort keys: the published six and five others that first-party clients send (API notes: Listing logs). */
export const ORDER_KEYS = [
  "created_at",
  "provider",
  "model",
  "model_type",
  "success",
  "cached",
  "cost",
  "tokens_in",
  "tokens_out",
  "duration",
  "feedback",
] as const;

export type OrderKey = (typeof ORDER_KEYS)[number];

/** A query of a gateway's logs. */
export type LogQuery = {
  conditions: Condition[];
  search?: string;
  orderBy: OrderKey;
  direction: "asc" | "desc";
};

function lessThan(a: string, b: string): boolean {
  const x = Number(a);
  const y = Number(b);
  return a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y) ? x < y : a < b;
}

/**
 * Whether a stored text passes `eq`, `contains`, `lt` or `gt` for any of the values; for `neq`, whether it equals one
 * (the caller negates). Case-sensitive; numbers compare numerically if both sides are numbers. The live API's behavior
 * is unknown.
 */
export function passes(operator: Condition["operator"], values: readonly FilterValue[], text: string): boolean {
  return values.some((value) => {
    if (value === null) return false;
    const wanted = String(value);
    switch (operator) {
      case "eq":
      case "neq":
        return text === wanted;
      case "contains":
        return text.includes(wanted);
      case "lt":
        return lessThan(text, wanted);
      case "gt":
        return lessThan(wanted, text);
      case "lte":
        return !lessThan(wanted, text);
      case "gte":
        return !lessThan(text, wanted);
    }
  });
}
