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
import { COMPARE } from "../../../src/logs/order.ts";
import { CAPABILITIES, capabilitiesOf } from "../../../src/source/capabilities.ts";
import type { Condition } from "../../../src/source/conditions.ts";
import { SourceError } from "../../../src/source/errors.ts";
import type { Log } from "../../../src/source/log.ts";
import { ORDER_NAMES, type Cursor, type Query } from "../../../src/source/query.ts";
import { readDetail } from "../../../src/source/rows.ts";
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
  [{ search: "anthropic" }, (log) => JSON.stringify(log.raw).includes("anthropic")],
];

async function listed({ source, of }: SourceWorld, query: Query): Promise<Log[]> {
  const logs: Log[] = [];
  let cursor: Cursor | undefined;
  do {
    const page = await source.list(of, query, cursor);
    assert.ok(page.logs.length <= source.lists.pageSize);
    const isWhole = query.conditions === undefined && !query.search && !query.range;
    if (source.lists.total === "none") assert.equal(page.total, undefined);
    else if (isWhole) assert.ok(page.total !== undefined, "a total was promised");
    if (page.total !== undefined && !page.next) assert.equal(page.total, logs.length + page.logs.length);
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
        const isInOrder = listing.logs.every(
          (log, index, all) => index === 0 || order === "model" || COMPARE[order](all[index - 1] ?? log, log) <= 0,
        );
        if (listing.isSorted && order !== "newest" && order !== "oldest") assert.ok(isInOrder, order);
      }
    });

    it("lists what fits, whether it or its rows decide that", async () => {
      for (const [query, fits] of FILTERS) {
        // A row in memory has no text of its own to search in.
        if (query.search !== undefined && !world.logs.some(({ raw }) => Object.keys(raw).length > 0)) continue;
        assert.deepEqual(sorted(await listed(world, query)), sorted(world.logs.filter(fits)), JSON.stringify(query));
      }
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
      for (const count of [1, 33, given.length]) {
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
        if (source.lists.fields.has("id")) assert.equal(found.type, "found");
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
      await assert.rejects(read, (error) => error instanceof SourceError && error.reason === "aborted");
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
      add("late");
      const { logs } = await known.newer();
      known.arrive(logs);
      assert.deepEqual(idsOf(logs), ["late"]);
      assert.ok(known.has("late"));
    });
  });
}
