import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import { calendarFor } from "../../../src/logs/days.ts";
import { GatewayLogs } from "../../../src/logs/gateway-logs.ts";
import type { GroupName } from "../../../src/logs/grouping.ts";
import { checkingRows } from "../../../src/source/rows.ts";
import type { OrderName } from "../../../src/source/query.ts";
import { collectionOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise } from "../../verifywise-server.ts";

const START = Date.UTC(2026, 10, 1);

type View = { group: GroupName; order: OrderName; pageSize?: number };

/** Starts a server, and opens a view of its log, which takes the time from `clock`. */
async function open({ group, order, pageSize = 10 }: View, generation: 1 | 2) {
  const server = await startVerifyWise(generation);
  const { baseUrl, token } = server;
  const source = checkingRows(verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch }));
  const clock = { now: START };
  const view = {
    filter: { conditions: [], search: "", clientSide: [] },
    order,
    group,
    pageSize,
    calendar: calendarFor("utc"),
  };
  const of = { sourceId: "vw", collectionId: collectionOf(baseUrl) };
  return { server, clock, logs: new GatewayLogs(source, of, view, () => new Date(clock.now)) };
}

const idsOf = ({ groups }: GatewayLogs): string[] => groups.flatMap((group) => group.logs.map(({ id }) => id)).sort();

async function loadAll(logs: GatewayLogs): Promise<void> {
  while (logs.hasMore) await logs.loadOn();
  for (const { key } of logs.groups) {
    await logs.open(key);
    while (logs.group(key)?.hasMore) await logs.loadMore(key);
  }
}

const VIEWS: readonly View[] = [
  { group: "day", order: "newest" },
  { group: "day", order: "oldest" },
  { group: "day", order: "cost" },
  { group: "event", order: "newest" },
  { group: "source", order: "newest" },
  { group: "model", order: "duration" },
];

describe("a view of VerifyWise's log", () => {
  for (const generation of [1, 2] as const)
    for (const view of VIEWS)
      it(`has each log once, and their number, while others arrive: ${view.group}, ${view.order}, ${generation}`, async () => {
        const random = new Random(generation);
        const { server, clock, logs } = await open(view, generation);
        server.turnsTies = true;
        const add = (count: number) => {
          for (let n = 0; n < count; n++) {
            clock.now += random.pick([0, 1000, 60_000]);
            server.add({ createdAt: new Date(clock.now), endpoint: "main", key: random.pick([null, "ci"]) });
          }
        };
        add(60);
        await logs.load();
        for (let round = 0; round < 4; round++) {
          add(random.pick([1, 5, 30]));
          const { logs: newer } = await logs.newer();
          logs.arrive(newer);
          await logs.loadOn();
          assert.equal(logs.total, server.ids("1", []).length, `after round ${round}`);
        }
        await loadAll(logs);
        const all = server.ids("1", []);
        await server.close();
        assert.deepEqual(idsOf(logs), all.sort());
        assert.equal(logs.total, all.length);
      });

  it("has what came since an empty page, however much later it's polled", async () => {
    for (const order of ["newest", "cost"] as const) {
      const { server, clock, logs } = await open({ group: "day", order }, 2);
      await logs.load();
      server.add({ createdAt: new Date(START + 1000) });
      clock.now += 600_000;
      logs.arrive((await logs.newer()).logs);
      await server.close();
      assert.deepEqual(idsOf(logs), ["1"]);
    }
  });

  it("has a failure and its fallback as one event, on whatever pages they are", async () => {
    for (let before = 0; before < 4; before++) {
      const { server, logs } = await open({ group: "event", order: "newest", pageSize: 2 }, 1);
      const call = (at: number, endpoint: string, statusCode: number, content: string) =>
        server.add({ createdAt: new Date(START + at), endpoint, statusCode, messages: [{ role: "user", content }] });
      call(-9000, "main", 200, "Earlier");
      call(0, "main", 500, "Hi");
      call(34, "spare", 200, "Hi");
      for (let n = 1; n <= before; n++) call(n * 5000, "main", 200, `Later ${n}`);
      await logs.load();
      await loadAll(logs);
      await server.close();
      assert.deepEqual(
        logs.groups.map((group) => group.logs.map(({ id }) => id).join()).filter((ids) => ids.includes(",")),
        ["2,3"],
        `${before} after them`,
      );
    }
  });
});
