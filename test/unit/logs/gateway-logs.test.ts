import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { SourceError } from "../../../src/source/errors.ts";
import type { Condition } from "../../../src/source/conditions.ts";
import { cloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { calendarFor } from "../../../src/logs/days.ts";
import { GatewayLogs } from "../../../src/logs/gateway-logs.ts";
import type { LogView } from "../../../src/logs/view-source.ts";
import { ACCOUNT, aLog, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";

/** Noon on a day counted back from the newest one, and minutes before it. */
const NOW = new Date(2026, 10, 20, 12);
const at = (daysAgo: number, minutes = 0) => new Date(2026, 10, 20 - daysAgo, 12, -minutes);
const calendar = calendarFor("local");
const day = (daysAgo: number) => calendar.dayOf(at(daysAgo));

const view = (other: Partial<LogView> = {}, conditions: Condition[] = []): LogView => ({
  filter: { conditions, search: "", clientSide: [] },
  order: "newest",
  group: "day",
  pageSize: 50,
  calendar,
  ...other,
});

describe("GatewayLogs", () => {
  let gateway: TestGateway;
  let logs: GatewayLogs;

  beforeEach(async () => {
    gateway = await startTestGateway();
    logs = new GatewayLogs(cloudflareSource(gateway.client, ACCOUNT, { now: () => NOW }), GATEWAY, view(), () => NOW);
  });

  afterEach(() => gateway.close());

  const fill = (daysAgo: number, count: number) => {
    gateway.store.insert(Array.from({ length: count }, (_, index) => aLog({ createdAt: at(daysAgo, index) })));
  };
  const shape = () => logs.groups.map(({ key: of, logs: list, total, hasMore }) => [of, list.length, total, hasMore]);
  const hasEarlier = () => logs.gaps.length > 0;
  const loadEarlier = (signal?: AbortSignal) => logs.loadEarlier(logs.gaps[0], signal);
  const shownIds = () => logs.groups.flatMap(({ logs: list }) => list.map(({ id }) => id));

  it("groups the newest 50 by day with one call, and knows which days are whole", async () => {
    fill(0, 30);
    fill(3, 15);
    fill(4, 20);
    await logs.load();
    assert.deepEqual(shape(), [
      [day(0), 30, 30, false],
      [day(3), 15, 15, false],
      [day(4), 5, undefined, true],
    ]);
    assert.equal(hasEarlier(), true);
    assert.equal(gateway.takeCalls().length, 1);
  });

  it("asks nothing to open a day that is whole", async () => {
    fill(0, 3);
    await logs.load();
    gateway.takeCalls();
    await logs.open(day(0));
    assert.deepEqual(gateway.takeCalls(), []);
    assert.equal(hasEarlier(), false);
  });

  it("opens a day by its own window and pages through it to the end, without a log twice or missing", async () => {
    fill(0, 120);
    fill(2, 10);
    await logs.load();
    await logs.open(day(0));
    assert.deepEqual(shape(), [[day(0), 98, 120, true]]);
    await logs.loadMore(day(0));
    assert.deepEqual(shape(), [[day(0), 120, 120, false]]);
    assert.equal(new Set(shownIds()).size, 120);
    assert.equal(gateway.takeCalls().length, 3);
    await logs.loadMore(day(0));
    assert.deepEqual(gateway.takeCalls(), []);
  });

  it("keeps page numbers true while new logs arrive", async () => {
    fill(0, 120);
    await logs.load();
    await logs.open(day(0));
    gateway.store.insert(
      Array.from({ length: 30 }, (_, index) => aLog({ createdAt: new Date(NOW.getTime() + 60_000 + index) })),
    );
    await logs.loadMore(day(0));
    await logs.loadMore(day(0));
    assert.deepEqual(shape(), [[day(0), 120, 120, false]]);
    assert.equal(new Set(shownIds()).size, 120);
  });

  it("does not lose the newest logs where this machine's clock is behind", async () => {
    gateway.store.insert(
      Array.from({ length: 60 }, (_, index) => aLog({ createdAt: new Date(NOW.getTime() + 90_000 - index) })),
    );
    await logs.load();
    await logs.open(day(0));
    await logs.loadMore(day(0));
    assert.equal(new Set(shownIds()).size, 60);
  });

  it("jumps over empty stretches to what is earlier, until there is nothing", async () => {
    fill(0, 50);
    fill(40, 50);
    fill(90, 7);
    await logs.load();
    assert.deepEqual([shape().length, hasEarlier()], [1, true]);
    await loadEarlier();
    await loadEarlier();
    assert.deepEqual(
      logs.groups.map(({ key: of }) => of),
      [day(0), day(40), day(90)],
    );
    assert.equal(hasEarlier(), false);
    assert.equal(gateway.takeCalls().length, 3);
  });

  it("ends Earlier by itself when all that was left was of the oldest day", async () => {
    fill(1, 70);
    await logs.load();
    await logs.open(day(1));
    assert.equal(hasEarlier(), true);
    await loadEarlier();
    assert.deepEqual([shape(), hasEarlier()], [[[day(1), 70, 70, false]], false]);
  });

  it("does not drop Earlier because today has grown", async () => {
    fill(0, 60);
    fill(1, 3);
    await logs.load();
    gateway.store.insert(Array.from({ length: 5 }, (_, index) => aLog({ createdAt: new Date(NOW.getTime() - index) })));
    await logs.open(day(0));
    assert.equal(hasEarlier(), true);
    await loadEarlier();
    assert.equal(logs.group(day(1))?.logs.length, 3);
  });

  it("reads a day anew, with what has come and without what has gone", async () => {
    fill(0, 2);
    await logs.load();
    gateway.store.insert([aLog({ id: "new", createdAt: at(0) })]);
    await logs.refresh(day(0));
    assert.ok(shownIds().includes("new"));
    assert.deepEqual(shape(), [[day(0), 3, 3, false]]);
    assert.equal(gateway.takeCalls().length, 2);
  });

  it("holds every log of many random days exactly once, however it is walked", async () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const inserted = Array.from({ length: 700 }, (_, index) =>
      aLog({
        id: `log-${index}`,
        createdAt: new Date(NOW.getTime() - random(30) * random(30) * 3_600_000 - random(3_600_000)),
      }),
    );
    gateway.store.insert(inserted);
    await logs.load();
    for (let steps = 0; hasEarlier() || logs.groups.some(({ hasMore }) => hasMore); steps++) {
      assert.ok(steps < 400, "the walk ends");
      const any = logs.groups[random(logs.groups.length)] ?? assert.fail();
      const open = logs.groups.find(({ hasMore }) => hasMore);
      const step = random(steps < 60 ? 4 : 2);
      if (step === 0 && open) await logs.loadMore(open.key);
      else if (step === 1 && hasEarlier()) await loadEarlier();
      else if (step === 2) await logs.open(any.key);
      else if (step === 3) await logs.refresh(any.key);
    }
    assert.deepEqual(shownIds().sort(), inserted.map(({ id }) => id).sort());
    for (const { key: of, logs: list } of logs.groups)
      assert.ok(list.every(({ createdAt }) => calendar.dayOf(createdAt) === of));
  });

  it("changes nothing when a call fails", async () => {
    fill(0, 60);
    await logs.load();
    const before = shape();
    await assert.rejects(logs.open(day(0), AbortSignal.abort()), SourceError);
    await assert.rejects(loadEarlier(AbortSignal.abort()), SourceError);
    assert.deepEqual(shape(), before);
    await logs.open(day(0));
    assert.equal(logs.group(day(0))?.total, 60);
  });

  /** A source that gets the gateway's answers changed on the way. */
  const through = (change: (answer: string) => string) => {
    const client = new CloudflareClient({
      baseUrl: gateway.baseUrl,
      token: () => Promise.resolve(gateway.token),
      fetch: async (input, init) => {
        const answer = change(await (await fetch(input, init)).text());
        return new Response(answer, { headers: { "content-type": "application/json" } });
      },
    });
    return cloudflareSource(client, ACCOUNT, { now: () => NOW });
  };

  it("counts rows that cannot be read instead of failing on them", async () => {
    fill(0, 3);
    const source = through((answer) => answer.replace(/"created_at":"[^"]*"/, '"created_at":"never"'));
    logs = new GatewayLogs(source, GATEWAY, view(), () => NOW);
    await logs.load();
    assert.deepEqual([shownIds().length, logs.malformed, hasEarlier()], [2, 1, false]);
  });

  it("goes on behind a whole page that cannot be read", async () => {
    fill(0, 50);
    fill(1, 30);
    const source = through((answer) =>
      answer.replaceAll(/"created_at":"([^"]*)"/g, (whole, time: string) =>
        new Date(time) < at(0, 49) ? whole : '"created_at":null',
      ),
    );
    logs = new GatewayLogs(source, GATEWAY, view(), () => NOW);
    await logs.load();
    assert.deepEqual([shownIds().length, logs.malformed, hasEarlier()], [30, 50, false]);
  });

  describe("with conditions", () => {
    const blue = [
      { key: "metadataKey", operator: "eq" as const, value: ["team"] },
      { key: "metadataValue", operator: "eq" as const, value: ["blue"] },
    ];
    /** Found by the API, which ignores which key has the value (API notes: Filters), but excluded. */
    const mixed = { team: "red", wall: "blue" };
    const tagged = (daysAgo: number, count: number, metadata: Record<string, string>, from = 0) =>
      gateway.store.insert(
        Array.from({ length: count }, (_, index) => aLog({ createdAt: at(daysAgo, from + index), metadata })),
      );

    beforeEach(() => {
      logs = new GatewayLogs(
        cloudflareSource(gateway.client, ACCOUNT, { now: () => NOW }),
        GATEWAY,
        view({}, blue),
        () => NOW,
      );
    });

    it("sends them with every call, and shows nothing else", async () => {
      tagged(0, 60, { team: "blue" });
      tagged(0, 5, { team: "red" }, 60);
      tagged(2, 3, { team: "blue" });
      fill(3, 2);
      await logs.load();
      await logs.open(day(0));
      await loadEarlier();
      await logs.refresh(day(2));
      assert.deepEqual(shape(), [
        [day(0), 60, 60, false],
        [day(2), 3, 3, false],
      ]);
      const calls = gateway.takeCalls();
      assert.equal(calls.length, 4);
      assert.ok(calls.every((call) => new URLSearchParams(call).get("filters")?.includes('"metadata.key"')));
    });

    it("counts only what has the key and the value in one tag", async () => {
      tagged(0, 60, { team: "blue" });
      tagged(0, 8, mixed, 60);
      await logs.load();
      await logs.open(day(0));
      await logs.loadMore(day(0));
      assert.deepEqual(shape(), [[day(0), 60, 60, false]]);
    });

    it("goes on behind pages of which nothing is meant, and from there when it is asked again", async () => {
      // Ten pages, each from the last row of the one before, have 432 rows.
      tagged(0, 440, mixed);
      tagged(1, 2, { team: "blue" });
      await logs.load();
      assert.deepEqual([shape(), hasEarlier()], [[], true]);
      assert.equal(gateway.takeCalls().length, 10);
      await loadEarlier();
      assert.deepEqual([shape(), hasEarlier()], [[[day(1), 2, 2, false]], false]);
      assert.equal(gateway.takeCalls().length, 1);
    });
  });
});
