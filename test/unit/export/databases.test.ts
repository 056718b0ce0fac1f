import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource, type CloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { exportLogs } from "../../../src/export/export.ts";
import { jsonLines } from "../../../src/export/json-lines.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { ACCOUNT, aLog, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";
import { aFolder, all, rowsIn } from "./exported.ts";

const LOGS = 3000;
const NEWEST = Date.UTC(2026, 10, 20);
/** As the README has it. */
const read = (file: string): string => `read_ndjson_auto('${file}', sample_size = -1)`;

const signal = new AbortController().signal;

describe("an export of JSON Lines in DuckDB", () => {
  let server: TestGateway;
  let source: CloudflareSource;
  let duck: DuckDBConnection;
  const folder = aFolder();

  const rows = async (sql: string): Promise<unknown[][]> => (await duck.runAndReadAll(sql)).getRowsJson();

  before(async () => {
    duck = await (await DuckDBInstance.create(":memory:")).connect();
    server = await startTestGateway({ rateLimit: { limit: 1_000_000, windowMs: 1000 } });
    const client = new CloudflareClient({
      baseUrl: server.baseUrl,
      token: () => Promise.resolve(server.token),
      budgets: new CallBudgets({ limit: 1_000_000 }),
    });
    source = cloudflareSource(client, ACCOUNT);
    const random = new Random(7);
    const models = ["gpt-4.1-mini", "claude-sonnet-4-5", "@cf/meta/llama-3.1-8b-instruct"];
    server.store.insert(
      Array.from({ length: LOGS }, (_, index) => {
        const model = models[random.between(0, 3)];
        const isUnknown = random.next() < 0.1;
        const {
          cost: _cost,
          tokensIn: _in,
          model: _model,
          ...log
        } = aLog({
          createdAt: new Date(NEWEST - Math.floor(index / 2) * 700),
          tokensOut: random.between(0, 900),
          success: random.next() < 0.9,
          request: index % 5 === 0 ? null : `{"text":"Grüße \\u0000 \\ud83d 😀\\n${random.letters(20)}"}`,
          ...(index % 4 === 0 ? { metadata: { team: random.letters(1), user: index, paid: index % 8 === 0 } } : {}),
        });
        return {
          ...log,
          ...(model ? { model } : {}),
          ...(isUnknown ? {} : { cost: random.between(0, 90_000) / 1e6, tokensIn: random.between(1, 5000) }),
        };
      }),
    );
  });
  after(async () => {
    duck.closeSync();
    folder.remove();
    await server.close();
  });

  it("has the counts and sums of the store, without bodies", async () => {
    const file = folder.file("logs.jsonl");
    const { count } = await exportLogs(source, all({ bodies: false }), file, { signal });
    assert.equal(count, LOGS);
    const store = new DatabaseSync(server.database, { readOnly: true });
    const expected = store
      .prepare(
        `SELECT model.value AS model, COUNT(*) AS logs, COUNT(cost) AS priced, ROUND(TOTAL(cost), 6) AS cost,
           SUM(tokens_in) AS tokens_in, SUM(tokens_out) AS tokens_out
         FROM logs LEFT JOIN terms AS model ON model.id = logs.model GROUP BY 1 ORDER BY 1`,
      )
      .all();
    store.close();
    assert.equal(expected.length, 4);
    assert.deepEqual(
      await rows(
        `SELECT model, COUNT(*)::INT, COUNT(cost_usd)::INT, ROUND(SUM(cost_usd), 6), SUM(tokens_in)::INT, SUM(tokens_out)::INT
         FROM ${read(file)} GROUP BY 1 ORDER BY 1 NULLS FIRST`,
      ),
      expected.map((row) => Object.values(row)),
    );
  });

  it("has columns of the types that they mean", async () => {
    const types = Object.fromEntries(
      (await rows(`DESCRIBE SELECT * FROM ${read(folder.file("logs.jsonl"))}`)).map(([name, type]) => [name, type]),
    );
    assert.equal(types["created_at"], "TIMESTAMP");
    assert.equal(types["success"], "BOOLEAN");
    assert.equal(types["cost_usd"], "DOUBLE");
    assert.equal(types["tokens_in"], "BIGINT");
    assert.match(String(types["metadata"]), /^STRUCT\(/);
  });

  it("has the bodies as they were, with bodies", async () => {
    const file = folder.file("bodies.jsonl");
    const conditions = [{ key: "success", operator: "eq" as const, value: [false] }];
    const subset = { type: "fitting" as const, gateway: GATEWAY, filter: { conditions, search: "", clientSide: [] } };
    await exportLogs(source, all({ subset }), file, { signal });
    const exported = rowsIn(file).map(({ id, request, response }) => [id, request, response]);
    assert.ok(exported.some(([, request]) => request === null) && exported.length > 100);
    assert.deepEqual(await rows(`SELECT id, request, response FROM ${read(file)}`), exported);
    assert.deepEqual(await rows(`SELECT DISTINCT request_encoding FROM ${read(file)} ORDER BY 1`), [["utf-8"], [null]]);
  });

  it("loads a history in which ids and metadata changed their kind after very many logs", async () => {
    const file = folder.file("history.jsonl");
    const lines = Array.from({ length: 30_000 }, (_, index) => {
      const isOld = index > 25_000;
      const id = isOld
        ? `01JADMCQQQBWH3NXZ5GC${String(index).padStart(6, "0")}`
        : `0199${String(index).padStart(4, "0").slice(-4)}-0000-7000-8000-${String(index).padStart(12, "0")}`;
      return jsonLines.entry({
        gateway: GATEWAY,
        log: {
          id,
          createdAt: new Date(NEWEST - index),
          provider: "openai",
          path: "chat/completions",
          success: true,
          cached: false,
          customCost: false,
          metadata: isOld ? { user: "ann", since: "long ago" } : { user: index, since: "2026-01-01" },
          raw: {},
        },
      });
    });
    writeFileSync(file, lines.join(""));
    assert.deepEqual(await rows(`SELECT COUNT(DISTINCT id)::INT, COUNT(metadata.user)::INT FROM ${read(file)}`), [
      [30_000, 30_000],
    ]);
  });
});
