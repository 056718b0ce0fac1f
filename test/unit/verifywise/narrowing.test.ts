import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NewerLogs } from "../../../src/logs/newer.ts";
import type { Condition, ConditionValue, Operator } from "../../../src/source/conditions.ts";
import type { Cursor } from "../../../src/source/cursor.ts";
import type { Query } from "../../../src/source/query.ts";
import { checkingRows } from "../../../src/source/rows.ts";
import type { LogSource } from "../../../src/source/source.ts";
import { collectionOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise, type VerifyWiseServer } from "../../verifywise-server.ts";

const START = Date.UTC(2026, 10, 1);

const is = (key: string, value: ConditionValue, operator: Operator = "eq"): Condition => ({
  key,
  operator,
  value: [value],
});

/** Runs with a server of 30 logs, and its source, which has listed before unless `isNew`. */
async function withServer(
  generation: 1 | 2,
  run: (
    server: VerifyWiseServer,
    list: (query: Query, after?: Cursor) => ReturnType<LogSource["list"]>,
    source: LogSource,
  ) => Promise<void>,
  isNew = false,
): Promise<void> {
  const server = await startVerifyWise(generation);
  server.add(
    ...Array.from({ length: 30 }, (_, n) => ({
      createdAt: new Date(START + n * 1000),
      endpoint: n % 2 === 0 ? "support" : "100%",
      model: "gpt-5",
      statusCode: n % 3 === 0 ? 500 : 200,
      ...(n % 5 === 0 ? { key: "CI key" } : { user: "Ada" }),
    })),
  );
  const { baseUrl, token } = server;
  const source = checkingRows(verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch }));
  const of = { sourceId: "vw", collectionId: collectionOf(baseUrl) };
  try {
    if (!isNew) await source.list(of, { size: 5 });
    server.calls.length = 0;
    await run(server, (query, after) => source.list(of, query, after), source);
  } finally {
    await server.close();
  }
}

/** What the last call asked for, besides its page. */
function sentTo({ calls }: VerifyWiseServer): Record<string, string> {
  const { searchParams } = new URL(calls.at(-1) ?? "", "http://localhost");
  searchParams.delete("limit");
  searchParams.delete("offset");
  return Object.fromEntries(searchParams);
}

describe("what VerifyWise is asked for", () => {
  for (const generation of [1, 2] as const) {
    const name = `generation ${generation}`;

    it(`is the status, the source and one text, and the total is that of the filter: ${name}`, () =>
      withServer(generation, async (server, list) => {
        const page = await list({ conditions: [is("success", false), is("source", "key")], search: "ci" });
        assert.deepEqual(sentTo(server), { status: "error", source: "virtual-key", search: "ci" });
        assert.deepEqual([page.logs.length, page.total], [2, 2]);
      }));

    it(`is a text for a name, without a total, since others may have it, too: ${name}`, () =>
      withServer(generation, async (server, list) => {
        const conditions = [is("endpoint", "100%"), is("model", "gp", "contains")];
        const page = await list({ conditions, size: 4 });
        assert.deepEqual(sentTo(server), { search: "100%" });
        assert.deepEqual([page.logs.length, page.total], [4, undefined]);
      }));

    it(`is nothing for what the server may find in fewer logs: ${name}`, () =>
      withServer(generation, async (server, list) => {
        const conditions = [
          is("endpoint", "5"),
          is("endpoint", "Größe", "contains"),
          is("endpoint", null),
          is("key", "CI key", "neq"),
          { key: "model", operator: "eq" as const, value: ["a", "b"] },
          is("statusCode", 500),
        ];
        for (const one of conditions) {
          await list({ conditions: [one] });
          assert.deepEqual(sentTo(server), {}, JSON.stringify(one));
        }
      }));

    it(`is the longest word without a backslash: ${name}`, () =>
      withServer(generation, async (server, list) => {
        const page = await list({ search: String.raw`a\support key` });
        assert.deepEqual(sentTo(server), { search: "support" });
        assert.deepEqual([page.logs.length, page.total], [0, undefined]);
      }));
  }

  const since = is("createdAt", new Date(START + 20_000).toISOString(), "gt");

  it("is a time range in the first generation, once that is known", async () => {
    await withServer(1, async (server, list) => {
      const page = await list({ conditions: [since] });
      assert.deepEqual(sentTo(server), { start_date: new Date(START + 20_000).toISOString() });
      assert.equal(page.logs.length, 9);
    });
    await withServer(
      1,
      async (server, list) => {
        await list({ conditions: [since] });
        assert.deepEqual(sentTo(server), {});
      },
      true,
    );
    await withServer(2, async (server, list) => {
      assert.equal((await list({ conditions: [since] })).logs.length, 9);
      assert.deepEqual(sentTo(server), {});
    });
  });

  it("has no time range any more after an update to the second generation", () =>
    withServer(1, async (server, list) => {
      server.generation = 2;
      assert.equal((await list({ conditions: [since] })).logs.length, 9);
      assert.deepEqual([server.calls.length, sentTo(server)], [2, {}]);
    }));

  it("has no user's name any more after an update to the second generation, which looks in a part of it", () =>
    withServer(1, async (server, list) => {
      server.add({ createdAt: new Date(START), user: "Ada Lovelace" });
      server.generation = 2;
      const page = await list({ conditions: [is("user", "Ada Lovelace")] });
      assert.deepEqual([page.logs.length, server.calls.length, sentTo(server)], [1, 2, {}]);
    }));

  for (const generation of [1, 2] as const)
    it(`ends a list where no row is in the time any more: generation ${generation}`, () =>
      withServer(generation, async (server, list) => {
        const end = new Date(START + 25_000);
        for (const start of [START + 20_000, START + 20_500].map((time) => new Date(time)))
          for (const query of [
            { conditions: [since] },
            { narrowing: [since] },
            { range: { start } },
            { range: { start, end } },
          ]) {
            const wanted = "narrowing" in query ? server.ids("created_at >= ?", [START + 21_000]) : undefined;
            server.calls = [];
            const found: string[] = [];
            let next;
            do {
              const page = await list({ ...query, size: 4 }, next);
              assert.equal(page.total, undefined);
              found.push(...page.logs.map(({ id }) => id));
              next = page.next;
            } while (next);
            assert.ok(server.calls.length <= 4, server.calls.join());
            for (const id of wanted ?? []) assert.ok(found.includes(id));
          }
      }));

  it("polls for logs that only rows show without reading what is known", () =>
    withServer(2, async (server, _, source) => {
      server.add(...Array.from({ length: 400 }, () => ({ createdAt: new Date(START - 60_000) })));
      const conditions = [is("statusCode", 429)];
      const newer = new NewerLogs(new Date(START + 29_000));
      const of = { sourceId: "vw", collectionId: collectionOf(server.baseUrl) };
      for (let poll = 0; poll < 3; poll++) {
        server.calls = [];
        assert.deepEqual(await newer.poll(source, of, { conditions, size: 20 }, {}), { logs: [], left: 0 });
        assert.equal(server.calls.length, 1);
      }
    }));
});
