import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { calendarFor, type Zone } from "../../../src/logs/days.ts";
import { GatewayLogs } from "../../../src/logs/gateway-logs.ts";
import type { LogView } from "../../../src/logs/view-source.ts";
import { startChurning, type Churn } from "./churn.ts";

const NOW = new Date("2026-11-20T12:00:00.250Z");
const DAY = 86_400_000;

const view = (order: "newest" | "oldest", pageSize: number, zone: Zone): LogView => ({
  filter: { conditions: [], search: "", clientSide: [] },
  order,
  group: "day",
  pageSize,
  calendar: calendarFor(zone),
});

/** Days of all kinds: full ones, empty stretches, many logs in the last and the first second of a day. */
function fill(churn: Churn, count: number): void {
  const { random } = churn;
  const days = Array.from({ length: 25 }, () => random.between(0, 60));
  const midnight = Date.parse("2026-11-20T00:00:00Z");
  churn.add(count, () => {
    const start = midnight - random.pick(days) * DAY;
    const any = Math.floor(random.next() * DAY);
    const into = random.pick([0, 999, DAY - 1, DAY - 500, any, any, any, any, any, any]);
    return { createdAt: new Date(Math.min(start + into, NOW.getTime())) };
  });
}

describe("days with gaps between them", () => {
  let world: Awaited<ReturnType<typeof startChurning>>;

  before(async () => {
    world = await startChurning();
  });

  after(() => world.close());

  const idsOf = (logs: GatewayLogs) => logs.groups.flatMap((group) => group.logs.map(({ id }) => id));
  const daysOf = (churn: Churn, { calendar }: LogView) =>
    new Map(
      [...Map.groupBy(churn.alive.values(), ({ createdAt }) => calendar.dayOf(createdAt))].map(([day, logs]) => [
        day,
        logs.map(({ id }) => id).sort(),
      ]),
    );

  /** Invariants at every moment: days in order, no log twice or on another day, correct totals. */
  function check(logs: GatewayLogs, days: Map<string, string[]>): void {
    const keys = logs.groups.map(({ key }) => key);
    const sorted = [...keys].sort();
    assert.deepEqual(keys, logs.view.order === "newest" ? sorted.reverse() : sorted);
    const ids = idsOf(logs);
    assert.equal(new Set(ids).size, ids.length, "no log twice");
    assert.equal(logs.loaded, ids.length);
    for (const group of logs.groups) {
      const wanted = days.get(group.key) ?? [];
      assert.ok(
        group.logs.every(({ id }) => wanted.includes(id)),
        `${group.key} holds its own`,
      );
      if (group.total !== undefined && !group.hasMore) assert.equal(group.total, wanted.length, group.key);
      if (group.opened && !group.hasMore) assert.equal(group.logs.length, wanted.length, `${group.key} is whole`);
    }
    // Between two days without a gap, no day with logs is missing.
    const all = [...days.keys()].sort();
    if (logs.view.order === "newest") all.reverse();
    keys.forEach((key, index) => {
      if (!logs.gaps.includes(key)) assert.equal(all[all.indexOf(key) + 1], keys[index + 1], `after ${key}`);
    });
  }

  /** Rows of the preceding day's last second also come, and may fill a page with the oldest first. */
  const mostCalls = ({ view: { order } }: GatewayLogs) => (order === "newest" ? 1 : 2);

  async function joinAll(logs: GatewayLogs): Promise<void> {
    for (let steps = 0; logs.gaps.length > 0; steps++) {
      assert.ok(steps < 200, "Earlier comes to an end");
      world.takeCalls();
      await logs.loadEarlier(logs.gaps[0]);
      assert.ok(world.takeCalls().length <= mostCalls(logs));
    }
    for (const { key } of logs.groups) {
      await logs.open(key);
      for (let pages = 0; logs.group(key)?.hasMore; pages++) {
        assert.ok(pages < 100, "a day comes to an end");
        await logs.loadMore(key);
      }
    }
  }

  for (const order of ["newest", "oldest"] as const) {
    for (const pageSize of [10, 50]) {
      it(`${order} first, ${pageSize} a page: whatever is done in whatever order, each log is there once`, async () => {
        for (let run = 0; run < 6; run++) {
          const churn = world.churn(run * 100 + pageSize, NOW);
          const { random } = churn;
          const of = view(order, pageSize, run % 2 === 0 ? "utc" : "local");
          fill(churn, random.pick([0, 30, 160, 400]));
          const days = daysOf(churn, of);
          const logs = new GatewayLogs(
            world.sourceAt(() => NOW),
            churn.gateway,
            of,
            () => NOW,
          );
          await logs.load();
          check(logs, days);
          for (let step = 0; step < 25; step++) {
            world.takeCalls();
            const group = logs.groups.length > 0 ? random.pick(logs.groups) : undefined;
            switch (random.between(0, 4)) {
              case 0: {
                const day = of.calendar.dayOf(new Date(NOW.getTime() - random.between(-1, 62) * DAY));
                const found = await logs.goTo(day);
                const past = [...days.keys()].filter((one) => (order === "newest" ? one <= day : one >= day)).sort();
                assert.equal(found?.key, order === "newest" ? past.at(-1) : past[0], `nearest to ${day}`);
                break;
              }
              case 1:
                if (logs.gaps.length > 0) await logs.loadEarlier(random.pick(logs.gaps));
                break;
              case 2:
                if (group) await logs.open(group.key);
                break;
              case 3:
                if (group) await logs.loadMore(group.key);
                break;
              default:
                if (group) await logs.refresh(group.key);
            }
            assert.ok(world.takeCalls().length <= mostCalls(logs));
            check(logs, days);
          }
          await joinAll(logs);
          check(logs, days);
          assert.deepEqual(idsOf(logs).sort(), [...churn.alive.keys()].sort());
          assert.equal(logs.total, churn.alive.size);
        }
      });

      it(`${order} first, ${pageSize} a page: a refresh keeps the days that were known`, async () => {
        for (let run = 0; run < 6; run++) {
          const churn = world.churn(run * 100 + pageSize + 7, NOW);
          const { random } = churn;
          const of = view(order, pageSize, "utc");
          fill(churn, random.pick([30, 160, 400]));
          const before = new GatewayLogs(
            world.sourceAt(() => NOW),
            churn.gateway,
            of,
            () => NOW,
          );
          await before.load();
          for (let step = 0; step < 6; step++) {
            if (random.chance(0.5))
              await before.goTo(of.calendar.dayOf(new Date(NOW.getTime() - random.between(0, 62) * DAY)));
            else if (before.gaps.length > 0) await before.loadEarlier(random.pick(before.gaps));
          }
          for (const { key } of before.groups.slice(0, 3)) await before.open(key);
          // Meanwhile some come and some go, whole days among them.
          churn.add(random.between(0, 40), (index) => ({ createdAt: new Date(NOW.getTime() + index) }));
          const gone = random.pick([...daysOf(churn, of).values()]);
          churn.remove(gone);
          const days = daysOf(churn, of);
          const logs = new GatewayLogs(
            world.sourceAt(() => NOW),
            churn.gateway,
            of,
            () => NOW,
          );
          await logs.load();
          world.takeCalls();
          logs.keep(before);
          assert.deepEqual(world.takeCalls(), []);
          const [first] = logs.groups;
          const kept = before.groups.map(({ key }) => key).filter((key) => days.has(key));
          for (const key of kept) assert.ok(logs.group(key), `${key} is still there`);
          assert.ok(first);
          await joinAll(logs);
          const ids = idsOf(logs);
          assert.equal(new Set(ids).size, ids.length);
          const missing = [...churn.alive.keys()].filter((id) => !ids.includes(id));
          assert.deepEqual(missing, []);
        }
      });
    }
  }
});
