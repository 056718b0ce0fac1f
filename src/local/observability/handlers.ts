import { randomUUID, createHash } from "node:crypto";
import type { Answer } from "../answers.ts";
import type { Handler } from "../call.ts";
import type { EventRow } from "./events.ts";
import { badQuery, group, indexed, patternIn, type Event } from "./filters.ts";

/** How the telemetry API behaves here; all optional. */
export type ObservabilityOptions = {
  /** The sampling level: a query looks at one in so many events. */
  abrLevel?: () => number;
  /** How long after its time an event is found. */
  lagMs?: number;
  /** Names of data sets that are refused. */
  refusedDatasets?: readonly string[];
};

const LONGEST_TIMEFRAME = 7 * 24 * 60 * 60 * 1000;
const MOST_EVENTS = 2000;

const isObject = (value: unknown): value is Event =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function bodyOf(text: string): Event {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    // Told below.
  }
  throw badQuery("the body must be a JSON object");
}

function timeframeOf(body: Event): { from: number; to: number } {
  const { from, to } = isObject(body["timeframe"]) ? body["timeframe"] : body;
  if (!Number.isInteger(from) || !Number.isInteger(to) || Number(from) >= Number(to))
    throw badQuery("timeframe must have from and to in milliseconds, from before to");
  if (Number(to) - Number(from) > LONGEST_TIMEFRAME) throw badQuery("timeframe must be at most 7 days");
  return { from: Number(from), to: Number(to) };
}

const answered = (result: unknown): Answer => ({
  status: 200,
  json: { success: true, errors: [], messages: [{ message: "Successful request" }], result },
});

/** Returns the test of a text in an event's JSON. */
function needleOf(needle: unknown): (json: string) => boolean {
  if (!isObject(needle)) return () => true;
  const { value, isRegex, matchCase } = needle;
  if (typeof value !== "string") throw badQuery("needle must have a value");
  if (isRegex === true) {
    const pattern = patternIn(value);
    return (json) => pattern.test(json);
  }
  // In JSON, a text may have escapes.
  const written = JSON.stringify(value).slice(1, -1);
  if (matchCase === true) return (json) => json.includes(written);
  const lower = written.toLowerCase();
  return (json) => json.toLowerCase().includes(lower);
}

/** Whether an event is in the sample. */
const isSampled = (id: string, level: number): boolean =>
  level <= 1 || createHash("sha256").update(id).digest().readUInt16BE() % level === 0;

function datasetsOf(given: unknown, refused: readonly string[]): readonly unknown[] {
  const datasets: readonly unknown[] = Array.isArray(given) ? given : [];
  const unknown = datasets.find((name) => typeof name === "string" && refused.includes(name));
  if (unknown !== undefined) throw badQuery("unknown dataset");
  return datasets;
}

/** `POST …/telemetry/query`: events, or their count. */
export const queryEvents: Handler = (place, call, accountId = "") => {
  const { abrLevel = () => 1, lagMs = 0, refusedDatasets = [] } = place.observability;
  const body = bodyOf(call.body);
  const parameters = isObject(body["parameters"]) ? body["parameters"] : {};
  const { from, to } = timeframeOf(body);
  const datasets = datasetsOf(parameters["datasets"], refusedDatasets);
  const passes = group(parameters);
  const hasFilters = Array.isArray(parameters["filters"]) && parameters["filters"].length > 0;
  const hasNeedle = needleOf(parameters["needle"]);
  const limit = Math.min(Number(body["limit"] ?? parameters["limit"] ?? 50), MOST_EVENTS);
  const offset = typeof body["offset"] === "string" ? body["offset"] : undefined;
  const level = abrLevel();
  const counts = body["view"] === "calculations";
  const latest = Math.min(to, place.now() - lagMs);
  const isMeant = ({ id, dataset, json }: EventRow, event: () => Event): boolean =>
    (datasets.length === 0 || datasets.includes(dataset)) &&
    isSampled(id, level) &&
    hasNeedle(json) &&
    (!hasFilters || passes(new Map(indexed(event()))));
  const events: Event[] = [];
  let read = 0;
  for (const row of place.store.events.between(accountId, from, latest, offset)) {
    read++;
    let parsed: Event | undefined;
    const event = () => (parsed ??= JSON.parse(row.json) as Event);
    if (!isMeant(row, event)) continue;
    events.push(event());
    if (events.length >= limit && !counts) break;
  }
  const statistics = { elapsed: 0.1, rows_read: read, bytes_read: read * 1000, abr_level: level };
  const run = { id: randomUUID(), accountId, dry: body["dry"] === true, status: "COMPLETED", timeframe: { from, to } };
  const result = counts
    ? { calculations: [{ calculation: "count", aggregates: [{ value: events.length, count: events.length }] }] }
    : { events: { count: events.length, events, fields: fieldsOf(events), series: [] } };
  return answered({ run: { ...run, statistics }, statistics, ...result });
};

/** Returns the keys of events with the types of their values. */
function fieldsOf(events: Iterable<Event>): { key: string; type: string }[] {
  const fields = new Map<string, { key: string; type: string }>();
  for (const event of events)
    for (const [key, value] of indexed(event)) fields.set(`${typeof value} ${key}`, { key, type: typeof value });
  return [...fields.values()];
}

/** `POST …/telemetry/keys`: of all events; filters don't apply. */
export const listKeys: Handler = ({ store, now }, call, accountId = "") => {
  const body = bodyOf(call.body);
  const { from, to } = timeframeOf(body);
  const keys = new Map<string, { key: string; type: string; lastSeenAt: number }>();
  let left = MOST_EVENTS;
  for (const { json, timestamp } of store.events.between(accountId, from, Math.min(to, now()))) {
    if (left-- === 0) break;
    for (const { key, type } of fieldsOf([JSON.parse(json) as Event]))
      if (!keys.has(`${type} ${key}`)) keys.set(`${type} ${key}`, { key, type, lastSeenAt: timestamp });
  }
  return answered([...keys.values()].slice(0, Number(body["limit"] ?? 100)));
};

/** `POST …/telemetry/values`: a key's values in all events; filters don't apply. */
export const listValues: Handler = ({ store, now }, call, accountId = "") => {
  const body = bodyOf(call.body);
  const { from, to } = timeframeOf(body);
  const values = new Map<string, unknown>();
  for (const { json, dataset } of store.events.between(accountId, from, Math.min(to, now())))
    for (const [key, value] of indexed(JSON.parse(json) as Event))
      if (key === body["key"] && typeof value === body["type"])
        values.set(JSON.stringify([dataset, value]), { dataset, key, type: typeof value, value });
  return answered([...values.values()].slice(0, Number(body["limit"] ?? 50)));
};
