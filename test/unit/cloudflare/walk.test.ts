import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import type { Condition } from "../../../src/source/conditions.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { aLog, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";

const is = (key: string, ...value: Condition["value"]): Condition => ({ key, operator: "eq", value });

describe("a walk through all pages of a list", () => {
  let gateway: TestGateway;
  let client: CloudflareClient;

  beforeEach(async () => {
    gateway = await startTestGateway();
    client = gateway.client;
    gateway.store.insert(
      Array.from({ length: 120 }, (_, index) =>
        aLog({ id: `log-${index}`, createdAt: new Date(Date.UTC(2026, 10, 20, 12) - index * 1000) }),
      ),
    );
  });

  afterEach(() => gateway.close());

  it("gives each log once, in order, and stops when it is left", async () => {
    const ids: string[] = [];
    for await (const page of client.walkLogs(GATEWAY, { perPage: 7 })) ids.push(...page.logs.map(({ id }) => id));
    assert.deepEqual(
      ids,
      Array.from({ length: 120 }, (_, index) => `log-${index}`),
    );
    const before = gateway.calls.length;
    for await (const page of client.walkLogs(GATEWAY, { perPage: 1 }, { ahead: 2 })) if (page.page === 3) break;
    assert.ok(gateway.calls.length - before <= 5);
  });

  it("loses none when logs arrive late, with an older time", async () => {
    const busy = await startTestGateway({ rateLimit: { limit: 100_000, windowMs: 300_000 } });
    try {
      const newest = Date.UTC(2026, 10, 20, 12);
      const ids = Array.from({ length: 3000 }, (_, index) => `log-${index}`);
      busy.store.insert(ids.map((id, index) => aLog({ id, createdAt: new Date(newest - index * 700) })));
      const walked: string[] = [];
      for await (const page of busy.client.walkLogs(GATEWAY, { perPage: 10 })) {
        walked.push(...page.logs.map(({ id }) => id));
        const place = page.page * 10 - 15;
        if (page.page % 9 === 2)
          busy.store.insert([aLog({ id: `late-${page.page}`, createdAt: new Date(newest - place * 700 + 1) })]);
      }
      assert.equal(new Set(walked).size, walked.length);
      assert.deepEqual(
        ids.filter((id) => !walked.includes(id)),
        [],
      );
    } finally {
      await busy.close();
    }
  });

  for (const [seed, perPage] of [50, 10, 7, 3, 1].entries()) {
    it(`loses none while others are deleted behind it and before it, in pages of ${perPage}`, async () => {
      const busy = await startTestGateway({ rateLimit: { limit: 100_000, windowMs: 300_000 }, keepTotalsMs: 0 });
      try {
        const random = new Random(seed);
        const ids = Array.from({ length: 400 }, (_, index) => `log-${index}`);
        const newest = Date.UTC(2026, 10, 20, 12);
        // Some seconds have one log, others dozens.
        const secondOf = (index: number) => (index % 100 < 40 ? Math.floor(index / 100) * 100 : index);
        busy.store.insert(
          ids.map((id, index) => aLog({ id, createdAt: new Date(newest - secondOf(index) * 1000 - (index % 100)) })),
        );
        const deleted = new Set<string>();
        const walked: string[] = [];
        for await (const page of busy.client.walkLogs(GATEWAY, { perPage }, { ahead: 1 + seed })) {
          walked.push(...page.logs.map(({ id }) => id));
          if (random.next() < 0.4) continue;
          const gone = Array.from({ length: random.between(1, 3) }, () => random.pick(ids));
          const conditions = [{ key: "id" as const, operator: "eq" as const, value: gone }];
          busy.store.remove(busy.store.select(GATEWAY, { conditions, orderBy: "created_at", direction: "asc" }, 3));
          for (const id of gone) deleted.add(id);
        }
        assert.equal(new Set(walked).size, walked.length);
        assert.deepEqual(
          ids.filter((id) => !deleted.has(id) && !walked.includes(id)),
          [],
        );
        assert.ok(deleted.size > 0);
      } finally {
        await busy.close();
      }
    });
  }

  it("goes on to the end when the total says too little", async () => {
    const lagging: typeof fetch = async (input, init) => {
      const answer = await (await fetch(input, init)).text();
      return new Response(answer.replace(/"total_count":\d+/, '"total_count":20'), {
        headers: { "content-type": "application/json" },
      });
    };
    const client = new CloudflareClient({
      baseUrl: gateway.baseUrl,
      token: () => Promise.resolve(gateway.token),
      fetch: lagging,
    });
    let count = 0;
    for await (const page of client.walkLogs(GATEWAY, { perPage: 10 })) count += page.logs.length;
    assert.equal(count, 120);
  });

  it("walks each log once, however many share a second, while new ones arrive", async () => {
    const busy = await startTestGateway();
    try {
      let seed = 11;
      const random = (below: number) => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
        return Math.floor((seed / 0x80000000) * below);
      };
      const newest = Date.UTC(2026, 10, 20, 12);
      const logs = Array.from({ length: 1500 }, (_, index) =>
        aLog({
          id: `log-${index}`,
          // Bursts of some hundred logs in one second among quiet stretches.
          createdAt: new Date(
            newest - (index % 500 < 300 ? Math.floor(index / 500) * 3_600_000 : random(9_000_000)) - random(900),
          ),
          provider: index % 4 ? "openai" : "anthropic",
        }),
      );
      busy.store.insert(logs);
      for (const query of [
        { perPage: 7 },
        { perPage: 50 },
        { perPage: 10, direction: "asc" as const },
        { perPage: 20, orderBy: "tokens_in" },
      ]) {
        const ids: string[] = [];
        for await (const page of busy.client.walkLogs(GATEWAY, query)) {
          ids.push(...page.logs.map(({ id }) => id));
          // In another order, a new log may be anywhere.
          if (page.page % 5 === 0 && !("orderBy" in query))
            busy.store.insert([aLog({ id: `late-${JSON.stringify(query)}-${page.page}`, createdAt: new Date() })]);
        }
        const early = ids.filter((id) => id.startsWith("log-"));
        assert.equal(new Set(ids).size, ids.length, JSON.stringify(query));
        assert.deepEqual(early.toSorted(), logs.map(({ id }) => id ?? "").toSorted(), JSON.stringify(query));
      }
      let fitting = 0;
      for await (const page of busy.client.walkLogs(GATEWAY, { perPage: 9, filters: [is("provider", "anthropic")] }))
        fitting += page.logs.length;
      assert.equal(fitting, 375);
    } finally {
      await busy.close();
    }
  });
});
