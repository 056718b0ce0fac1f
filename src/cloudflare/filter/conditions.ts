export type Operator = "eq" | "neq" | "contains" | "lt" | "gt";
export type ConditionValue = string | number | boolean | null;

/** One condition of the API's `filters` array. Several conditions are ANDed; several values of one are ORed. */
export type Condition = { key: string; operator: Operator; value: ConditionValue[] };

/** What a key holds. `tag` is a metadata value: text, number or yes/no. */
type KeyType = "text" | "number" | "boolean" | "time" | "tag";

export type FilterKey = {
  type: KeyType;
  /** A log may be without it; null finds those. */
  nullable?: true;
  /** A number of milliseconds, written as `500ms`, `2s`, `1m`. */
  isDuration?: true;
};

/**
 * The 24 keys that `filters` knows, in the order of the published schema (API notes: Filters). A new key of the API is one line here: check,
 * re-check, query line and completion follow.
 */
export const FILTER_KEYS: ReadonlyMap<string, FilterKey> = new Map<string, FilterKey>([
  ["id", { type: "text" }],
  ["created_at", { type: "time" }],
  ["request_content_type", { type: "text", nullable: true }],
  ["response_content_type", { type: "text", nullable: true }],
  ["request_type", { type: "text", nullable: true }],
  ["success", { type: "boolean" }],
  ["cached", { type: "boolean" }],
  ["provider", { type: "text" }],
  ["model", { type: "text", nullable: true }],
  ["model_type", { type: "text", nullable: true }],
  ["cost", { type: "number", nullable: true }],
  ["tokens", { type: "number", nullable: true }],
  ["tokens_in", { type: "number", nullable: true }],
  ["tokens_out", { type: "number", nullable: true }],
  ["duration", { type: "number", isDuration: true }],
  ["feedback", { type: "number", nullable: true }],
  ["event_id", { type: "text", nullable: true }],
  ["metadata.key", { type: "text" }],
  ["metadata.value", { type: "tag" }],
  ["authentication", { type: "boolean", nullable: true }],
  ["wholesale", { type: "boolean", nullable: true }],
  ["compatibilityMode", { type: "boolean", nullable: true }],
  ["dlp_action", { type: "text", nullable: true }],
  ["user_agent", { type: "text", nullable: true }],
]);

type ValueKind = "string" | "non-empty string" | "number" | "boolean" | "ISO 8601 time with its zone" | "null";

const scalars = ["string", "number", "boolean"] as const;
const time = ["ISO 8601 time with its zone"] as const;

/** Which operators a type of key takes, and with which values. The API documents neither: these are the ones with one meaning. */
const VALUES: Record<KeyType | "unknown", Partial<Record<Operator, readonly ValueKind[]>>> = {
  text: { eq: ["string"], neq: ["string"], contains: ["non-empty string"] },
  number: { eq: ["number"], neq: ["number"], lt: ["number"], gt: ["number"] },
  boolean: { eq: ["boolean"], neq: ["boolean"] },
  time: { eq: time, neq: time, lt: time, gt: time },
  tag: { eq: scalars, neq: scalars, contains: ["non-empty string"], lt: ["number"], gt: ["number"] },
  unknown: {
    eq: [...scalars, "null"],
    neq: [...scalars, "null"],
    contains: ["non-empty string"],
    lt: ["string", "number"],
    gt: ["string", "number"],
  },
};

const TIME = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))?$/;

/** The times that were read last: each of a page's rows is compared with the same few, and to read one takes longer than the rest. */
const INSTANTS = new Map<string, number | undefined>();
const MOST_INSTANTS = 32;

/** The moment in ms that a `created_at` value names: a date (midnight UTC) or a time with its zone. Undefined when it is neither. */
export function instantOf(value: ConditionValue): number | undefined {
  if (typeof value !== "string") return undefined;
  if (INSTANTS.has(value)) return INSTANTS.get(value);
  if (INSTANTS.size === MOST_INSTANTS) INSTANTS.clear();
  const instant = readInstant(value);
  INSTANTS.set(value, instant);
  return instant;
}

function readInstant(value: string): number | undefined {
  const date = TIME.exec(value)?.[1];
  // Date.parse takes February 30 for March 2.
  if (date === undefined || new Date(Date.parse(date) || 0).toISOString().slice(0, 10) !== date) return undefined;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : instant;
}

function isOfKind(kind: ValueKind, value: unknown): boolean {
  switch (kind) {
    case "null":
      return value === null;
    case "non-empty string":
      return typeof value === "string" && value !== "";
    case "number":
      return Number.isFinite(value);
    case "ISO 8601 time with its zone":
      return typeof value === "string" && instantOf(value) !== undefined;
    case "string":
    case "boolean":
      return typeof value === kind;
  }
}

/** Why a condition cannot be sent, and what could stand there instead: operators, or kinds of values. */
export type Misfit = { problem: "operator" | "noValue" | "value"; allowed: readonly string[] };

/** What is wrong with a condition, or undefined. A key that is not in the table only has to be well-formed: the API may know it. */
export function misfitOf({ key, operator, value }: Condition, keys = FILTER_KEYS): Misfit | undefined {
  const { type, nullable } = keys.get(key) ?? { type: "unknown" as const, nullable: undefined };
  const operators = VALUES[type];
  const found = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (!found) return { problem: "operator", allowed: Object.keys(operators) };
  const allowed = nullable && (operator === "eq" || operator === "neq") ? [...found, "null" as const] : found;
  if (!Array.isArray(value) || value.length === 0) return { problem: "noValue", allowed };
  if (!value.every((one) => allowed.some((kind) => isOfKind(kind, one)))) return { problem: "value", allowed };
  return undefined;
}

/** A condition that was not sent, because the key does not take that operator or that value. */
export class FilterError extends Error {
  override readonly name = "FilterError";
  readonly key: string;
  readonly operator: string;
  /** What the key takes instead: operators, or kinds of values. */
  readonly allowed: readonly string[];

  constructor({ key, operator }: Condition, { problem, allowed }: Misfit) {
    const takes = allowed.join(", ");
    super(
      problem === "operator"
        ? `The filter key "${key}" takes the operators ${takes}, not "${operator}".`
        : `The filter key "${key}" with "${operator}" takes one or more values of: ${takes}.`,
    );
    this.key = key;
    this.operator = operator;
    this.allowed = allowed;
  }
}

/**
 * Refuses conditions that no key of the API could answer, before anything is sent. An unknown key passes when it is well-formed:
 * the API itself answers 400 to those (API notes: Errors).
 * @throws FilterError for the first condition that does not fit
 */
export function checkConditions(conditions: readonly Condition[]): void {
  for (const condition of conditions) {
    const misfit = misfitOf(condition);
    if (misfit) throw new FilterError(condition, misfit);
  }
}
