import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { calendarFor } from "../../../src/logs/days.ts";
import { GatewayLogs } from "../../../src/logs/gateway-logs.ts";
import type { LogView } from "../../../src/logs/view-source.ts";
import { ORDER_NAMES } from "../../../src/source/query.ts";
import type { NewLog } from "../../../src/local/store.ts";
import { startChurning, type Churn } from "./churn.ts";

const START = new Date("2026-11-20T12:00:00.250Z");

const view = (other: Partial<LogView> = {}): LogView => ({
  filter: { conditions: [], search: "", clientSide: [] },
  order: "newest",
  group: "day",
  pageSize: 50,
  calendar: calendarFor("utc"),
  ...other,
});

describe("logs that come since", () => {
  let world: Awaited<ReturnType<typeof startChurning>>;

  before(async () => {
    world = await startChurning();
  });

  after(() => world.close());

  const logsOf = ({ gateway, clock }: Churn, other: Partial<LogView> = {}) =>
    new GatewayLogs(
      world.sourceAt(() => clock.now),
      gateway,
      view(other),
      () => clock.now,
    );

  /** A gateway with so many logs, one every three seconds before now. */
  async function opened(count: number, other: Partial<LogView> = {}, fields: Partial<NewLog> = {}) {
    const churn = world.churn(count, START);
    churn.add(count, (index) => ({ ...fields, createdAt: new Date(START.getTime() - index * 3000) }));
    const logs = logsOf(churn, other);
    await logs.load();
    world.takeCalls();
    return { churn, logs };
  }

  const pass = ({ clock }: Churn, ms: number) => (clock.now = new Date(clock.now.getTime() + ms));
  const come = (churn: Churn, count: number, agoMs = 0, fields: Partial<NewLog> = {}) =>
    churn.add(count, () => ({ ...fields, createdAt: new Date(churn.clock.now.getTime() - agoMs) })).map(({ id }) => id);

  /** Polls once: one call of one page. Returns the new logs. */
  async function look(logs: GatewayLogs): Promise<string[]> {
    world.takeCalls();
    const { logs: found } = await logs.newer();
    const calls = world.takeCalls();
    assert.equal(calls.length, 1);
    assert.ok(calls.every(({ perPage = 0 }) => perPage <= logs.view.pageSize));
    logs.arrive(found);
    return found.map(({ id }) => id);
  }

  /** Polls until nothing is left. */
  async function lookAll(logs: GatewayLogs): Promise<string[]> {
    const found: string[] = [];
    for (let looks = 0; ; looks++) {
      assert.ok(looks < 40, "it comes to an end");
      const { logs: some, left } = await logs.newer();
      logs.arrive(some);
      found.push(...some.map(({ id }) => id));
      if (left === 0) return found;
    }
  }

  const shownIn = (logs: GatewayLogs) => logs.groups.flatMap((group) => group.logs.map(({ id }) => id));

  for (const order of ORDER_NAMES) {
    it(`by ${order}: finds each once, by one call, and nothing that was there`, async () => {
      const { churn, logs } = await opened(20, { order });
      const all = [...churn.alive.keys()];
      for (const count of [0, 1, 3, 0, 7]) {
        pass(churn, 10_000);
        const ids = come(churn, count, 1200);
        assert.deepEqual((await look(logs)).sort(), ids.sort());
        all.push(...ids);
        assert.deepEqual(shownIn(logs).sort(), [...all].sort());
        assert.equal(logs.total, all.length);
      }
      assert.deepEqual(await look(logs), []);
    });
  }

  it("reads on page after page where more came than a page, 200 of them in one second", async () => {
    for (const pageSize of [10, 50]) {
      const { churn, logs } = await opened(30, { pageSize });
      for (const burst of [200, 120]) {
        pass(churn, 10_000);
        const ids = come(churn, burst, 300);
        const looks: number[] = [];
        const found: string[] = [];
        for (let left = 1; left > 0;) {
          const page = await logs.newer();
          logs.arrive(page.logs);
          found.push(...page.logs.map(({ id }) => id));
          left = page.left;
          looks.push(left);
        }
        assert.deepEqual(found.sort(), ids.sort());
        assert.ok(looks.length <= (burst + 220) / pageSize + 2);
        assert.deepEqual(
          [...looks].sort((a, b) => b - a),
          looks,
          "less is left each time",
        );
      }
      assert.equal(logs.total, 350);
    }
  });

  it("finds what is listed late, with a time before others that are known", async () => {
    const { churn, logs } = await opened(30);
    for (let round = 0; round < 5; round++) {
      pass(churn, 10_000);
      const ids = [...come(churn, 2, 0), ...come(churn, 1, 5000)];
      assert.deepEqual((await look(logs)).sort(), ids.sort());
      // These have a time that the look before has passed already.
      const late = come(churn, 2, 8000);
      assert.deepEqual((await look(logs)).sort(), late.sort());
    }
    assert.deepEqual(shownIn(logs).sort(), [...churn.alive.keys()].sort());
    const [day] = logs.groups;
    const times = day?.logs.map(({ createdAt }) => createdAt.getTime()) ?? [];
    assert.deepEqual(
      times,
      [...times].sort((a, b) => b - a),
    );
  });

  it("takes nothing for new that only was not read yet, however many there are in the newest second", async () => {
    for (const pageSize of [10, 50]) {
      const churn = world.churn(5, START);
      come(churn, 200, 100);
      come(churn, 60, 15_000);
      const logs = logsOf(churn, { pageSize });
      await logs.load();
      assert.deepEqual(await lookAll(logs), []);
      pass(churn, 1000);
      const ids = come(churn, 2, 100);
      assert.deepEqual((await lookAll(logs)).sort(), ids.sort());
      assert.equal(logs.total, 262);
      const [key = ""] = logs.groups.map((group) => group.key);
      await logs.open(key);
      while (logs.group(key)?.hasMore) await logs.loadMore(key);
      assert.deepEqual(shownIn(logs).sort(), [...churn.alive.keys()].sort());
      assert.deepEqual([logs.group(key)?.total, logs.total], [262, 262]);
    }
  });

  it("leaves the day before whole, where the newest page ends a few seconds after midnight", async () => {
    const churn = world.churn(6, new Date("2026-11-20T00:00:04.000Z"));
    churn.add(60, (index) => ({ createdAt: new Date(Date.parse("2026-11-20T00:00:03Z") - index * 40) }));
    churn.add(80, (index) => ({ createdAt: new Date(Date.parse("2026-11-19T23:59:59Z") - index * 1000) }));
    const logs = logsOf(churn);
    await logs.load();
    pass(churn, 3000);
    const ids = come(churn, 1, 0);
    assert.deepEqual(await lookAll(logs), ids);
    while (logs.gaps.length > 0) await logs.loadEarlier(logs.gaps[0]);
    for (const { key } of logs.groups) {
      await logs.open(key);
      while (logs.group(key)?.hasMore) await logs.loadMore(key);
    }
    assert.deepEqual(shownIn(logs).sort(), [...churn.alive.keys()].sort());
  });

  it("begins a new day at midnight", async () => {
    for (const order of ["newest", "oldest"] as const) {
      const churn = world.churn(7, new Date("2026-11-20T23:59:57Z"));
      come(churn, 4, 1000);
      const logs = logsOf(churn, { order });
      await logs.load();
      pass(churn, 10_000);
      const ids = [...come(churn, 2, 100), ...come(churn, 1, 8000)];
      assert.deepEqual((await look(logs)).sort(), ids.sort());
      const days = logs.groups.map(({ key, logs: list, total }) => [key, list.length, total]);
      if (order === "oldest") days.reverse();
      assert.deepEqual(days, [
        ["2026-11-21", 2, 2],
        ["2026-11-20", 5, 5],
      ]);
    }
  });

  it("looks only for what fits the filter, and shows only what fits here", async () => {
    const filter = {
      conditions: [{ key: "provider", operator: "eq" as const, value: ["groq"] }],
      search: "chat",
      clientSide: [{ key: "statusCode", operator: "eq" as const, value: [500] }],
    };
    const { churn, logs } = await opened(10, { filter }, { provider: "groq", statusCode: 500 });
    pass(churn, 10_000);
    const fits = come(churn, 3, 0, { provider: "groq", statusCode: 500 });
    const unfit = come(churn, 2, 0, { provider: "groq", statusCode: 200 });
    come(churn, 4, 0, { provider: "openai", statusCode: 500 });
    come(churn, 4, 0, { provider: "groq", path: "embeddings" });
    assert.deepEqual((await look(logs)).sort(), [...fits, ...unfit].sort());
    assert.deepEqual([shownIn(logs).length, logs.loaded], [13, 15]);
    assert.ok(unfit.every((id) => !shownIn(logs).includes(id)));
  });

  it("puts them into their groups, new ones too", async () => {
    for (const group of ["model", "provider", "status", "event", "meta.user"] as const) {
      const { churn, logs } = await opened(20, { group }, { model: "old", metadata: { user: 1 } });
      pass(churn, 10_000);
      const ids = [
        ...come(churn, 2, 0, { model: "old", metadata: { user: 1 } }),
        ...come(churn, 3, 0, { model: "new", provider: "groq", success: false, eventId: "e", metadata: { user: 2 } }),
      ];
      assert.deepEqual((await look(logs)).sort(), [...ids].sort());
      for (const { key } of logs.groups) {
        const known = logs.group(key);
        assert.equal(known?.total, known?.logs.length, `${group} ${key}`);
      }
      assert.deepEqual(shownIn(logs).sort(), [...churn.alive.keys()].sort());
      assert.deepEqual([logs.total, logs.loaded], [25, 25]);
      const fresh = logs.groups.find((one) => one.logs.some(({ id }) => id === ids.at(-1)));
      assert.equal(fresh?.logs.length, 3);
    }
  });

  it("shows the oldest first without those that a page still to be read brings, and then each once", async () => {
    const { churn, logs } = await opened(130, { order: "oldest" });
    pass(churn, 10_000);
    const ids = come(churn, 3);
    assert.deepEqual((await look(logs)).sort(), ids.sort());
    assert.ok(
      shownIn(logs).every((id) => !ids.includes(id)),
      "they stand after what is not read",
    );
    assert.equal(logs.total, 133);
    const [{ key } = assert.fail()] = logs.groups;
    await logs.open(key);
    while (logs.group(key)?.hasMore) await logs.loadMore(key);
    pass(churn, 10_000);
    ids.push(...come(churn, 2));
    await lookAll(logs);
    const shown = shownIn(logs);
    assert.equal(new Set(shown).size, shown.length);
    assert.deepEqual([...shown].sort(), [...churn.alive.keys()].sort());
  });

  it("goes on after a page that failed as if it had not been asked for", async () => {
    const { churn, logs } = await opened(10);
    pass(churn, 10_000);
    const ids = come(churn, 2);
    await assert.rejects(logs.newer(AbortSignal.abort()));
    assert.deepEqual((await look(logs)).sort(), ids.sort());
  });

  it("holds each log once while a person pages on", async () => {
    for (let run = 0; run < 20; run++) {
      // Late logs may be missed only while more than a page is unread.
      const [pageSize, late] = run % 4 < 2 ? [10, 0] : [50, 4000];
      const { churn, logs } = await opened(160, { pageSize, order: run % 2 === 0 ? "newest" : "oldest" });
      const { random } = churn;
      for (let step = 0; step < 30; step++) {
        pass(churn, random.pick([1, 300, 10_000]));
        come(churn, random.between(0, 4), random.pick([0, late]));
        const key = logs.groups[random.between(0, logs.groups.length - 1)]?.key ?? "";
        const act = random.between(0, 3);
        if (act === 0) await logs.loadMore(key);
        else if (act === 1) await logs.loadEarlier(logs.gaps[0]);
        else if (act === 2) await logs.open(key);
        else logs.arrive((await logs.newer()).logs);
        const shown = shownIn(logs);
        assert.equal(new Set(shown).size, shown.length, `run ${run}, step ${step}`);
      }
      while (logs.gaps.length > 0) await logs.loadEarlier(logs.gaps[0]);
      for (const { key } of logs.groups) {
        await logs.open(key);
        while (logs.group(key)?.hasMore) await logs.loadMore(key);
      }
      await lookAll(logs);
      const missing = [...churn.alive.keys()].filter((id) => !shownIn(logs).includes(id));
      assert.deepEqual(missing, [], `run ${run}`);
    }
  });
});
