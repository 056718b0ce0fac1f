import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { NewLog } from "../../../src/local/store.ts";
import { calendarFor } from "../../../src/logs/days.ts";
import { GatewayLogs } from "../../../src/logs/gateway-logs.ts";
import type { LogView } from "../../../src/logs/view-source.ts";
import { GROUP_NAMES, type GroupName } from "../../../src/logs/grouping.ts";
import { ORDER_NAMES, type OrderName } from "../../../src/source/query.ts";
import { startChurning, type Churn } from "./churn.ts";

const NOW = new Date("2026-11-20T12:00:00.250Z");
const calendar = calendarFor("utc");
const GROUPS: readonly GroupName[] = [...GROUP_NAMES, "meta.team", "meta.n", "meta.on", "meta.a b:c"];

const view = (other: Partial<LogView>): LogView => ({
  filter: { conditions: [], search: "", clientSide: [] },
  order: "newest",
  group: "day",
  pageSize: 50,
  calendar,
  ...other,
});

/** Logs of many kinds over six days, some with missing fields. */
function fill(churn: Churn, count: number): void {
  const { random } = churn;
  churn.add(count, (index) => {
    const model = random.pick(["gpt-4.1", "gpt-4.1-mini", 'm "x" \\ é', "", undefined]);
    const metadata: NewLog["metadata"] = {};
    if (random.chance(0.7)) metadata["team"] = random.pick(["blue", "red", "", "null", "a,b"]);
    if (random.chance(0.7)) metadata["n"] = random.pick([42, "42", 4.2, 0, "team", "NaN"]);
    if (random.chance(0.5)) metadata["on"] = random.pick([true, false, "true"]);
    if (random.chance(0.3)) metadata["a b:c"] = random.pick(["blue", "d"]);
    const eventId = random.pick([`e${Math.floor(index / 4)}`, undefined]);
    const success = random.chance(0.8);
    return {
      createdAt: new Date(NOW.getTime() - Math.floor(random.next() * 6 * 86_400_000)),
      provider: random.pick(["openai", "anthropic", "workers-ai"]),
      success,
      statusCode: success ? 200 : 429,
      cost: random.between(0, 12) / 8,
      durationMs: random.between(1, 9) * 100,
      tokensIn: random.between(0, 99),
      tokensOut: random.between(0, 99),
      step: random.between(1, 3),
      ...(model === undefined ? {} : { model }),
      ...(random.chance(0.9) ? { metadata } : {}),
      ...(eventId === undefined ? {} : { eventId }),
    };
  });
}

/** A log's expected group, from the stored data: as text, because the API compares texts. */
function groupOf(group: GroupName, log: NewLog): string | undefined {
  switch (group) {
    case "day":
      return log.createdAt.toISOString().slice(0, 10);
    case "model":
      return log.model || undefined;
    case "provider":
      return log.provider;
    case "status":
      return String(log.success);
    case "event":
      return log.eventId ?? `alone ${log.id}`;
    default: {
      const value = log.metadata?.[group.slice("meta.".length)];
      return value === undefined ? undefined : String(value);
    }
  }
}

/** Greatest first as stored; by time, the newest first. */
const RANK: Record<OrderName, (log: NewLog) => number | string> = {
  newest: (log) => -log.createdAt.getTime(),
  oldest: (log) => log.createdAt.getTime(),
  cost: (log) => -(log.cost ?? 0),
  duration: (log) => -log.durationMs,
  tokens: (log) => -((log.tokensIn ?? 0) + (log.tokensOut ?? 0)),
  model: (log) => log.model ?? "",
};

describe("logs in groups", () => {
  let world: Awaited<ReturnType<typeof startChurning>>;
  let churn: Churn;

  before(async () => {
    world = await startChurning();
    churn = world.churn(3, NOW);
    fill(churn, 320);
  });

  after(() => world.close());

  const logsOf = (other: Partial<LogView>) =>
    new GatewayLogs(
      world.sourceAt(() => NOW),
      churn.gateway,
      view(other),
      () => NOW,
    );
  const stored = (id: string) => churn.ever.get(id) ?? assert.fail(id);

  async function readAll(logs: GatewayLogs): Promise<void> {
    for (let pages = 0; logs.hasMore || logs.gaps.length > 0; pages++) {
      assert.ok(pages < 200, "the list ends");
      await (logs.hasMore ? logs.loadOn() : logs.loadEarlier(logs.gaps[0]));
    }
  }

  async function openAll(logs: GatewayLogs, key: string): Promise<void> {
    await logs.open(key);
    for (let pages = 0; logs.group(key)?.hasMore; pages++) {
      assert.ok(pages < 100, "the group ends");
      await logs.loadMore(key);
    }
  }

  /** The ids of each group in the order shown, by independent reckoning. */
  function expected(group: GroupName): string[] {
    const groups = Map.groupBy(churn.alive.values(), (log) => groupOf(group, log));
    return [...groups.values()]
      .map((logs) =>
        logs
          .map(({ id }) => id)
          .sort()
          .join(" "),
      )
      .sort();
  }

  const shown = (logs: GatewayLogs) =>
    logs.groups
      .map((group) =>
        group.logs
          .map(({ id }) => id)
          .sort()
          .join(" "),
      )
      .sort();

  for (const group of GROUPS) {
    for (const order of ["newest", "oldest", "cost"] as const) {
      if (group === "day" && order === "cost") continue;
      it(`by ${group}, ${order}: each group opened is all of it and nothing else`, async () => {
        const logs = logsOf({ group, order, pageSize: 10 });
        await logs.load();
        for (const { key } of logs.groups.slice(0, 8)) {
          world.takeCalls();
          await logs.open(key);
          assert.ok(world.takeCalls().length <= 1);
          await openAll(logs, key);
          const known = logs.group(key) ?? assert.fail();
          const ids = known.logs.map(({ id }) => id);
          const of = groupOf(group, stored(ids[0] ?? assert.fail(`${key} is empty`)));
          const all = [...churn.alive.values()].filter((log) => groupOf(group, log) === of);
          assert.equal(new Set(ids).size, ids.length);
          assert.deepEqual([...ids].sort(), all.map(({ id }) => id).sort(), key);
          assert.equal(known.total, all.length, key);
          // An event's calls are in the order in which they were made.
          const rank = group === "event" ? ({ step = 0 }: NewLog) => step : RANK[order];
          const ranks = ids.map((id) => rank(stored(id)));
          assert.deepEqual(
            ranks,
            [...ranks].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
          );
        }
      });

      it(`by ${group}, ${order}: read to the end, each log is in its group, once`, async () => {
        const logs = logsOf({ group, order });
        await logs.load();
        // Some are opened on the way; what the list brings of them later is known.
        const opened = logs.groups.slice(0, 3).map(({ key }) => key);
        for (const key of opened) await logs.open(key);
        await readAll(logs);
        for (const { key } of logs.groups) await openAll(logs, key);
        assert.deepEqual(shown(logs), expected(group));
        assert.equal(logs.total, 320);
        assert.equal(logs.loaded, 320);
      });
    }
  }

  for (const order of ORDER_NAMES.filter((name) => name !== "newest" && name !== "oldest")) {
    it(`in no group by ${order}: one list, one call a page, whole and in order`, async () => {
      for (const pageSize of [10, 25, 50]) {
        const logs = logsOf({ order, pageSize });
        world.takeCalls();
        await logs.load();
        assert.equal(logs.isFlat, true);
        assert.equal(logs.total, 320);
        for (let pages = 1; logs.hasMore; pages++) {
          assert.ok(pages < 100);
          assert.equal(world.takeCalls().length, 1);
          await logs.loadOn();
        }
        const ids = logs.groups.flatMap((group) => group.logs.map(({ id }) => id));
        assert.deepEqual([...ids].sort(), [...churn.alive.keys()].sort());
        const ranks = ids.map((id) => RANK[order](stored(id)));
        const sorted = [...ranks].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        // A log without a model is last if we sort; the API may put it first.
        if (order !== "model") assert.deepEqual(ranks, sorted, order);
        else assert.deepEqual(ranks.filter(Boolean), sorted.filter(Boolean));
        assert.equal(logs.isSorted, order !== "tokens");
      }
    });
  }

  it("shows what fits here of each group, and tells how many were read for it", async () => {
    const filter = {
      conditions: [{ key: "provider", operator: "eq" as const, value: ["openai"] }],
      search: "",
      clientSide: [{ key: "statusCode", operator: "eq" as const, value: [429] }],
    };
    for (const group of ["day", "model", "status", "meta.team"] as const) {
      const logs = logsOf({ group, filter });
      await logs.load();
      await readAll(logs);
      for (const { key } of logs.groups) await openAll(logs, key);
      const meant = [...churn.alive.values()].filter(({ provider }) => provider === "openai");
      const ids = logs.groups.flatMap((one) => one.logs.map(({ id }) => id));
      const failed = meant.filter(({ statusCode }) => statusCode === 429);
      assert.deepEqual(ids.sort(), failed.map(({ id }) => id).sort());
      assert.equal(
        logs.groups.reduce((sum, { loaded }) => sum + loaded, 0),
        meant.length,
      );
      assert.ok(failed.length > 0 && failed.length < meant.length);
    }
  });

  it("searches in groups too", async () => {
    const filter = { conditions: [], search: "WORKERS", clientSide: [] };
    const logs = logsOf({ group: "model", filter });
    await logs.load();
    await readAll(logs);
    for (const { key } of logs.groups) await openAll(logs, key);
    const meant = [...churn.alive.values()].filter(({ provider }) => provider === "workers-ai");
    assert.deepEqual(shown(logs).join(" ").split(" ").sort(), meant.map(({ id }) => id).sort());
  });
});
