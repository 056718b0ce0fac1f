import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource, type SourceClient } from "../../../src/sources/cloudflare/source.ts";
import { SourceError } from "../../../src/source/errors.ts";
import type { CollectionRef } from "../../../src/source/log.ts";
import { Listing, type Start } from "../../../src/logs/listing.ts";
import { ORDER_NAMES, type OrderName, type Query } from "../../../src/source/query.ts";
import type { NewLog } from "../../../src/local/store.ts";
import { ACCOUNT, aLog, GATEWAY, startTestGateway } from "../../gateway.ts";
import { some, startChurning, type Churn } from "./churn.ts";

const NOW = new Date("2026-11-20T12:00:00.250Z");
const SIZES = [10, 25, 50];
const RUNS = 12;

const query = (order: OrderName, size: number, other: Query = {}): Query => ({
  conditions: [],
  search: "",
  order,
  size,
  ...other,
});

/** A list through a source with a clock. */
const listingOf = (client: SourceClient, gateway: CollectionRef, of: Query, now: () => Date, start?: Start) =>
  new Listing(cloudflareSource(client, ACCOUNT, { now }), gateway, of, start);

const values = ({ random }: Churn): Partial<NewLog> => ({
  cost: random.between(0, 6) / 4,
  durationMs: random.between(0, 8) * 100,
  tokensIn: random.between(0, 9),
  model: random.pick(["a", "b", "c", "D", "é"]),
});

describe("Listing", () => {
  let world: Awaited<ReturnType<typeof startChurning>>;

  before(async () => {
    world = await startChurning();
  });

  after(() => world.close());

  const listing = ({ gateway, clock }: Churn, ...of: Parameters<typeof query>) =>
    listingOf(world.client, gateway, query(...of), () => clock.now);

  const idsOf = (list: Listing) => list.logs.map(({ id }) => id);

  for (const order of ORDER_NAMES) {
    for (const size of SIZES) {
      it(`by ${order}, ${size} a page: no log twice, none missing, one call a page`, async () => {
        for (let run = 0; run < RUNS; run++) {
          const churn = world.churn(run * 1000 + size, NOW);
          const { random, clock, alive } = churn;
          // Many in each second, the newest in the current one.
          const span = random.pick([1000, 20_000, 3_600_000]);
          churn.add(size * random.between(2, 8) + random.between(0, size), () => ({
            ...values(churn),
            createdAt: new Date(NOW.getTime() - Math.floor(random.next() * span)),
          }));
          const list = listing(churn, order, size);
          await list.more();
          const calls = world.takeCalls();
          assert.equal(calls.length, 1);
          const initial = [...alive.keys()];
          assert.equal(list.total, initial.length);
          const deletes = run % 3 !== 0;
          for (let pages = 0; list.hasMore; pages++) {
            assert.ok(pages < 200, "the list ends");
            clock.now = new Date(clock.now.getTime() + random.pick([0, 1, 300, 900, 5000]));
            const gone = deletes ? random.pick([0, 0, 1, 2, random.between(0, size)]) : 0;
            const of = random.pick(["any", "listed", "last"]);
            const listed = idsOf(list).filter((id) => alive.has(id));
            churn.remove(
              of === "last"
                ? listed.slice(-gone || list.logs.length)
                : some(random, of === "any" ? alive.keys() : listed, gone),
            );
            // Some arrive late, with a time before already listed ones.
            churn.add(random.between(0, 3), () => ({
              ...values(churn),
              createdAt: new Date(clock.now.getTime() - random.pick([0, 0, 20, 240, 3000])),
            }));
            await list.more();
            const { length } = world.takeCalls();
            if (gone === 0) assert.equal(length, 1, `run ${run}: one call a page`);
            else assert.ok(length <= 2 + gone, `run ${run}: ${length} calls where ${gone} were deleted`);
          }
          const ids = idsOf(list);
          assert.equal(new Set(ids).size, ids.length, `run ${run}: a log twice`);
          const missing = initial.filter((id) => alive.has(id) && !ids.includes(id));
          assert.deepEqual(missing, [], `run ${run}`);
          assert.ok(ids.every((id) => churn.ever.has(id)));
        }
      });
    }
  }

  it("loses none even when logs are deleted between the calls of one page", async () => {
    for (let run = 0; run < 60; run++) {
      const churn = world.churn(run, NOW);
      const { random, alive } = churn;
      churn.add(200, (index) => ({ createdAt: new Date(NOW.getTime() - index * 700) }));
      const list = listingOf(
        world.clientWith(() => churn.remove(some(random, alive.keys(), random.pick([0, 0, 3, 12])))),
        churn.gateway,
        query("newest", 10),
        () => NOW,
      );
      const first = [...alive.keys()];
      while (list.hasMore) await list.more();
      const ids = idsOf(list);
      assert.equal(new Set(ids).size, ids.length);
      assert.deepEqual(
        first.filter((id) => alive.has(id) && !ids.includes(id)),
        [],
      );
    }
  });

  it("goes on to the end with small pages too", async () => {
    const churn = world.churn(1, NOW);
    churn.add(2700, (index) => ({ createdAt: new Date(NOW.getTime() - index * 100) }));
    const list = listing(churn, "newest", 10);
    for (let pages = 0; list.hasMore && pages < 500; pages++) {
      const before = list.logs.length;
      const added = await list.more();
      assert.deepEqual(added, list.logs.slice(before));
    }
    assert.equal(new Set(idsOf(list)).size, 2700);
    assert.ok(world.takeCalls().every(({ perPage = 0 }) => perPage <= 50));
  });

  it("begins with a page of the size asked for, one row too, and goes on from there", async () => {
    const churn = world.churn(2, NOW);
    churn.add(7, (index) => ({ createdAt: new Date(NOW.getTime() - index * 1000) }));
    for (const size of [1, 2, 3]) {
      const list = listing(churn, "newest", size);
      world.takeCalls();
      assert.equal((await list.more()).length, size);
      assert.deepEqual(
        world.takeCalls().map(({ page, perPage }) => [page, perPage]),
        [[1, size]],
      );
      while (list.hasMore) await list.more();
      assert.equal(new Set(idsOf(list)).size, 7);
      assert.deepEqual([list.logs.length, list.total], [7, 7]);
    }
  });

  it("has its total right when logs are dropped while a page is being read, or it is read twice at once", async () => {
    const churn = world.churn(3, NOW);
    churn.add(60, (index) => ({ createdAt: new Date(NOW.getTime() - index * 1000) }));
    const twice = listing(churn, "newest", 50);
    await Promise.all([twice.more(), twice.more()]);
    while (twice.hasMore) await twice.more();
    assert.deepEqual([new Set(idsOf(twice)).size, twice.logs.length, twice.total], [60, 60, 60]);
    const list = listing(churn, "newest", 50);
    await list.more();
    const gone = list.logs.slice(10, 15);
    const reading = list.more();
    list.drop(gone);
    churn.remove(gone.map(({ id }) => id));
    await reading;
    while (list.hasMore) await list.more();
    assert.deepEqual([new Set(idsOf(list)).size, list.logs.length, list.total], [55, 55, 55]);
  });

  it("is in the order asked for, greatest first and by the model's name", async () => {
    for (const order of ORDER_NAMES) {
      const churn = world.churn(5, NOW);
      churn.add(130, (index) => ({ ...values(churn), createdAt: new Date(NOW.getTime() - index * 1000) }));
      const list = listing(churn, order, 50);
      while (list.hasMore) await list.more();
      assert.equal(list.logs.length, 130);
      assert.equal(list.isSorted, order !== "tokens");
      const key = { cost: "costUsd", duration: "durationMs", model: "model" }[order as "cost"];
      const told = list.logs.map((log) => (key ? log[key as "costUsd" | "model"] : log.createdAt.getTime()) ?? "");
      const sorted = [...told].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      if (order !== "oldest" && order !== "model") sorted.reverse();
      assert.deepEqual(told, sorted, order);
    }
  });

  it("takes a row only where the range has it, up to its last millisecond", async () => {
    const churn = world.churn(6, NOW);
    const [start, end] = [new Date("2026-11-18T00:00:00Z"), new Date("2026-11-19T00:00:00Z")];
    const at = (time: Date, ms: number) => new Date(time.getTime() + ms);
    for (const ms of [-1000, -999, -500, -1, 0, 1, 999, 1000]) {
      churn.add(9, () => ({ createdAt: at(start, ms) }));
      churn.add(9, () => ({ createdAt: at(end, ms) }));
    }
    const wanted = [...churn.alive].filter(([, { createdAt }]) => createdAt >= start && createdAt < end);
    for (const order of ORDER_NAMES) {
      const list = listing(churn, order, 10, { range: { start, end } });
      while (list.hasMore) await list.more();
      assert.deepEqual(idsOf(list).sort(), wanted.map(([id]) => id).sort(), order);
      assert.equal(list.total, wanted.length, order);
    }
  });

  it("goes on from rows that are known already", async () => {
    const churn = world.churn(7, NOW);
    churn.add(95, (index) => ({ createdAt: new Date(NOW.getTime() - index * 1000) }));
    const start = listing(churn, "newest", 25);
    await start.more();
    const { logs, end } = start;
    churn.add(40, () => ({ createdAt: new Date(NOW.getTime() + 5000) }));
    churn.remove(some(churn.random, idsOf(start), 9));
    const list = listingOf(world.client, churn.gateway, query("newest", 25), () => NOW, { logs, end });
    world.takeCalls();
    while (list.hasMore) await list.more();
    assert.equal(new Set(idsOf(list)).size, 95);
    assert.ok(world.takeCalls().length <= 5);
  });

  it("changes nothing when it is given up or fails, and goes on afterwards", async () => {
    const churn = world.churn(8, NOW);
    churn.add(60, (index) => ({ createdAt: new Date(NOW.getTime() - index * 1000) }));
    const list = listing(churn, "newest", 25);
    const state = () => [idsOf(list), list.total, list.hasMore, list.malformed, list.end?.getTime(), list.isSorted];
    const fresh = state();
    await assert.rejects(list.more(AbortSignal.abort()), SourceError);
    assert.deepEqual(state(), fresh);
    await list.more();
    const one = state();
    churn.remove(idsOf(list).slice(-20));
    await assert.rejects(list.more(AbortSignal.abort()), SourceError);
    // Given up when the page before is being read.
    const abort = new AbortController();
    let calls = 0;
    const halfway = listingOf(
      world.clientWith(() => {
        if (calls++ === 1) abort.abort();
      }),
      churn.gateway,
      query("newest", 25),
      () => NOW,
      { logs: list.logs, end: list.end },
    );
    await assert.rejects(halfway.more(abort.signal), SourceError);
    assert.equal(calls, 2);
    assert.deepEqual([halfway.logs, halfway.total, halfway.hasMore], [list.logs, undefined, true]);
    assert.deepEqual(state(), one);
    while (list.hasMore) await list.more();
    while (halfway.hasMore) await halfway.more();
    assert.deepEqual([new Set(idsOf(list)).size, list.logs.length], [60, 60]);
    assert.deepEqual(idsOf(halfway), idsOf(list));
  });
});

describe("Listing, where the API answers otherwise", () => {
  /** A client that gets each call's status and answer as `change` makes them. */
  async function changed(change: (answer: string, url: URL) => string | { status: number }) {
    const server = await startTestGateway();
    const urls: URL[] = [];
    const client = new CloudflareClient({
      baseUrl: server.baseUrl,
      token: () => Promise.resolve(server.token),
      fetch: async (input, init) => {
        const url = new URL(input);
        urls.push(url);
        const answer = change(await (await fetch(input, init)).text(), url);
        const headers = { "content-type": "application/json" };
        if (typeof answer === "string") return new Response(answer, { headers });
        const errors = [{ code: 7001, message: "Invalid enum value." }];
        return new Response(JSON.stringify({ success: false, errors, result: null }), { ...answer, headers });
      },
    });
    return { server, client, urls };
  }

  const fill = (count: number, fields: (index: number) => Partial<NewLog> = () => ({})) =>
    Array.from({ length: count }, (_, index) =>
      aLog({ id: `log-${index}`, createdAt: new Date(NOW.getTime() - index * 1000), ...fields(index) }),
    );

  for (const order of ["cost", "duration"] as const) {
    it(`lists the newest first and says so, where it refuses to sort by ${order}`, async (t) => {
      const { server, client, urls } = await changed((answer, url) =>
        url.searchParams.get("order_by") === order ? { status: 400 } : answer,
      );
      t.after(() => server.close());
      server.store.insert(fill(60, (index) => ({ cost: (index * 7) % 10 })));
      const list = listingOf(client, GATEWAY, query(order, 50), () => NOW);
      assert.equal(list.isSorted, true);
      await list.more();
      assert.equal(list.isSorted, false);
      await list.more();
      assert.deepEqual(
        list.logs.map(({ id }) => id),
        fill(60).map(({ id }) => id),
      );
      assert.equal(urls.length, 3);
      assert.ok(urls.slice(1).every((url) => url.searchParams.get("order_by_direction") === "desc"));
    });
  }

  it("does not hide a refusal that has another reason", async (t) => {
    const { server, client, urls } = await changed(() => ({ status: 400 }));
    t.after(() => server.close());
    for (const order of ORDER_NAMES) {
      const list = listingOf(client, GATEWAY, query(order, 50), () => NOW);
      await assert.rejects(list.more(), SourceError);
      assert.deepEqual([list.logs, list.total], [[], undefined]);
    }
    assert.ok(urls.length <= 2 * ORDER_NAMES.length);
  });

  it("passes over rows that cannot be read, wherever they stand, and counts them once", async (t) => {
    // For rows at a page's end, nothing shows whether earlier rows were deleted.
    const bad = (index: number) => [0, 9, 10, 48, 49, 50, 97, 98, 99, 139].includes(index);
    const { server, client, urls } = await changed((answer) => {
      const { result, ...rest } = JSON.parse(answer) as { result: { id: string; created_at: string | null }[] };
      const mangled = result.map((row) => {
        const index = Number(row.id.slice(4));
        if (!bad(index)) return row;
        return index % 2 === 0 ? { ...row, created_at: null } : { ...row, id: null };
      });
      return JSON.stringify({ ...rest, result: mangled });
    });
    t.after(() => server.close());
    server.store.insert(fill(140));
    for (const size of SIZES) {
      urls.length = 0;
      const list = listingOf(client, GATEWAY, query("newest", size), () => NOW);
      while (list.hasMore) await list.more();
      const wanted = fill(140).filter((_, index) => !bad(index));
      assert.deepEqual(
        list.logs.map(({ id }) => id),
        wanted.map(({ id }) => id),
      );
      assert.deepEqual([list.malformed, list.total], [10, 140]);
      assert.ok(urls.length <= (140 / size) * 2, `${urls.length} calls`);
    }
  });

  it("gives up after ten pages of which nothing can be read, with one call each", async (t) => {
    const { server, client, urls } = await changed((answer) => answer.replaceAll(/"created_at":"[^"]*"/g, '"a":0'));
    t.after(() => server.close());
    server.store.insert(fill(700));
    const list = listingOf(client, GATEWAY, query("newest", 50), () => NOW);
    await list.more();
    assert.deepEqual([list.logs.length, urls.length, list.hasMore], [0, 10, true]);
    await list.more();
    assert.deepEqual([list.malformed, list.hasMore], [700, false]);
    assert.ok(urls.length <= 20);
  });

  it("takes off its total what the API found by another tag's value", async (t) => {
    const server = await startTestGateway();
    t.after(() => server.close());
    // Every third matches; the others have the key and the value in two tags.
    server.store.insert(
      fill(150, (index) => ({ metadata: index % 3 === 0 ? { team: "blue" } : { team: "red", wall: "blue" } })),
    );
    const conditions = [
      { key: "metadataKey", operator: "eq" as const, value: ["team"] },
      { key: "metadataValue", operator: "eq" as const, value: ["blue"] },
    ];
    for (const size of SIZES) {
      const list = listingOf(server.client, GATEWAY, query("newest", size, { conditions }), () => NOW);
      server.takeCalls();
      while (list.hasMore) await list.more();
      assert.deepEqual([list.logs.length, new Set(list.logs).size, list.total], [50, 50, 50]);
      assert.ok(server.takeCalls().length <= (150 / size) * 2);
    }
  });

  it("ends where a page is not full, though the total lags behind a delete", async (t) => {
    const { server, client } = await changed((answer) => answer.replace(/"total_count":\d+/, '"total_count":500'));
    t.after(() => server.close());
    server.store.insert(fill(70));
    const list = listingOf(client, GATEWAY, query("newest", 50), () => NOW);
    await list.more();
    assert.equal(list.hasMore, true);
    await list.more();
    assert.deepEqual([list.logs.length, list.hasMore], [70, false]);
  });
});
