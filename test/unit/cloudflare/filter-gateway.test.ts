import { wireKeyOf } from "../../../src/sources/cloudflare/wire-keys.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkConditions, type Condition, type Operator } from "../../../src/source/conditions.ts";
import { FIELDS, isOfRows } from "../../../src/source/fields.ts";
import { answersFilter, encodeFilters, matches } from "../../../src/sources/cloudflare/filter.ts";
import { parseLog } from "../../../src/sources/cloudflare/schema.ts";
import type { Log } from "../../../src/source/log.ts";
import { Random } from "../../../src/local/samples/random.ts";
import type { NewLog } from "../../../src/local/store.ts";
import { aLog, GATEWAY, startTestGateway } from "../../gateway.ts";

const START = Date.parse("2026-10-30T21:00:00Z");
const SPAN = 600_000;

/**
 * Values of logs; undefined for none. In one case only, because whether the API's `contains` is case-sensitive is
 * unknown.
 */
const MADE_OF: Partial<Record<keyof NewLog, readonly unknown[]>> = {
  provider: ["openai", "anthropic", "groq"],
  model: ["gpt-4.1-mini", "gpt-4.1", "claude-haiku-4-5", undefined],
  modelType: ["chat", "embeddings", undefined],
  requestType: ["chat", "websocket", undefined],
  requestContentType: ["application/json", "audio/wav", undefined],
  responseContentType: ["application/json", "text/event-stream", undefined],
  userAgent: ["curl/8", "openai/js 6", undefined],
  dlpAction: ["block", "flag", undefined],
  success: [true, true, false],
  cached: [true, false],
  authentication: [true, false, undefined],
  wholesale: [true, false, undefined],
  compatibilityMode: [true, false, undefined],
  feedback: [1, -1, 0.5, 0, undefined],
  cost: [0, 0.25, 1.5, 1e-7, undefined],
  tokensIn: [1, 10, 100, 0, undefined],
  tokensOut: [2, 20, undefined],
  durationMs: [5, 10.5, 15, 2000],
  eventId: ["e1", "e2", "evt", undefined],
};

function randomLog(random: Random, index: number): NewLog {
  const fields = Object.fromEntries(Object.entries(MADE_OF).map(([name, values]) => [name, random.pick(values)]));
  const metadata = Object.fromEntries(
    ["team", "owner", "blue"]
      .filter(() => random.chance(0.6))
      .map((key) => [key, random.pick<string | number | boolean>(["blue", "red", "7", 7, 12, true])]),
  );
  const log = { ...aLog({ createdAt: new Date(START + Math.floor(random.next() * SPAN)) }), ...fields };
  if (random.chance(0.8)) log.metadata = metadata;
  return {
    ...Object.fromEntries(Object.entries(log).filter(([, value]) => value !== undefined)),
    id: `log-${index}`,
  } as NewLog;
}

const CHOICES: Record<string, Condition["value"]> = {
  id: ["log-3", "log-12", "log-1", "7", "log-x"],
  requestContentType: ["application/json", "audio/wav", "a"],
  responseContentType: ["application/json", "text/event-stream", "text"],
  requestType: ["chat", "websocket", "so"],
  success: [true, false],
  cached: [true, false],
  provider: ["openai", "anthropic", "groq", "ai", "none"],
  model: ["gpt-4.1-mini", "gpt-4.1", "gpt", "claude-haiku-4-5"],
  modelType: ["chat", "embeddings", "b"],
  cost: [0, 0.25, 1, 1e-7],
  tokens: [0, 12, 30, 100],
  tokensIn: [0, 1, 10],
  tokensOut: [2, 19],
  duration: [10, 10.5, 15],
  feedback: [1, -1, 0, 0.5],
  eventId: ["e1", "e2", "e"],
  metadataKey: ["team", "owner", "blue", "o"],
  metadataValue: ["blue", "red", 7, "12", true, "e"],
  authentication: [true, false],
  wholesale: [true, false],
  compatibilityMode: [true, false],
  dlpAction: ["block", "flag", "l"],
  userAgent: ["curl/8", "openai/js 6", "8"],
};

const OPERATORS: Record<string, readonly Operator[]> = {
  text: ["eq", "neq", "contains"],
  number: ["eq", "neq", "lt", "gt"],
  boolean: ["eq", "neq"],
  time: ["eq", "neq", "lt", "gt"],
  tag: ["eq", "neq", "contains"],
};

function randomCondition(random: Random): Condition {
  const [key, { type, nullable }] = random.pick([...FIELDS].filter(([name]) => !isOfRows(name)));
  const operator = random.pick(OPERATORS[type] ?? []);
  const choices =
    type === "time"
      ? Array.from({ length: 3 }, () => new Date(START + random.between(0, SPAN / 1000) * 1000).toISOString())
      : (CHOICES[key] ?? []).filter((value) => operator !== "contains" || typeof value === "string");
  const value = Array.from({ length: random.pick([1, 1, 2, 3]) }, () => random.pick(choices));
  if (nullable && (operator === "eq" || operator === "neq") && random.chance(0.3)) value.push(null);
  return { key, operator, value };
}

/** Whether the row has the condition's field. */
function tells({ raw }: Log, { key }: Condition): boolean {
  if (key.startsWith("metadata")) return true;
  if (key === "tokens") return (raw["tokens_in"] === null) === (raw["tokens_out"] === null);
  const name = wireKeyOf(key);
  return name in raw && raw[name] !== "";
}

test("the gateway's SQL and our own reading choose the same logs, for any filters", async (t) => {
  const random = new Random(21);
  const gateway = await startTestGateway({ rateLimit: { limit: 100_000, windowMs: 1000 } });
  t.after(() => gateway.close());
  gateway.store.insert(Array.from({ length: 500 }, (_, index) => randomLog(random, index)));

  const pageOf = async (conditions: Condition[], page: number): Promise<Log[]> => {
    const asked = new URLSearchParams({ per_page: "50", page: String(page), filters: encodeFilters(conditions) });
    const path = `/accounts/${GATEWAY.sourceId}/ai-gateway/gateways/${GATEWAY.collectionId}/logs?${asked}`;
    const answer = await fetch(gateway.baseUrl + path, { headers: { authorization: `Bearer ${gateway.token}` } });
    const { result } = (await answer.json()) as { result: unknown[] };
    return result.map(parseLog).filter((log) => log !== undefined);
  };
  const listed = async (conditions: Condition[]): Promise<Log[]> => {
    const logs: Log[] = [];
    for (let page = 1; logs.length === (page - 1) * 50; page++) logs.push(...(await pageOf(conditions, page)));
    return logs;
  };

  const all = await listed([]);
  assert.equal(all.length, 500);
  let found = 0;
  let untold = 0;
  for (let round = 0; round < 500; round++) {
    const conditions = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => randomCondition(random));
    checkConditions(conditions);
    const said = encodeFilters(conditions);
    const returned = new Set((await listed(conditions)).map((log) => log.id));
    for (const log of all) {
      const fits = answersFilter(log, conditions);
      const known = conditions.filter((condition) => tells(log, condition));
      if (returned.has(log.id)) {
        assert.ok(fits, `${log.id} was found, but refused: ${said}`);
        found++;
      } else if (known.length === conditions.length) {
        assert.ok(!fits, `${log.id} was not found, but fits: ${said}`);
      } else if (fits) {
        untold++;
        assert.ok(answersFilter(log, known), said);
      }
      if (matches(log, conditions)) {
        const paired =
          conditions.some((one) => one.key === "metadataKey") && conditions.some((one) => one.key === "metadataValue");
        assert.ok(fits || paired, `${log.id} is refused, but meant: ${said}`);
      }
    }
  }
  assert.ok(found > 10_000 && untold > 1000, `too little was compared: ${found} found, ${untold} not told`);
});

test("logs that no filter was applied to are known as such", async (t) => {
  const random = new Random(22);
  const gateway = await startTestGateway();
  t.after(() => gateway.close());
  gateway.store.insert(Array.from({ length: 50 }, (_, index) => randomLog(random, index)));
  const { logs } = await gateway.client.listLogs(GATEWAY, { perPage: 50 });
  for (const [key, value] of [
    ["provider", "openai"],
    ["success", false],
    ["metadataKey", "team"],
    ["duration", 5],
  ] as const) {
    assert.ok(!logs.every((log) => answersFilter(log, [{ key, operator: "eq", value: [value] }])), key);
  }
});
