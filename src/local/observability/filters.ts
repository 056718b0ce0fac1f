import { Refusal, type Answer } from "../answers.ts";

/** An event as the API returns it. */
export type Event = Record<string, unknown>;

/** Returns the API's 400, which has only a message. */
export const badQuery = (message: string): Refusal => new Refusal(telemetryError(400, message));

/** Returns a failure of the telemetry API (docs/workers-observability-api.md: Errors). */
const telemetryError = (status: number, message: string): Answer => ({
  status,
  json: { success: false, errors: [{ message }], messages: [], result: null },
});

type Value = string | number | boolean;

const isObject = (value: unknown): value is Event =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function* flattened(object: Event, prefix: string): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(object))
    if (isObject(value)) yield* flattened(value, `${prefix}${name}.`);
    else yield [prefix + name, value];
}

/**
 * Yields an event's keys with their values: those of its `source` under their own names, unless that is a text
 * (docs/workers-observability-api.md: Keys and values).
 */
export function* indexed({ source, ...others }: Event): Generator<[string, Value]> {
  const all = [...flattened(others, ""), ...(isObject(source) ? flattened(source, "") : [])];
  for (const [key, value] of all)
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") yield [key, value];
}

type Test = (held: Value, wanted: Value) => boolean;

const text =
  (fits: (held: string, wanted: string) => boolean): Test =>
  (held, wanted) =>
    typeof held === "string" && typeof wanted === "string" && fits(held, wanted);

/** Returns a pattern; RE2 writes "in any case" into it. @throws Refusal for an invalid one */
export function patternIn(value: string): RegExp {
  try {
    return value.startsWith("(?i)") ? new RegExp(value.slice(4), "i") : new RegExp(value);
  } catch {
    throw badQuery("invalid regular expression");
  }
}

/** The operations; strings are compared in their case (docs/workers-observability-api.md: Filters). */
const TESTS: Readonly<Record<string, Test>> = {
  eq: (held, wanted) => held === wanted,
  neq: (held, wanted) => held !== wanted,
  gt: (held, wanted) => held > wanted,
  gte: (held, wanted) => held >= wanted,
  lt: (held, wanted) => held < wanted,
  lte: (held, wanted) => held <= wanted,
  includes: text((held, wanted) => held.includes(wanted)),
  not_includes: text((held, wanted) => !held.includes(wanted)),
  starts_with: text((held, wanted) => held.startsWith(wanted)),
  ends_with: text((held, wanted) => held.endsWith(wanted)),
  regex: text((held, wanted) => patternIn(wanted).test(held)),
  in: (held, wanted) => String(wanted).split(",").includes(String(held)),
  not_in: (held, wanted) => !String(wanted).split(",").includes(String(held)),
  exists: () => true,
};

/** Whether an event, by its keys, passes. */
export type Passes = (held: ReadonlyMap<string, Value>) => boolean;

function leaf({ key, operation, type, value }: Event): Passes {
  if (typeof key !== "string" || typeof operation !== "string") throw badQuery("a filter needs a key and an operation");
  if (operation === "is_null") return (held) => !held.has(key);
  const test = TESTS[operation];
  if (!test) throw badQuery(`unknown operation ${operation}`);
  const isList = operation === "in" || operation === "not_in";
  return (held) => {
    const found = held.get(key);
    if (found === undefined) return false;
    if (operation === "exists") return true;
    // A value of another type isn't found, whatever the operation.
    if (typeof found !== type || (!isList && typeof value !== type)) return false;
    return test(found, value as Value);
  };
}

const MOST_DEPTH = 4;

function filter(given: unknown, depth: number): Passes {
  if (!isObject(given)) throw badQuery("a filter must be an object");
  return given["kind"] === "group" ? group(given, depth + 1) : leaf(given);
}

/** Returns the test of filters, nested up to four levels. @throws Refusal for invalid ones */
export function group({ filters = [], filterCombination = "and" }: Event, depth = 0): Passes {
  if (depth > MOST_DEPTH) throw badQuery("filters are nested too deeply");
  if (!Array.isArray(filters)) throw badQuery("filters must be a list");
  const all = filters.map((one) => filter(one, depth));
  return filterCombination === "or" && all.length > 0
    ? (held) => all.some((passes) => passes(held))
    : (held) => all.every((passes) => passes(held));
}
