import { FIELD_NAMES, FIELDS, isOfRows } from "../../../src/source/fields.ts";
import type { Condition, ConditionValue, Operator } from "../../../src/source/conditions.ts";
import type { Random } from "../../../src/local/samples/random.ts";

const MARKS = "\" \\ , : - < > = ~ ' # * 日 é 😀 x 7".split(" ");
const PIECES = [
  ...MARKS,
  " ",
  "\t",
  "\n",
  "\u00a0",
  "\u3000",
  "none",
  "true",
  "42",
  "cached",
  "model:",
  "-",
  "up",
  "error",
  "since:2h",
  "meta.a:b",
];

/** A text made of what has a meaning in the query line. */
export function awkwardText(random: Random, least = 0): string {
  return Array.from({ length: random.between(least, 5) }, () => random.pick(PIECES)).join("");
}

function randomNumber(random: Random): number {
  return random.pick([
    random.between(-3, 3),
    random.between(0, 90) * 1000,
    random.next(),
    random.next() * 1e-7,
    random.next() * 1e24,
    -random.next() * 1000,
    Number.MAX_SAFE_INTEGER - 990,
  ]);
}

function randomTime(random: Random): string {
  const iso = new Date(Date.UTC(2020, 0, 1) + Math.floor(random.next() * 3e11)).toISOString();
  return random.pick([iso, iso.slice(0, 10), `${iso.slice(0, 19)}Z`, `${iso.slice(0, 16)}+05:30`]);
}

const OPERATORS: Record<string, readonly Operator[]> = {
  text: ["eq", "neq", "contains"],
  number: ["eq", "neq", "lt", "gt"],
  boolean: ["eq", "neq"],
  time: ["eq", "neq", "lt", "gt"],
  tag: ["eq", "neq", "contains", "lt", "gt"],
};

/** Any condition that the table allows, with one to three values. */
export function randomCondition(random: Random): Condition {
  const [key, { type, nullable }] = random.pick([...FIELDS].filter(([name]) => !isOfRows(name)));
  const operator = random.pick(OPERATORS[type] ?? []);
  const equality = operator === "eq" || operator === "neq";
  const valueOf = (): ConditionValue => {
    if (nullable && equality && random.chance(0.15)) return null;
    const tag = equality ? ["text", "number", "boolean"] : [operator === "contains" ? "text" : "number"];
    switch (type === "tag" ? random.pick(tag) : type) {
      case "number":
        return randomNumber(random);
      case "boolean":
        return random.chance(0.5);
      case "time":
        return randomTime(random);
      default:
        return awkwardText(random, operator === "contains" ? 1 : 0);
    }
  };
  return { key, operator, value: Array.from({ length: random.pick([1, 1, 2, 3]) }, valueOf) };
}

/** Possible texts of a row, and parts of them. */
const ROW_TEXTS = ["EU", "WEUR", "AMS", "BLOCK", "p-1", "p-2", "p"];

/** Any condition on a row-only key, with one to three values. `keys`: keys to choose from, all by default. */
export function randomRowCondition(random: Random, keys: readonly string[] = FIELD_NAMES.filter(isOfRows)): Condition {
  const key = random.pick(keys);
  const type = FIELDS.get(key)?.type;
  const operator = random.pick<Operator>(
    key === "source" || type === "boolean"
      ? ["eq", "neq"]
      : type === "text"
        ? ["eq", "neq", "contains"]
        : ["eq", "neq", "lt", "gt"],
  );
  const valueOf = (): ConditionValue => {
    if (key === "source") return random.pick(["playground", "key"]);
    if (key === "path") return awkwardText(random, operator === "eq" ? 0 : 1);
    if (type === "boolean") return random.pick([true, false, null]);
    const isNone = (operator === "eq" || operator === "neq") && random.chance(0.15);
    if (type === "text") return isNone ? null : random.pick(ROW_TEXTS);
    return isNone ? null : random.pick([random.between(-1, 3), random.between(199, 505), random.next() * 100]);
  };
  return { key, operator, value: Array.from({ length: random.pick([1, 1, 2, 3]) }, valueOf) };
}
