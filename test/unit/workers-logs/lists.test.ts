// Lists of events: filters against SQL, calls, and what the API may do.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { eventOf, type ShapeName } from "../../../src/local/observability/shapes.ts";
import { Random } from "../../../src/local/samples/random.ts";
import type { Condition } from "../../../src/source/conditions.ts";
import type { Cursor } from "../../../src/source/cursor.ts";
import type { Log } from "../../../src/source/log.ts";
import type { Query } from "../../../src/source/query.ts";
import { readDetail } from "../../../src/source/rows.ts";
import type { LogSource } from "../../../src/source/source.ts";
import { addEvents, CALLS, callsPerAction, eventsSource } from "../../events-calls.ts";
import { ACCOUNT, aLog, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";

const DAY = 24 * 60 * 60 * 1000;
const MODELS = ["gpt-5", "gpt-5-mini", "o3", "100%_off"];

async function all(source: LogSource, query: Query): Promise<Log[]> {
  const logs: Log[] = [];
  let cursor: Cursor | undefined;
  do {
    const page = await source.list(GATEWAY, query, cursor);
    logs.push(...page.logs);
    cursor = page.next;
  } while (cursor);
  return logs;
}

/** Stores calls of 20 days as events, and as rows of a table. */
function fill(gateway: TestGateway, shape: ShapeName, count: number): DatabaseSync {
  const random = new Random(19);
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE calls (id, at, model, provider, status, tokens, cost, duration, cached)");
  const insert = db.prepare("INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const events = Array.from({ length: count }, (_, index) => {
    const statusCode = random.pick([200, 200, 200, 429, 500]);
    const log = aLog({
      id: `log-${index}`,
      createdAt: new Date(Date.now() - 60_000 - random.between(0, 20 * DAY)),
      model: random.pick(MODELS),
      provider: random.pick(["openai", "Anthropic"]),
      statusCode,
      success: statusCode < 400,
      tokensIn: random.between(0, 50),
      cost: random.between(0, 9) / 100,
      durationMs: random.between(1, 3000),
      cached: random.chance(0.3),
    });
    const { id = "", model = "", tokensIn = 0, cost = 0, durationMs, cached } = log;
    const at = log.createdAt.getTime();
    insert.run(id, at, model, log.provider, statusCode, tokensIn, cost, durationMs, Number(cached));
    return eventOf(log, shape);
  });
  gateway.store.events.insert(ACCOUNT, events);
  return db;
}

const OPERATORS = { eq: "=", neq: "<>", gt: ">", lt: "<" } as const;

/** Returns a random condition, and what it means in SQL. */
function randomCondition(random: Random): [Condition, string] {
  const column = random.pick(["model", "provider", "statusCode", "tokensIn", "cost", "duration", "success"] as const);
  const operator = random.pick(["eq", "neq", "gt", "lt"] as const);
  switch (column) {
    case "model":
    case "provider": {
      const text = column === "model" ? random.pick(MODELS) : random.pick(["openai", "Anthropic", "anthropic"]);
      if (random.chance(0.4)) {
        const part = text.slice(0, 4).toUpperCase();
        return [{ key: column, operator: "contains", value: [part] }, `instr(upper(${column}), '${part}') > 0`];
      }
      const equality = random.pick(["eq", "neq"] as const);
      return [{ key: column, operator: equality, value: [text] }, `${column} ${OPERATORS[equality]} '${text}'`];
    }
    case "success": {
      const value = random.chance(0.5);
      return [{ key: column, operator: "eq", value: [value] }, value ? "status < 400" : "status >= 400"];
    }
    default: {
      const name = { statusCode: "status", tokensIn: "tokens", cost: "cost", duration: "duration" }[column];
      const value = { statusCode: 429, tokensIn: random.between(0, 50), cost: 0.03, duration: 1500 }[column];
      return [{ key: column, operator, value: [value] }, `${name} ${OPERATORS[operator]} ${value}`];
    }
  }
}

for (const shape of ["flat", "openTelemetry"] as const) {
  describe(`lists of events, ${shape}`, () => {
    let gateway: TestGateway;
    let source: LogSource;
    let db: DatabaseSync;
    before(async () => {
      gateway = await startTestGateway({ rateLimit: { limit: 1_000_000, windowMs: 1000 } });
      db = fill(gateway, shape, 600);
      source = eventsSource(gateway);
      await all(source, {});
    });
    after(() => gateway.close());

    it("mean what SQL means, for 150 random filters", async () => {
      const random = new Random(7);
      for (let run = 0; run < 150; run++) {
        const chosen = Array.from({ length: random.between(1, 3) }, () => randomCondition(random));
        const found = await all(source, { conditions: chosen.map(([condition]) => condition) });
        const where = chosen.map(([, sql]) => sql).join(" AND ");
        const wanted = db.prepare(`SELECT id FROM calls WHERE ${where} ORDER BY at DESC, id DESC`).all();
        assert.deepEqual(found.map(({ id }) => id).toSorted(), wanted.map(({ id }) => String(id)).toSorted(), where);
      }
    });

    it("make one call a page, once their keys are known, and one a log", async () => {
      const conditions: Condition[] = [{ key: "model", operator: "eq", value: ["o3"] }];
      await source.list(GATEWAY, { conditions });
      gateway.takeCalls();
      const page = await source.list(GATEWAY, { conditions });
      assert.equal(gateway.takeCalls().length, 1);
      const [log] = page.logs;
      assert.ok(log);
      // What can't match isn't sent at all.
      assert.equal(page.rows, page.logs.length);
      const detail = await readDetail(source, { ...GATEWAY, logId: log.id });
      assert.equal(gateway.takeCalls().length, 1);
      assert.ok(detail.request.complete && detail.response.complete);
    });
  });
}

describe("lists of events", () => {
  let gateway: TestGateway;
  let level = 1;
  before(async () => {
    gateway = await startTestGateway({
      observability: { abrLevel: () => level, refusedDatasets: ["ai-gateway"] },
      rateLimit: { limit: 1_000_000, windowMs: 1000 },
    });
    gateway.store.events.insert(
      ACCOUNT,
      Array.from({ length: 40 }, (_, index) => {
        const event = eventOf(aLog({ id: `log-${index}`, createdAt: new Date(Date.now() - 1000 - index) }), "nested");
        return { ...event, dataset: index % 4 === 0 ? "workers" : "my-ai-gateway" };
      }),
    );
  });
  after(() => gateway.close());

  it("have the events of a data set of another name, though nothing in them is recognized", async () => {
    const logs = await all(eventsSource(gateway), {});
    assert.equal(logs.length, 30);
    assert.ok(logs.every(({ raw }) => JSON.stringify(raw).includes("gpt")));
  });

  it("say that they are from a sample", async () => {
    level = 3;
    const page = await eventsSource(gateway).list(GATEWAY, {});
    assert.equal(page.isSampled, true);
    assert.ok(page.logs.length < 30);
    level = 1;
  });
});

for (const count of [1500, 15_000])
  it(`an action's calls don't grow with the events: ${count}; the soak counts at 1,000,000`, async () => {
    const gateway = await startTestGateway();
    addEvents(gateway, count);
    assert.deepEqual(await callsPerAction(gateway), CALLS);
    await gateway.close();
  });
