import { FIELDS, ORIGINS, type FieldType } from "./fields.ts";

export type Operator = "eq" | "neq" | "contains" | "lt" | "gt";
export type ConditionValue = string | number | boolean | null;

/** A condition on a field (`FIELDS`, or a name that only the source knows). Conditions are ANDed; the values of one are ORed. */
export type Condition = { key: string; operator: Operator; value: ConditionValue[] };

type ValueKind = "string" | "non-empty string" | "number" | "boolean" | "ISO 8601 time with its zone" | "null";

const scalars = ["string", "number", "boolean"] as const;
const time = ["ISO 8601 time with its zone"] as const;

/** Operators and value types by a field's type: those with one meaning. */
const VALUES: Record<FieldType | "unknown", Partial<Record<Operator, readonly ValueKind[]>>> = {
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

/**
 * Cache of recent times: each row of a page is compared with the same few, and parsing takes longer than everything
 * else.
 */
const INSTANTS = new Map<string, number | undefined>();
const MOST_INSTANTS = 32;

/** Parses a time to ms: a date (midnight UTC) or a time with a zone; undefined for others. */
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
  // Date.parse turns February 30 into March 2.
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

/** Why a condition can't be sent, and valid alternatives: operators, or value types. */
export type Misfit = { problem: "operator" | "noValue" | "value"; allowed: readonly string[] };

/**
 * Returns what is wrong with a condition, or undefined. An unknown field must only be well-formed: the source may know
 * it. A path is matched in part, ignoring case: `contains` is "contains one of these", `neq` "contains none of these";
 * `eq` is the whole path, verbatim.
 */
export function misfitOf({ key, operator, value }: Condition): Misfit | undefined {
  const { type, nullable } = FIELDS.get(key) ?? { type: "unknown" as const, nullable: undefined };
  if (key === "source" && operator === "contains") return { problem: "operator", allowed: ["eq", "neq"] };
  const operators = VALUES[type];
  const found = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (!found) return { problem: "operator", allowed: Object.keys(operators) };
  const kinds = key === "path" && operator === "neq" ? (operators.contains ?? found) : found;
  const allowed = nullable && (operator === "eq" || operator === "neq") ? [...kinds, "null" as const] : kinds;
  if (!Array.isArray(value) || value.length === 0)
    return { problem: "noValue", allowed: key === "source" ? ORIGINS : allowed };
  if (key === "source" && !value.every((one) => ORIGINS.some((origin) => origin === one)))
    return { problem: "value", allowed: ORIGINS };
  if (!value.every((one) => allowed.some((kind) => isOfKind(kind, one)))) return { problem: "value", allowed };
  return undefined;
}

/** A condition that wasn't sent, because its key doesn't take the operator or the value. */
export class FilterError extends Error {
  override readonly name = "FilterError";
  readonly key: string;
  readonly operator: string;
  /** Valid alternatives: operators, or value types. */
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
 * Rejects invalid conditions before anything is sent. A well-formed unknown field passes: the source itself refuses it.
 * @throws FilterError for the first invalid condition
 */
export function checkConditions(conditions: readonly Condition[]): void {
  for (const condition of conditions) {
    const misfit = misfitOf(condition);
    if (misfit) throw new FilterError(condition, misfit);
  }
}
