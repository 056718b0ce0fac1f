import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import type { Cursor } from "../../../src/source/cursor.ts";
import { collectionOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise } from "../../verifywise-server.ts";

const logsOf = ({ baseUrl }: { baseUrl: string }) => ({ sourceId: "vw", collectionId: collectionOf(baseUrl) });

const START = Date.UTC(2026, 10, 1);

describe("pages of VerifyWise's list, which moves", () => {
  for (const generation of [1, 2] as const)
    it(`have each of 10,000 logs once while others arrive: generation ${generation}`, async () => {
      const random = new Random(generation);
      const server = await startVerifyWise(generation);
      // Several of one time.
      const given = server.add(
        ...Array.from({ length: 10_000 }, (_, n) => ({ createdAt: new Date(START + Math.floor(n / 3) * 1000) })),
      );
      const { baseUrl, token } = server;
      const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
      const listed: string[] = [];
      let next: Cursor | undefined;
      let arrived = 0;
      do {
        const page = await source.list(logsOf(server), { size: 200 }, next);
        listed.push(...page.logs.map(({ id }) => id));
        next = page.next;
        const count = Math.floor(random.next() * 150);
        server.add(
          ...Array.from({ length: count }, () => ({ createdAt: new Date(START + 86_400_000 + arrived++ * 1000) })),
        );
      } while (next);
      await server.close();
      assert.ok(arrived > 1000);
      assert.equal(new Set(listed).size, listed.length, "none twice");
      const known = new Set(listed);
      assert.deepEqual(
        given.filter((id) => !known.has(String(id))),
        [],
        "none missing",
      );
    });

  it("go on after a purge that comes between", async () => {
    const server = await startVerifyWise(2);
    const ids = server.add(...Array.from({ length: 600 }, (_, n) => ({ createdAt: new Date(START + n * 1000) })));
    const { baseUrl, token } = server;
    const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
    const first = await source.list(logsOf(server), { size: 200 });
    assert.equal(server.purge(new Date(START + 300_000)), 300);
    const second = await source.list(logsOf(server), { size: 200 }, first.next);
    await server.close();
    const left = ids.slice(300).map(String).toReversed();
    assert.deepEqual(
      [...first.logs, ...second.logs].map(({ id }) => id),
      left,
    );
    assert.equal(second.next, undefined);
  });

  it("count each row that can't be read once, on whatever page it is met again", async () => {
    const server = await startVerifyWise(1);
    const { baseUrl, token } = server;
    const odd = (id: number) => ({ id, created_at: "no time" });
    const row = (id: number) => ({ id, created_at: new Date(START - id * 1000).toISOString() });
    const rows = [row(1), odd(20), row(2), odd(21), odd(22), odd(23), row(3), row(4), odd(24), row(5)];
    const sliced = async (address: string | URL | Request): Promise<Response> => {
      const { searchParams } = new URL(String(address instanceof Request ? address.url : address));
      const [offset, limit] = ["offset", "limit"].map((name) => Number(searchParams.get(name)));
      const data = { rows: rows.slice(offset, (offset ?? 0) + (limit ?? 0)), total: rows.length };
      return Promise.resolve(Response.json({ message: "OK", data }));
    };
    const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch: sliced });
    const counted: [ids: string, malformed: number][] = [];
    let next: Cursor | undefined;
    do {
      const page = await source.list(logsOf(server), { size: 3 }, next);
      counted.push([page.logs.map(({ id }) => id).join(), page.malformed]);
      next = page.next;
    } while (next);
    await server.close();
    assert.equal(
      counted
        .map(([ids]) => ids)
        .filter(Boolean)
        .join(),
      "1,2,3,4,5",
    );
    assert.equal(
      counted.reduce((sum, [, malformed]) => sum + malformed, 0),
      5,
    );
  });

  it("have each row once, also those that can't be read, if those of one time change places", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed);
      const rows = Array.from({ length: 60 }, (_, n) => {
        const time = START - Math.floor(n / random.pick([1, 4, 9])) * 1000;
        const created_at = new Date(time).toISOString();
        return { time, row: random.next() < 0.3 ? { odd: n, created_at } : { id: n + 1, created_at } };
      });
      const sliced = async (address: string | URL | Request): Promise<Response> => {
        const { searchParams } = new URL(String(address instanceof Request ? address.url : address));
        const [offset = 0, limit = 0] = ["offset", "limit"].map((name) => Number(searchParams.get(name)));
        const turned = rows.map((one) => ({ ...one, turn: random.next() }));
        turned.sort((a, b) => b.time - a.time || a.turn - b.turn);
        const told = turned.map(({ row }) => row).slice(offset, offset + limit);
        return Promise.resolve(Response.json({ rows: told, total: rows.length }));
      };
      const baseUrl = "http://127.0.0.1:1";
      const source = verifywiseSource({ baseUrl, token: () => Promise.resolve("tok"), fetch: sliced });
      const listed: string[] = [];
      let malformed = 0;
      let next: Cursor | undefined;
      do {
        const page = await source.list(logsOf({ baseUrl }), { size: 5 }, next);
        listed.push(...page.logs.map(({ id }) => id));
        malformed += page.malformed;
        next = page.next;
      } while (next);
      const wanted = rows.flatMap(({ row }) => row.id ?? []);
      assert.deepEqual(
        listed.map(Number).sort((a, b) => a - b),
        wanted,
        `seed ${seed}`,
      );
      assert.equal(malformed, rows.length - wanted.length, `seed ${seed}`);
    }
  });

  for (const generation of [1, 2] as const)
    it(`have each log once if those of one time change places with each call: generation ${generation}`, async () => {
      const random = new Random(90 + generation);
      const server = await startVerifyWise(generation);
      server.turnsTies = true;
      let second = 0;
      const made = server.add(
        ...Array.from({ length: 10_000 }, () => ({
          createdAt: new Date(START + (second += random.pick([0, 0, 0, 1])) * 1000),
        })),
      );
      const { baseUrl, token } = server;
      const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
      const listed: string[] = [];
      let next: Cursor | undefined;
      do {
        const page = await source.list(logsOf(server), { size: 200 }, next);
        listed.push(...page.logs.map(({ id }) => id));
        next = page.next;
        if (listed.length > 5000) server.purge(new Date(START + 300_000));
        const createdAt = new Date(START + 86_400_000);
        server.add(...Array.from({ length: random.between(0, 50) }, () => ({ createdAt })));
      } while (next);
      const left = server.ids("created_at < ?", [START + 86_400_000]);
      await server.close();
      assert.ok(left.length < made.length - 500, "old ones were purged");
      const known = new Set(listed);
      assert.equal(known.size, listed.length, "none twice");
      assert.deepEqual(
        left.filter((id) => !known.has(id)),
        [],
        "none missing",
      );
    });

  it("have each log once if a page is full of one time, in any order", async () => {
    const server = await startVerifyWise(2);
    server.turnsTies = true;
    const ids = server.add(
      ...Array.from({ length: 400 }, (_, n) => ({ createdAt: new Date(START + Math.floor(n / 150) * 1000) })),
    );
    const { baseUrl, token } = server;
    const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
    const listed: string[] = [];
    let next: Cursor | undefined;
    do {
      const page = await source.list(logsOf(server), { size: 25 }, next);
      listed.push(...page.logs.map(({ id }) => id));
      next = page.next;
    } while (next);
    await server.close();
    assert.equal(listed.length, ids.length);
    assert.deepEqual(new Set(listed), new Set(ids.map(String)));
  });

  it("go on where they were when more logs have come than a page has, and leave these out", async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const random = new Random(seed);
      const server = await startVerifyWise(2);
      server.turnsTies = true;
      const made = server.add(
        ...Array.from({ length: 200 }, () => ({ createdAt: new Date(START + random.between(0, 60) * 1000) })),
      );
      const { baseUrl, token } = server;
      const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
      const listed: string[] = [];
      let next: Cursor | undefined;
      let later = START + 86_400_000;
      do {
        const page = await source.list(logsOf(server), { size: 10 }, next);
        assert.equal(page.total, made.length);
        listed.push(...page.logs.map(({ id }) => id));
        next = page.next;
        server.add(
          ...Array.from({ length: random.between(0, 60) }, () => ({
            createdAt: new Date((later += random.pick([0, 1000]))),
          })),
        );
      } while (next);
      await server.close();
      assert.deepEqual(
        listed.map(Number).sort((a, b) => a - b),
        made,
      );
    }
  });
});
