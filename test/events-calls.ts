// The calls that each action on a gateway's events takes: counted in tests, and at a million events in the soak.
import assert from "node:assert/strict";
import { eventOf } from "../src/local/observability/shapes.ts";
import { Random } from "../src/local/samples/random.ts";
import type { Query } from "../src/source/query.ts";
import { checkingRows, readDetail } from "../src/source/rows.ts";
import type { LogSource } from "../src/source/source.ts";
import { CloudflareClient } from "../src/sources/cloudflare/client.ts";
import { AccountEvents } from "../src/sources/workers-logs/account-events.ts";
import { fieldKeys } from "../src/sources/workers-logs/fields.ts";
import { workersLogsSource } from "../src/sources/workers-logs/source.ts";
import { Telemetry } from "../src/sources/workers-logs/telemetry.ts";
import { ACCOUNT, aLog, GATEWAY, type TestGateway } from "./gateway.ts";

const DAY = 24 * 60 * 60 * 1000;
/** Number of events that are stored in one transaction. */
const BATCH = 50_000;

/** Returns a gateway's events as a source, of which nothing is learned yet. */
export function eventsSource({ baseUrl, token }: TestGateway): LogSource {
  const client = new CloudflareClient({ baseUrl, token: () => Promise.resolve(token) });
  const events = new AccountEvents({
    telemetry: new Telemetry((...asked) => client.ask(...asked), ACCOUNT),
    keys: fieldKeys({}),
    gateways: () => Promise.resolve(new Set([GATEWAY.collectionId, "other"])),
    now: () => new Date(),
  });
  return checkingRows(workersLogsSource(events, () => Promise.resolve([{ id: GATEWAY.collectionId }])));
}

/** Stores events of 20 days; one in a thousand has the model "rare". */
export function addEvents({ store }: TestGateway, count: number): void {
  const random = new Random(20);
  const now = Date.now() - 60_000;
  for (let first = 0; first < count; first += BATCH) {
    const events = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) => {
      const createdAt = new Date(now - random.between(0, 20 * DAY));
      const model = (first + index) % 1000 === 500 ? "rare" : random.pick(["gpt-5", "o3"]);
      return eventOf(aLog({ id: `log-${first + index}`, createdAt, model }), "flat");
    });
    store.events.insert(ACCOUNT, events);
  }
}

/** Counts the calls of each action; after a slash, when it's done again. */
export async function callsPerAction(gateway: TestGateway): Promise<Record<string, string>> {
  const source = eventsSource(gateway);
  const counts: Record<string, string> = {};
  const counted = async <T>(name: string, action: () => Promise<T>): Promise<T> => {
    const numbers: number[] = [];
    let result: T | undefined;
    for (const _ of [1, 2]) {
      gateway.takeCalls();
      result = await action();
      numbers.push(gateway.takeCalls().length);
    }
    counts[name] = numbers.join("/");
    return result as T;
  };
  const list = (query: Query) => source.list(GATEWAY, query);
  const model = (value: string): Query => ({ conditions: [{ key: "model", operator: "eq", value: [value] }] });
  const newest = await counted("newest page", () => list({}));
  await counted("next page", () => source.list(GATEWAY, {}, newest.next));
  const [log] = newest.logs;
  assert.ok(log);
  await counted("a log of the list", () => source.read?.({ ...GATEWAY, logId: log.id }, {}, log) ?? Promise.reject());
  await counted("a log by its ID", () => readDetail(source, { ...GATEWAY, logId: log.id }));
  await counted("a day", () =>
    list({ range: { start: new Date(Date.now() - 2 * DAY), end: new Date(Date.now() - DAY) } }),
  );
  const rare = await counted("a filter with few matches", () => list(model("rare")));
  assert.ok(rare.logs.length > 0 && rare.logs.every((one) => one.model === "rare"));
  await counted("a filter with many matches", () => list(model("o3")));
  await counted("a text", () => list({ search: "rare" }));
  return counts;
}

/**
 * The calls that each action takes, however many events there are: the first ones find the data set, list the keys and
 * check that a filter finds an event that it must find.
 */
export const CALLS: Readonly<Record<string, string>> = {
  "newest page": "2/1",
  "next page": "1/1",
  "a log of the list": "1/1",
  "a log by its ID": "1/1",
  "a day": "1/1",
  "a filter with few matches": "3/1",
  "a filter with many matches": "1/1",
  "a text": "2/1",
};
