import { SourceError } from "../../source/errors.ts";
import type { Priority } from "../../source/query.ts";
import { factsOf } from "./facts.ts";
import { idOf, LONGEST_TIMEFRAME, type Filter, type Telemetry, type ValueType } from "./telemetry.ts";
import { amountOf, isObject } from "../../source/parsing.ts";

/** A value that an event of the data set had, when, and the event's ID. */
type Example = { value: string | number | boolean; type: ValueType; at: number; eventId: string };

/** A comparison of the API, with the value that fits an example: it must find that example's event. */
export type Comparison = "eq" | "in" | "regex" | "gt" | "lt" | "gte" | "exists";

const FITTING: Readonly<Record<Comparison, (value: Example["value"]) => Example["value"] | undefined>> = {
  eq: (value) => value,
  in: (value) => (typeof value === "string" && !value.includes(",") ? value : undefined),
  regex: (value) => (typeof value === "string" ? patternOf(value) : undefined),
  gt: (value) => (typeof value === "number" ? value - 1 - Math.abs(value) : undefined),
  lt: (value) => (typeof value === "number" ? value + 1 + Math.abs(value) : undefined),
  gte: (value) => (typeof value === "number" ? value : undefined),
  exists: (value) => value,
};

/** Limits on what is remembered: keys, and the length of a value that is sent as an example. */
const MOST_EXAMPLES = 2000;
const LONGEST_EXAMPLE = 200;

/** Limit on the events of one millisecond that an example's event is looked for among. */
const MOST_FOUND = 100;

/** Returns the pattern that finds a text in any case (RE2). */
export const patternOf = (text: string): string => `(?i)${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`;

const of = (priority: Priority | undefined) => (priority ? { priority } : {});

/** Returns a filter on a key. */
export function leafOf(key: string, comparison: Comparison, value: Example["value"]): Filter {
  const leaf = { key, operation: comparison, type: typeof value as ValueType };
  return comparison === "exists" ? leaf : { ...leaf, value };
}

const isPlain = (text: string): boolean => /^[ -~]+$/.test(text);

function exampleOf(value: unknown, event: Pick<Example, "at" | "eventId">): Example | undefined {
  if (typeof value === "number" || typeof value === "boolean")
    return { value, type: typeof value as ValueType, ...event };
  const isShort = typeof value === "string" && value.length <= LONGEST_EXAMPLE && isPlain(value);
  return isShort ? { value, type: "string", ...event } : undefined;
}

/**
 * What was learned of an account's data set: the keys of its events with examples, and which comparisons are known to find
 * them. A filter on a key that isn't indexed finds nothing, without an error (docs/workers-observability-api.md: Filters).
 */
export class Learned {
  readonly #telemetry: Pick<Telemetry, "events" | "keys">;
  readonly #examples = new Map<string, Example>();
  /** Keys of events with a value, also those without an example. */
  readonly #seen = new Set<string>();
  readonly #proofs = new Map<string, Promise<boolean>>();
  #listed: Promise<ReadonlyMap<string, string>> | undefined;
  #isIndexed = true;
  #datasets: readonly string[] = [];

  constructor(telemetry: Pick<Telemetry, "events" | "keys">) {
    this.#telemetry = telemetry;
  }

  /** Notes the keys and values of events of the data sets. */
  note(events: readonly unknown[], datasets: readonly string[]): void {
    this.#datasets = datasets;
    for (const event of events) {
      if (!isObject(event)) continue;
      const { facts, isIndexed } = factsOf(event);
      if (!isIndexed) this.#isIndexed = false;
      const at = amountOf(event["timestamp"]);
      const eventId = idOf(event);
      const shown = at === undefined || eventId === undefined ? undefined : { at, eventId };
      // Objects and arrays are no values of ours.
      for (const [key, value] of facts)
        if (typeof value !== "object") this.#noteFact(key, shown && exampleOf(value, shown));
    }
  }

  #noteFact(key: string, example: Example | undefined): void {
    if (this.#seen.size < MOST_EXAMPLES) this.#seen.add(key);
    const known = this.#examples.get(key);
    if (!example || (known && known.at >= example.at) || (!known && this.#examples.size >= MOST_EXAMPLES)) return;
    this.#examples.set(key, example);
  }

  /** Whether an event had the key. */
  hasSeen(key: string): boolean {
    return this.#seen.has(key);
  }

  /**
   * Returns the keys of a field that a filter must compare; undefined if one of them may not be comparable. A key that no
   * event has had yet is compared if the API lists it, because that can only find more.
   * @throws SourceError
   */
  async comparable(
    keys: readonly string[],
    comparison: Comparison,
    type: ValueType,
    priority: Priority | undefined,
  ): Promise<string[] | undefined> {
    if (!this.#isIndexed) return undefined;
    const listed = await this.#keysListed(priority);
    const used: string[] = [];
    for (const key of keys) {
      const isSeen = this.hasSeen(key);
      if (!isSeen && listed.get(key) !== type && !(comparison === "exists" && listed.has(key))) continue;
      if (isSeen && !(await this.#isProven(key, comparison, type, priority))) return undefined;
      used.push(key);
    }
    return used;
  }

  // What is learned serves other questions, too: it isn't aborted with the one that needed it first.

  /** Returns the keys that the API lists, with their type; "several" for one of several types. */
  #keysListed(priority: Priority | undefined): Promise<ReadonlyMap<string, string>> {
    this.#listed ??= this.#readKeys(priority);
    this.#listed.catch(() => (this.#listed = undefined));
    return this.#listed;
  }

  async #readKeys(priority: Priority | undefined): Promise<ReadonlyMap<string, string>> {
    const to = Math.max(...[...this.#examples.values()].map(({ at }) => at), LONGEST_TIMEFRAME) + 1000;
    const keys = new Map<string, string>();
    for (const { key, type } of await this.#telemetry.keys({ from: to - LONGEST_TIMEFRAME, to }, of(priority)))
      keys.set(key, keys.has(key) && keys.get(key) !== type ? "several" : type);
    return keys;
  }

  async #isProven(
    key: string,
    comparison: Comparison,
    type: ValueType,
    priority: Priority | undefined,
  ): Promise<boolean> {
    const example = this.#examples.get(key);
    const value = example && FITTING[comparison](example.value);
    const types = await this.#keysListed(priority);
    if (!example || value === undefined || example.value === "" || types.get(key) === "several") return false;
    if (comparison !== "exists" && example.type !== type) return false;
    const filter = leafOf(key, comparison, value);
    return this.#finds(`${comparison} ${key}`, example, { filters: [filter] }, priority);
  }

  /** Whether the API finds texts anywhere in events. @throws SourceError */
  async findsNeedles(priority: Priority | undefined): Promise<boolean> {
    for (const example of this.#examples.values())
      if (typeof example.value === "string" && example.value.length > 2)
        return this.#finds("needle", example, { needle: example.value.toUpperCase() }, priority);
    return false;
  }

  /** Asks once whether a question finds the event of an example. */
  #finds(
    name: string,
    example: Example,
    question: { filters?: readonly Filter[]; needle?: string },
    priority: Priority | undefined,
  ): Promise<boolean> {
    const known = this.#proofs.get(name);
    if (known) return known;
    const proof = this.#look(example, question, priority);
    this.#proofs.set(name, proof);
    proof.catch(() => this.#proofs.delete(name));
    return proof;
  }

  async #look(
    { at, eventId }: Example,
    question: { filters?: readonly Filter[]; needle?: string },
    priority: Priority | undefined,
  ): Promise<boolean> {
    try {
      const timeframe = { from: at - 1, to: at + 1 };
      const query = { timeframe, datasets: this.#datasets, limit: MOST_FOUND, ...question };
      // Another event doesn't count: its data set may have another index.
      return (await this.#telemetry.events(query, of(priority))).events.some((event) => idOf(event) === eventId);
    } catch (error) {
      // An operation that it doesn't know is refused.
      if (error instanceof SourceError && error.reason === "rejected") return false;
      throw error;
    }
  }
}
