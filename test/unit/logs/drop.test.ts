import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Condition } from "../../../src/source/conditions.ts";
import type { Log } from "../../../src/source/log.ts";
import { cloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { calendarFor } from "../../../src/logs/days.ts";
import { GatewayLogs } from "../../../src/logs/gateway-logs.ts";
import type { LogView } from "../../../src/logs/view-source.ts";
import { ACCOUNT, aLog, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";

const NOW = new Date("2026-11-20T12:00:00Z");
const calendar = calendarFor("utc");
const DAYS = ["2026-11-20", "2026-11-19", "2026-11-18"] as const;

describe("logs that were deleted", () => {
  let gateway: TestGateway;

  beforeEach(async () => {
    // The API's count stays the same, so nothing shown may come from it.
    gateway = await startTestGateway({ keepTotalsMs: 600_000 });
    DAYS.forEach((day, index) => {
      const count = [30, 120, 40][index] ?? 0;
      gateway.store.insert(
        Array.from({ length: count }, (_, minute) =>
          aLog({
            id: `${day}-${minute}`,
            createdAt: new Date(Date.parse(`${day}T11:59:00Z`) - minute * 60_000),
            model: minute % 2 ? "odd" : "even",
          }),
        ),
      );
    });
  });

  afterEach(() => gateway.close());

  async function loaded(other: Partial<LogView> = {}, conditions: Condition[] = []): Promise<GatewayLogs> {
    const filter = { conditions, search: "", clientSide: [] };
    const view = { filter, order: "newest", group: "day", pageSize: 50, calendar, ...other } as const;
    const logs = new GatewayLogs(
      cloudflareSource(gateway.client, ACCOUNT, { now: () => NOW }),
      GATEWAY,
      view,
      () => NOW,
    );
    await logs.load();
    return logs;
  }

  const shape = (logs: GatewayLogs) =>
    logs.groups.map(({ key, logs: rows, total, hasMore }) => [key, rows.length, total, hasMore]);

  /** Deletes the logs of a day that fit; gives their rows as they were. */
  async function remove(day: string, fits: (log: Log) => boolean = () => true): Promise<Log[]> {
    const rows: Log[] = [];
    for await (const page of gateway.client.walkLogs(GATEWAY, {}))
      rows.push(...page.logs.filter((log) => log.id.startsWith(day) && fits(log)));
    const conditions = [{ key: "id" as const, operator: "eq" as const, value: rows.map(({ id }) => id) }];
    gateway.store.remove(gateway.store.select(GATEWAY, { conditions, orderBy: "created_at", direction: "asc" }, 200));
    return rows;
  }

  it("are taken out of an opened day and its total, and the next page goes on where it should", async () => {
    const logs = await loaded();
    await logs.open(DAYS[1]);
    const isEven = ({ model }: Log) => model === "even";
    assert.deepEqual(logs.drop(await remove(DAYS[1], isEven)), []);
    const [, day] = logs.groups;
    assert.deepEqual([day?.total, day?.hasMore, logs.total], [60, true, 130]);
    assert.ok(day?.logs.every(({ model }) => model === "odd"));
    while (logs.group(DAYS[1])?.hasMore) await logs.loadMore(DAYS[1]);
    const ids = logs.group(DAYS[1])?.logs.map(({ id }) => id) ?? [];
    assert.deepEqual([ids.length, new Set(ids).size], [60, 60]);
  });

  it("take their day with them when it was whole, or was opened", async () => {
    const logs = await loaded();
    logs.drop(await remove(DAYS[0]));
    await logs.open(DAYS[1]);
    logs.drop(await remove(DAYS[1]));
    assert.deepEqual(shape(logs), []);
    assert.deepEqual([logs.total, logs.gaps], [40, [DAYS[1]]]);
    logs.drop(await remove(DAYS[2]));
    assert.deepEqual([logs.total, logs.gaps], [0, []]);
  });

  it("leave a day of which only a part was known to be read again", async () => {
    const logs = await loaded();
    const unknown = logs.drop(await remove(DAYS[1]));
    assert.deepEqual(unknown, [DAYS[1]]);
    gateway.takeCalls();
    await logs.reopen(unknown);
    assert.equal(gateway.takeCalls().length, 1);
    assert.deepEqual(shape(logs), [[DAYS[0], 30, 30, false]]);
  });

  it("are taken out of other groups and out of one list, with their totals", async () => {
    const models = await loaded({ group: "model" });
    await models.open('"odd"');
    const list = await loaded({ order: "duration" });
    const rows = await remove(DAYS[0], ({ model }) => model === "odd");
    for (const logs of [models, list]) {
      assert.equal(logs.total, 190);
      logs.drop(rows);
      assert.equal(logs.total, 175);
    }
    assert.equal(models.group('"odd"')?.total, 80);
    assert.equal(list.loaded + (list.left ?? 0), 175);
    assert.equal(list.group("")?.logs.filter(({ id }) => rows.some((row) => row.id === id)).length, 0);
    while (list.hasMore) await list.loadOn();
    assert.equal(new Set(list.group("")?.logs.map(({ id }) => id)).size, 175);
  });

  it("are not counted where the filter leaves them out", async () => {
    const logs = await loaded({}, [{ key: "model", operator: "eq", value: ["even"] }]);
    assert.equal(logs.total, 95);
    logs.drop(await remove(DAYS[2]));
    assert.equal(logs.total, 75);
  });
});
