import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import type { Condition, ConditionValue, Operator } from "../../../src/source/conditions.ts";
import { checkingRows } from "../../../src/source/rows.ts";
import { walk } from "../../../src/source/walk.ts";
import { collectionOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise } from "../../verifywise-server.ts";

const logsOf = ({ baseUrl }: { baseUrl: string }) => ({ sourceId: "vw", collectionId: collectionOf(baseUrl) });

const START = Date.UTC(2026, 10, 1);
const FILTERS = 200;

/** Fields as expressions over the stand-in's table, and values to ask for. */
const FIELDS: Record<string, readonly [column: string, values: readonly ConditionValue[]]> = {
  model: ["model", ["gpt-5", "claude-opus-4-5", "gpt", null]],
  provider: ["provider", ["openai", "anthropic", "open"]],
  statusCode: ["status_code", [200, 201, 399, 429, 500, null]],
  endpoint: ["endpoint", ["support", "Support", "100%", "a_b", "back\\slash", "5", "s", null]],
  user: ["user", ["Ada", "a", null]],
  key: ["key", ["CI key", "key", "I", null]],
  // Both generations have no call of neither in this table.
  source: ["CASE WHEN key IS NOT NULL THEN 'key' ELSE 'playground' END", ["playground", "key"]],
  cost: ["CAST(cost AS REAL)", [0, 0.25, 1.5, null]],
  tokens: ["prompt_tokens + completion_tokens", [0, 12, 30]],
  tokensIn: ["prompt_tokens", [0, 1, 10, null]],
  tokensOut: ["completion_tokens", [0, 2, 20]],
  duration: ["latency_ms", [0, 5, 2000]],
  cached: ["CASE WHEN json_extract(metadata, '$.cache_hit') THEN 'true' ELSE 'false' END", [true, false]],
  team: ["json_extract(metadata, '$.team')", ["blue", "red", "b"]],
};

const TEXTS = ["model", "provider", "team", "endpoint", "user", "key"];
const SIGNS: Record<string, string> = { lt: "<", gt: ">", eq: "=", neq: "=" };

type Sql = { where: string; values: (string | number)[] };

/** What a condition means, in SQL. */
function meaningOf(column: string, operator: Operator, asked: readonly ConditionValue[]): Sql {
  const values: (string | number)[] = [];
  const parts = asked.map((value) => {
    if (value === null) return `(${column}) IS NULL`;
    values.push(typeof value === "boolean" ? String(value) : value);
    return operator === "contains" ? `instr(${column}, ?) > 0` : `(${column}) ${SIGNS[operator]} ?`;
  });
  const found = `ifnull(${parts.join(" OR ")}, 0)`;
  return { where: operator === "neq" ? `NOT ${found}` : found, values };
}

function randomCondition(random: Random, generation: 1 | 2): { conditions: Condition[]; sql: Sql } {
  const names = [...Object.keys(FIELDS), "success"].filter((name) => generation === 1 || name !== "provider");
  const name = random.pick(names);
  const isSuccess = generation === 1 ? "status_code = 200" : "status_code < 400";
  const [column, choices] = FIELDS[name] ?? [`CASE WHEN ${isSuccess} THEN 'true' ELSE 'false' END`, [true, false]];
  const numbers: Operator[] = ["success", "cached", "source"].includes(name) ? [] : ["lt", "gt"];
  const operator = random.pick<Operator>(["eq", "neq", ...(TEXTS.includes(name) ? ["contains" as const] : numbers)]);
  const fitting = choices.filter((one) => one !== null || operator === "eq" || operator === "neq");
  const value = Array.from({ length: random.pick([1, 1, 2]) }, () => random.pick(fitting));
  const sql = meaningOf(column, operator, value);
  if (name !== "team") return { conditions: [{ key: name, operator, value }], sql };
  return {
    conditions: [
      { key: "metadataKey", operator: "eq", value: ["team"] },
      { key: "metadataValue", operator, value },
    ],
    // The entry itself must be there.
    sql: { ...sql, where: `${sql.where} AND ${column} IS NOT NULL` },
  };
}

describe("filters of VerifyWise's logs", () => {
  for (const generation of [1, 2] as const)
    it(`give what the database says: generation ${generation}`, async () => {
      const random = new Random(40 + generation);
      const server = await startVerifyWise(generation);
      server.add(
        ...Array.from({ length: 300 }, (_, n) => ({
          createdAt: new Date(START + Math.floor(n / 2) * 1000),
          endpoint: random.pick(["support", "100%", "1000", "a_b", "axb", "back\\slash", "5", null]),
          statusCode: random.pick([200, 200, 201, 302, 399, 400, 429, 500]),
          promptTokens: random.pick([0, 1, 10, 100]),
          completionTokens: random.pick([0, 2, 20]),
          latencyMs: random.pick([null, 0, 5, 10, 2000]),
          ...random.pick([{ user: "Ada" }, { user: "Ada" }, { key: "CI key" }]),
          metadata: random.pick([
            null,
            {},
            { team: "blue" },
            { team: "red", n: 7 },
            { cache_hit: true, original_cost_usd: 0.5 },
          ]),
          provider: random.pick(["openai", "anthropic"]),
          ...(random.chance(0.85) ? { model: random.pick(["gpt-5", "gpt-5-mini", "claude-opus-4-5"]) } : {}),
          ...(random.chance(0.85) ? { cost: random.pick([0, 0.25, 1, 1.5, 0.00000012]) } : {}),
        })),
      );
      const { baseUrl, token } = server;
      const source = checkingRows(verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch }));
      let found = 0;
      try {
        for (let round = 0; round < FILTERS; round++) {
          const parts = Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, () => randomCondition(random, generation));
          // An entry's name and value are a pair, so one pair is enough for one filter.
          const pairs = parts.filter(({ conditions }) => conditions.length === 2);
          const used = parts.filter((part) => !pairs.includes(part) || part === pairs[0]);
          const search = random.chance(0.2)
            ? random.pick(["CI", "gpt-5-mini", "support", "%", "0%", "A_B", "k\\s", "ci mini", "\\"])
            : "";
          const columns = ["model", "endpoint", "user", "key"];
          const text = columns.map((one) => `ifnull(instr(lower(${one}), lower(?)), 0) > 0`).join(" OR ");
          const words = search.split(" ").filter(Boolean);
          const where = [...used.map(({ sql }) => `(${sql.where})`), ...words.map(() => `(${text})`)];
          const values = [
            ...used.flatMap(({ sql }) => sql.values),
            ...words.flatMap((word) => columns.map(() => word)),
          ];
          const query = { conditions: used.flatMap(({ conditions }) => conditions), search, size: 200 };
          const ids: string[] = [];
          for await (const { logs } of walk(source, logsOf(server), query, { bound: new Date(START + 86_400_000) }))
            ids.push(...logs.map(({ id }) => id));
          assert.deepEqual(
            ids.map(Number).sort((a, b) => a - b),
            server.ids(where.join(" AND ") || "1", values).map(Number),
            `filter ${round}: ${JSON.stringify(query)}`,
          );
          found += ids.length;
        }
      } finally {
        await server.close();
      }
      assert.ok(found > 3000, `too little was compared: ${found}`);
    });
});
