import { SourceError } from "../../source/errors.ts";
import type { CallOptions } from "../../source/query.ts";
import { DATASET_NAMES, datasetOf, findScope } from "./datasets.ts";
import { factsOf, type Facts } from "./facts.ts";
import type { EventField, FieldKeys } from "./fields.ts";
import { isObject } from "../../source/parsing.ts";
import { LONGEST_TIMEFRAME, type Telemetry } from "./telemetry.ts";

/** Number of events that are looked at. */
const SAMPLE = 200;

/** Limits on a key that is told: its levels, and the length of a level. What is deeper or longer may be content. */
const MOST_LEVELS = 4;
const LONGEST_LEVEL = 40;

/** Whether a key's level is a name, not an address, an ID or a text. */
const isName = (level: string): boolean =>
  /^[A-Za-z_$][\w$-]*$/.test(level) &&
  level.length <= LONGEST_LEVEL &&
  !/\d{4}|(?=[\da-f-]*\d)[\da-f-]{8}/i.test(level);

/** Returns a key as it's told: content may have members of any name, so what is below a body or metadata isn't told. */
function toldKey(key: string, keys: FieldKeys): string {
  const above = [...keys.request, ...keys.response, ...keys.metadata].find((one) => key.startsWith(`${one}.`));
  if (above !== undefined) return `${above}.*`;
  const levels = key.split(".").map((level) => (isName(level) ? level : "*"));
  return levels.length > MOST_LEVELS ? `${levels.slice(0, MOST_LEVELS).join(".")}.*` : levels.join(".");
}

const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : isObject(value) ? "object" : typeof value;

/** Counts values by key and type; of texts also the longest one's length. */
function countsOf(all: readonly Facts[], keys: FieldKeys): Map<string, { count: number; longest: number }> {
  const counts = new Map<string, { count: number; longest: number }>();
  for (const facts of all)
    for (const [key, value] of facts) {
      const name = `${toldKey(key, keys)} (${typeOf(value)})`;
      const { count, longest } = counts.get(name) ?? { count: 0, longest: 0 };
      const length = typeof value === "string" ? value.length : 0;
      counts.set(name, { count: count + 1, longest: Math.max(longest, length) });
    }
  return counts;
}

const sorted = (texts: Iterable<string>): string[] => [...texts].toSorted();

/** Returns lines about the events of the data set: their keys, and what is recognized. */
function linesOfEvents(events: readonly unknown[], keys: FieldKeys): string[] {
  const all = events.filter(isObject).map((event) => factsOf(event));
  const facts = all.map((one) => one.facts);
  const counts = [...countsOf(facts, keys)].map(
    ([name, { count, longest }]) => `  ${name}: ${count}${longest > 0 ? `, up to ${longest} characters` : ""}`,
  );
  const fields = Object.entries(keys) as [EventField, readonly string[]][];
  const found = fields.map(([field, names]) => ({
    field,
    by: names.filter((key) => facts.some((one) => one.has(key))),
  }));
  return [
    `Events with a source in text form: ${all.filter(({ isIndexed }) => !isIndexed).length}`,
    "Keys of these events:",
    ...sorted(counts),
    "Recognized:",
    ...found.filter(({ by }) => by.length > 0).map(({ field, by }) => `  ${field}: ${by.join(", ")}`),
    `Not recognized: ${sorted(found.filter(({ by }) => by.length === 0).map(({ field }) => field)).join(", ") || "none"}`,
  ];
}

/** Returns the number of events by data set, the most first. */
function datasetsIn(events: readonly unknown[]): string {
  const counts = Map.groupBy(events, (event) => datasetOf(event) ?? "(none)");
  const names = [...counts].toSorted(([, a], [, b]) => b.length - a.length);
  return names.map(([name, { length }]) => `${name} (${length})`).join(", ") || "none";
}

/**
 * Returns what a question tells, as lines; if it fails, what the service said.
 * @throws what isn't a failed call, and a call that was aborted
 */
export async function told<T>(
  name: string,
  ask: () => Promise<T>,
  linesOf: (answer: T) => readonly string[],
): Promise<readonly string[]> {
  let answer: T;
  try {
    answer = await ask();
  } catch (error) {
    if (!(error instanceof SourceError) || error.reason === "aborted") throw error;
    const { reason, status, code, permission, message } = error;
    const facts = [reason, status, code, permission].filter((fact) => fact !== undefined);
    return [`${name}: failed (${facts.join(", ")}): ${message}`];
  }
  return linesOf(answer);
}

/** What is asked about an account's events. */
export type EventsToDiagnose = {
  telemetry: Pick<Telemetry, "events" | "keys">;
  keys: FieldKeys;
  /** The data set's name by the user's setting. */
  dataset: string | undefined;
  now: Date;
};

/**
 * Returns lines for a bug report about an account's events: names of data sets and keys, types, counts and messages of the
 * service, never a value. A few calls. @throws SourceError if aborted
 */
export async function diagnoseEvents(
  { telemetry, keys, dataset, now }: EventsToDiagnose,
  options?: CallOptions,
): Promise<string[]> {
  const timeframe = { from: now.getTime() - LONGEST_TIMEFRAME, to: now.getTime() };
  const all = await told(
    "Data sets",
    () => telemetry.events({ timeframe, datasets: [], limit: SAMPLE }, options),
    ({ events, isSampled }) => [
      `Data sets of the newest ${events.length} events of 7 days: ${datasetsIn(events)}`,
      `Answers are sampled: ${isSampled ? "yes" : "no"}`,
    ],
  );
  const named: string[] = [];
  for (const name of dataset === undefined ? DATASET_NAMES : [dataset]) {
    const ask = () => telemetry.events({ timeframe, datasets: [name], limit: 1 }, options);
    named.push(...(await told(name, ask, ({ events }) => [`${name}: ${events.length > 0 ? "has" : "has no"} events`])));
  }
  const own = await told(
    "Events of AI Gateway",
    () => findScope(telemetry, timeframe, dataset, options),
    (found) => [
      `Events of AI Gateway: ${found ? `${found.events.length} of ${datasetsIn(found.events)}` : "none in 7 days"}`,
      ...(found ? linesOfEvents(found.events, keys) : []),
    ],
  );
  const listed = await told(
    "Keys by the API",
    () => telemetry.keys(timeframe, options),
    (answer) => [
      `Keys by the API, of all data sets: ${answer.length}`,
      ...sorted(new Set(answer.map(({ key, type }) => `  ${toldKey(key, keys)} (${type})`))),
    ],
  );
  return [...all, ...named, ...own, ...listed];
}
