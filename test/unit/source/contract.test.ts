// What tree, panel, export, comparison and tools rely on, over every source.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { exportLogs } from "../../../src/export/export.ts";
import { FORMAT_NAMES } from "../../../src/export/formats.ts";
import { calendarFor } from "../../../src/logs/days.ts";
import { findLog } from "../../../src/logs/find.ts";
import { GatewayLogs } from "../../../src/logs/gateway-logs.ts";
import type { GroupName } from "../../../src/logs/grouping.ts";
import { Listing } from "../../../src/logs/listing.ts";
import { CAPABILITIES, capabilitiesOf } from "../../../src/source/capabilities.ts";
import { misfitOf, type Condition } from "../../../src/source/conditions.ts";
import { FIELD_VALUES } from "../../../src/source/field-values.ts";
import { FIELD_NAMES, type FieldName } from "../../../src/source/fields.ts";
import { matchesRow } from "../../../src/source/match.ts";
import { readExchange } from "../../../src/export/bodies.ts";
import { SourceError } from "../../../src/source/errors.ts";
import type { Log } from "../../../src/source/log.ts";
import { ORDER_NAMES, type OrderName, type Query } from "../../../src/source/query.ts";
import type { Cursor } from "../../../src/source/cursor.ts";
import { readDetail, takesIds } from "../../../src/source/rows.ts";
import { reachedWith, walk, type Reached } from "../../../src/source/walk.ts";
import { WORLDS, type SourceWorld } from "./worlds.ts";

const CALENDAR = calendarFor("utc");
const idsOf = (logs: readonly Pick<Log, "id">[]): string[] => logs.map(({ id }) => id);
const sorted = (logs: readonly Pick<Log, "id">[]): string[] => idsOf(logs).toSorted();

const is = (key: string, operator: Condition["operator"], ...value: Condition["value"]): Condition => ({
  key,
  operator,
  value,
});

/** Filters, and what they mean in plain JavaScript. */
const FILTERS: [query: Query, fits: (log: Log) => boolean][] = [
  [{ conditions: [is("success", "eq", false)] }, ({ success }) => !success],
  [{ conditions: [is("provider", "neq", "openai")] }, ({ provider }) => provider !== "openai"],
  [{ conditions: [is("tokensIn", "gt", 250)] }, ({ tokensIn = 0 }) => tokensIn > 250],
  [{ conditions: [is("duration", "lt", 900)] }, ({ durationMs = Infinity }) => durationMs < 900],
  [{ conditions: [is("cached", "eq", true), is("success", "eq", true)] }, ({ cached, success }) => cached && success],
  [
    { conditions: [is("metadataKey", "eq", "team"), is("metadataValue", "eq", "blue")] },
    ({ metadata }) => metadata["team"] === "blue",
  ],
  [{ search: "CLAUDE" }, ({ model, raw }) => /claude/i.test(`${model} ${JSON.stringify(raw)}`)],
];

/** The number that an order sorts by, ascending; models are sorted as texts. */
const RANKS: Readonly<Record<OrderName, (log: Log) => number>> = {
  newest: ({ createdAt }) => -createdAt.getTime(),
  oldest: ({ createdAt }) => createdAt.getTime(),
  cost: ({ costUsd }) => -(costUsd ?? -Infinity),
  duration: ({ durationMs }) => -(durationMs ?? -Infinity),
  tokens: ({ tokensIn = 0, tokensOut = 0 }) => -(tokensIn + tokensOut),
  model: () => 0,
};

/** Conditions on a field: each operator, with values that logs have, another one, several, and none. */
function conditionsOn(field: FieldName, logs: readonly Log[]): Condition[] {
  const held = logs.flatMap((log) => FIELD_VALUES[field](log) ?? []);
  const values = [...new Set(held.map((value) => (value instanceof Date ? value.toISOString() : value)))];
  const [one = "none such", two = 7] = [values[0], values[Math.floor(values.length / 2)]];
  const choices = [[one], [two], [one, two], ["none such"], [1.5], [true], [null], [null, one]];
  return (["eq", "neq", "contains", "lt", "gt"] as const)
    .flatMap((operator) => choices.map((value): Condition => ({ key: field, operator, value })))
    .filter((condition) => misfitOf(condition) === undefined);
}

async function listed({ source, of, logs: all, hasNoTotal }: SourceWorld, query: Query): Promise<Log[]> {
  const logs: Log[] = [];
  let cursor: Cursor | undefined;
  do {
    const page = await source.list(of, query, cursor);
    assert.ok(page.logs.length <= source.lists.pageSize);
    const isWhole = query.conditions === undefined && !query.search && !query.range;
    if (source.lists.total === "none" || hasNoTotal) assert.equal(page.total, undefined);
    else if (isWhole) assert.ok(page.total !== undefined, "a total was promised");
    if (page.total !== undefined && !page.next) assert.equal(page.total, logs.length + page.logs.length);
    if (page.total !== undefined && isWhole) assert.equal(page.total, all.length);
    logs.push(...page.logs);
    cursor = page.next;
  } while (cursor);
  return logs;
}

async function readAll(logs: GatewayLogs): Promise<void> {
  await logs.load();
  for (let rounds = 0; rounds < 1000; rounds++) {
    const [gap] = logs.gaps;
    const group = logs.groups.find(({ hasMore }) => hasMore);
    if (logs.gaps.length > 0) await logs.loadEarlier(gap);
    else if (logs.hasMore) await logs.loadOn();
    else if (group && !group.opened) await logs.open(group.key);
    else if (group) await logs.loadMore(group.key);
    else return;
  }
  assert.fail("the list doesn't end");
}

for (const [name, open] of Object.entries(WORLDS)) {
  describe(`the contract of ${name}`, () => {
    let world: SourceWorld;
    before(async () => (world = await open()));
    after(() => world.close());

    it("lists its collections, and each log of one once, newest first, page by page", async () => {
      const { source, of, logs } = world;
      assert.ok((await source.collections()).some(({ id }) => id === of.collectionId));
      for (const size of [1, 7, source.lists.pageSize]) {
        const all = await listed(world, { size });
        assert.deepEqual(sorted(all), sorted(logs), `${size} a page`);
        const times = all.map(({ createdAt }) => createdAt.getTime());
        assert.deepEqual(
          times,
          times.toSorted((a, b) => b - a),
        );
      }
    });

    it("has every log in every order, and says if it didn't sort", async () => {
      const { source, of, logs } = world;
      for (const order of ORDER_NAMES) {
        const listing = new Listing(source, of, { order });
        while (listing.hasMore) await listing.more();
        assert.deepEqual(sorted(listing.logs), sorted(logs), order);
        const ranks = listing.logs.map((log) => RANKS[order](log));
        if (listing.isSorted)
          assert.deepEqual(
            ranks,
            ranks.toSorted((a, b) => a - b),
            order,
          );
        if (!source.lists.orders.has(order)) assert.equal(listing.isSorted, false);
      }
    });

    it("lists what fits, whether it or its rows decide that", async () => {
      for (const [query, fits] of FILTERS) {
        assert.deepEqual(sorted(await listed(world, query)), sorted(world.logs.filter(fits)), JSON.stringify(query));
      }
    });

    it("keeps what it promises: each field that it takes, with each operator", async () => {
      const { logs } = world;
      // Samples have texts that the API and a row don't spell alike.
      if (!world.isMade) return;
      for (const field of FIELD_NAMES) {
        const conditions = conditionsOn(field, logs);
        for (const condition of conditions) {
          const expected = sorted(logs.filter((log) => matchesRow(log, [condition])));
          assert.deepEqual(
            sorted(await listed(world, { conditions: [condition] })),
            expected,
            JSON.stringify(condition),
          );
        }
        const [first, last] = [conditions[0], conditions.at(-1)];
        if (!first || !last || field.startsWith("metadata")) continue;
        const both = sorted(logs.filter((log) => matchesRow(log, [first, last])));
        assert.deepEqual(
          sorted(await listed(world, { conditions: [first, last] })),
          both,
          JSON.stringify([first, last]),
        );
      }
    });

    it("gives each log as it was made, of its collection only", async () => {
      const { source, of, logs } = world;
      const made = new Map(logs.map((log) => [log.id, log]));
      for (const log of await listed(world, {})) {
        const expected = made.get(log.id);
        assert.ok(expected);
        if (!world.isMade) continue;
        for (const field of ["createdAt", "cost", "duration", "tokensIn", "success", "model", "statusCode"] as const)
          assert.deepEqual(FIELD_VALUES[field](log), FIELD_VALUES[field](expected), `${field} of ${log.id}`);
        assert.deepEqual(log.metadata, expected.metadata);
      }
      const elsewhere = source.list({ ...of, collectionId: "no-such-one" }, {});
      const found = await elsewhere.catch((error: unknown) => {
        assert.ok(error instanceof SourceError);
        return { logs: [] };
      });
      assert.deepEqual(found.logs, []);
    });

    it("gives the bodies that it has, and takes the changes that it can", async () => {
      const { source, of, logs, bodies } = world;
      const [log] = logs;
      assert.ok(log);
      const ref = { ...of, logId: log.id };
      const { signal } = new AbortController();
      const exchange = await readExchange(source, of, log, signal);
      if (bodies) assert.deepEqual([exchange.request, exchange.response], [bodies.request, bodies.response]);
      if (!source.read && !source.body) assert.deepEqual([exchange.request, exchange.response], [null, null]);
      if (!source.changes?.fields.has("feedback")) return;
      for (const feedback of [1, -1] as const) {
        await source.changes.send(ref, { feedback });
        assert.equal((await readDetail(source, ref)).feedback, feedback);
      }
      await source.changes.send(ref, { feedback: null });
      assert.ok(!(await readDetail(source, ref)).feedback);
    });

    it("lists a range of time", async () => {
      const days = world.logs.map(({ createdAt }) => CALENDAR.dayOf(createdAt));
      for (const day of new Set(days)) {
        const range = CALENDAR.rangeOf(day);
        const expected = world.logs.filter((_, index) => days[index] === day);
        assert.deepEqual(sorted(await listed(world, { range })), sorted(expected), day);
      }
    });

    for (const group of ["day", "model", "provider", "status", "event", "meta.team"] as GroupName[]) {
      it(`has each log in its group, once: by ${group}`, async () => {
        const { source, of, logs } = world;
        for (const order of ["newest", "oldest", "cost"] as const) {
          const filter = { conditions: [], clientSide: [], search: "" };
          const view = { filter, order, group, pageSize: 20, calendar: CALENDAR };
          const known = new GatewayLogs(source, of, view);
          await readAll(known);
          assert.deepEqual(sorted(known.groups.flatMap((one) => one.logs)), sorted(logs), order);
        }
      });
    }

    it("can be walked from any log on", async () => {
      const { source, of, logs } = world;
      const bound = new Date(Date.now() + 86_400_000);
      const given: Log[] = [];
      for await (const page of walk(source, of, {}, { bound })) given.push(...page.logs);
      assert.deepEqual(sorted(given), sorted(logs));
      // Near its end, several logs are of one second.
      for (const count of [1, 33, given.length - 5, given.length]) {
        let reached: Reached | undefined;
        for (const log of given.slice(0, count)) reached = reachedWith(reached, log);
        const rest: Log[] = [];
        for await (const page of walk(source, of, {}, { bound, reached })) rest.push(...page.logs);
        assert.deepEqual(sorted(rest), sorted(given.slice(count)), `after ${count}`);
      }
    });

    it("gives each log by its ID, and says of others that they aren't there", async () => {
      const { source, of, logs } = world;
      for (const { id } of logs.slice(0, 20)) {
        const detail = await readDetail(source, { ...of, logId: id });
        assert.equal(detail.id, id);
        const list = (_: typeof of, query: Query, signal: AbortSignal) => source.list(of, query, undefined, { signal });
        const found = await findLog([of], [{ logId: id }], list, new AbortController().signal);
        if (takesIds(source.lists) || source.read) assert.equal(found.type, "found");
      }
      const missing = readDetail(source, { ...of, logId: "no-such-log" });
      await assert.rejects(missing, (error) => error instanceof SourceError && error.reason === "notFound");
    });

    it("exports every log in every format", async () => {
      const { source, of: gateway, logs } = world;
      const folder = mkdtempSync(join(tmpdir(), "ai-gateway-logs-"));
      try {
        for (const format of FORMAT_NAMES) {
          const filter = { conditions: [], clientSide: [], search: "" };
          const job = { subset: { type: "fitting", gateway, filter }, format, bodies: false } as const;
          const target = join(folder, format);
          const { count, skipped } = await exportLogs(source, job, target, { signal: new AbortController().signal });
          assert.equal(count + skipped, logs.length, format);
          if (format !== "jsonLines") continue;
          const rows = readFileSync(target, "utf8").trim().split("\n");
          assert.deepEqual(rows.map((row) => String((JSON.parse(row) as { id: unknown }).id)).toSorted(), sorted(logs));
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    it("stops when it's aborted", async () => {
      const signal = AbortSignal.abort();
      const read = world.source.list(world.of, {}, undefined, { signal });
      const isAbort = (error: unknown) => error instanceof SourceError && error.reason === "aborted";
      await assert.rejects(read, isAbort);
      const controller = new AbortController();
      const underWay = world.source.list(world.of, { size: 3 }, undefined, { signal: controller.signal });
      controller.abort();
      // Only what was there already may still come.
      await underWay.catch((error: unknown) => assert.ok(isAbort(error)));
    });

    it("tells what it can do by its members", () => {
      const can = capabilitiesOf(world.source);
      assert.deepEqual(
        CAPABILITIES.filter((one) => can.includes(one)),
        can,
      );
      assert.equal(can.includes("canDelete"), "deletion" in world.source);
      assert.equal(can.includes("canRate"), "changes" in world.source);
    });

    it("shows what came since", async () => {
      const { source, of, add } = world;
      if (!add) return;
      const filter = { conditions: [], clientSide: [], search: "" };
      const view = { filter, order: "newest", group: "day", pageSize: 20, calendar: CALENDAR } as const;
      const known = new GatewayLogs(source, of, view);
      await known.load();
      const added = Array.from({ length: 130 }, (_, index) => `late-${index}`);
      for (const id of added) add(id);
      for (let left = 1, polls = 0; left > 0; polls++) {
        assert.ok(polls < 20, "polls come to an end");
        const newer = await known.newer();
        known.arrive(newer.logs);
        ({ left } = newer);
      }
      assert.deepEqual(
        added.filter((id) => !known.has(id)),
        [],
      );
      assert.deepEqual((await known.newer()).logs, []);
    });
  });
}
