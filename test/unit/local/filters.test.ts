import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewLog } from "../../../src/local/store.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { LOGS, logAt, query, serve } from "./served.ts";

type Filter = { key: string; operator: string; value: (string | number | boolean | null)[] };

const START = Date.parse("2026-10-30T21:00:00Z");
const SPAN = 3 * 86_400_000;

const VALUES = {
  provider: ["openai", "anthropic", "groq"],
  model: ["gpt-4.1-mini", "gpt-4.1", "claude-haiku-4-5"],
  type: ["chat", "embeddings", undefined],
  agent: ["curl/8", "OpenAI/JS 6", undefined],
  dlp: ["BLOCK", "FLAG", undefined, undefined, undefined],
  flag: [true, false, undefined],
  feedback: [1, -1, 0.5, undefined, undefined],
  word: ["blue", "red", "7", "12", "true"],
};

/** Omits undefined fields. */
function given(fields: Record<string, unknown>): Partial<NewLog> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function randomLog(random: Random, index: number): NewLog {
  const metadata = Object.fromEntries(
    ["team", "owner", "blue"]
      .filter(() => random.chance(0.5))
      .map((key) => [key, random.pick([...VALUES.word, 7, true])]),
  );
  return logAt(START + Math.floor(random.next() * SPAN), {
    id: `log-${index}`,
    provider: random.pick(VALUES.provider),
    durationMs: random.between(1, 30),
    success: random.chance(0.7),
    cached: random.chance(0.2),
    ...given({
      model: random.pick(VALUES.model),
      modelType: random.pick(VALUES.type),
      requestType: random.pick(VALUES.type),
      requestContentType: random.pick(VALUES.type),
      responseContentType: random.pick(VALUES.type),
      userAgent: random.pick(VALUES.agent),
      dlpAction: random.pick(VALUES.dlp),
      authentication: random.pick(VALUES.flag),
      wholesale: random.pick(VALUES.flag),
      compatibilityMode: random.pick(VALUES.flag),
      feedback: random.pick(VALUES.feedback),
      cost: random.pick([0, 0.25, 1.5, undefined]),
      tokensIn: random.pick([1, 10, 100, undefined]),
      tokensOut: random.pick([2, 20, undefined]),
      eventId: random.pick(["e1", "e2", undefined]),
      metadata: random.chance(0.7) ? metadata : undefined,
    }),
  });
}

/** Returns a log's values for a filter key: none, one, or several for metadata. */
function valuesOf(log: NewLog, key: string): (string | number | boolean)[] {
  const { tokensIn, tokensOut } = log;
  const all: Record<string, unknown> = {
    id: log.id,
    provider: log.provider,
    model: log.model,
    model_type: log.modelType,
    request_type: log.requestType,
    request_content_type: log.requestContentType,
    response_content_type: log.responseContentType,
    user_agent: log.userAgent,
    dlp_action: log.dlpAction,
    success: log.success,
    cached: log.cached ?? false,
    authentication: log.authentication,
    wholesale: log.wholesale,
    compatibilityMode: log.compatibilityMode,
    feedback: log.feedback,
    cost: log.cost,
    tokens_in: tokensIn,
    tokens_out: tokensOut,
    tokens: tokensIn === undefined && tokensOut === undefined ? undefined : (tokensIn ?? 0) + (tokensOut ?? 0),
    duration: log.durationMs,
    event_id: log.eventId,
    "metadata.key": Object.keys(log.metadata ?? {}),
    "metadata.value": Object.values(log.metadata ?? {}),
  };
  const value = all[key];
  return value === undefined ? [] : ([value].flat() as (string | number | boolean)[]);
}

const NUMERIC = new Set(["cost", "tokens", "tokens_in", "tokens_out", "duration", "feedback"]);

function less(a: unknown, b: unknown, numeric: boolean): boolean {
  const numbers =
    numeric || [a, b].every((one) => one !== "" && !Number.isNaN(Number(one)) && typeof one !== "boolean");
  return numbers ? Number(a) < Number(b) : String(a) < String(b);
}

/** The API's filter semantics (API notes: Filters) in plain JavaScript. */
function keeps(log: NewLog, { key, operator, value }: Filter): boolean {
  if (key === "created_at") {
    const time = log.createdAt.getTime();
    return value.some((one) => {
      const second = Math.floor(Date.parse(String(one)) / 1000) * 1000;
      return operator === "gt" ? time > second : time < second;
    });
  }
  const own = valuesOf(log, key);
  const equal = () =>
    value.some((one) => (one === null ? own.length === 0 : own.some((mine) => String(mine) === String(one))));
  switch (operator) {
    case "eq":
      return equal();
    case "neq":
      return !equal();
    case "contains":
      return value.some((one) => own.some((mine) => String(mine).includes(String(one))));
    case "lt":
      return value.some((one) => own.some((mine) => less(mine, one, NUMERIC.has(key))));
    default:
      return value.some((one) => own.some((mine) => less(one, mine, NUMERIC.has(key))));
  }
}

const CHOICES: Record<string, (string | number | boolean | null)[]> = {
  id: ["log-3", "log-12", "log-x"],
  provider: ["openai", "anthropic", "groq", "ai", "none"],
  model: ["gpt-4.1-mini", "gpt-4.1", "gpt", "claude", null],
  model_type: ["chat", "embeddings", "m", null],
  request_type: ["chat", "embeddings", null],
  request_content_type: ["chat", "e", null],
  response_content_type: ["chat", "e", null],
  user_agent: ["curl/8", "JS", null],
  dlp_action: ["BLOCK", "FLAG", "B", null],
  success: [true, false],
  cached: [true, false],
  authentication: [true, false, null],
  wholesale: [true, null],
  compatibilityMode: [false, null],
  feedback: [1, -1, 0, null],
  cost: [0, 0.25, 1, null],
  tokens: [12, 30, 100, null],
  tokens_in: [1, 10, null],
  tokens_out: [2, 19, null],
  duration: [5, 15, 25],
  event_id: ["e1", "e2", "e", null],
  "metadata.key": ["team", "owner", "blue", "o"],
  "metadata.value": ["blue", "red", 7, 10, true, "e"],
};

function randomFilter(random: Random): Filter {
  if (random.chance(0.3)) {
    const at = new Date(START + Math.floor(random.next() * SPAN)).toISOString();
    return { key: "created_at", operator: random.pick(["gt", "lt"]), value: [at] };
  }
  const key = random.pick(Object.keys(CHOICES));
  const operator = random.pick(["eq", "eq", "neq", "contains", "lt", "gt"]);
  const choices = CHOICES[key] ?? [];
  const equality = operator === "eq" || operator === "neq";
  const value = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => random.pick(choices)).filter(
    (one) => equality || one !== null,
  );
  return { key, operator, value };
}

test("any filters find over HTTP what plain JavaScript finds, before and after changes", async (t) => {
  const random = new Random(7);
  let logs = Array.from({ length: 600 }, (_, index) => randomLog(random, index));
  const gateway = await serve(t, logs, {
    deleteDelayMs: 0,
    keepTotalsMs: 0,
    rateLimit: { limit: 100_000, windowMs: 1000 },
  });
  const compare = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      const filters = Array.from({ length: random.pick([0, 1, 1, 1, 2, 2, 3]) }, () => randomFilter(random));
      const said = JSON.stringify(filters);
      const expected = logs
        .filter((log) => filters.every((filter) => keeps(log, filter)))
        .toSorted((a, b) => Number(b.createdAt) - Number(a.createdAt) || ((a.id ?? "") < (b.id ?? "") ? 1 : -1))
        .map((log) => log.id);
      const page = random.between(1, Math.max(1, Math.ceil(expected.length / 50)));
      const { json } = await gateway.call(`${LOGS}?${query({ filters: said, per_page: 50, page })}`);
      const found = (json.result as { id: string }[]).map((row) => row.id);
      assert.deepEqual(found, expected.slice((page - 1) * 50, page * 50), said);
      assert.equal(json.result_info?.["total_count"], expected.length, said);
    }
  };
  await compare(500);
  for (let round = 0; round < 60; round++) {
    const log = random.pick(logs);
    const patch = {
      feedback: random.pick([1, -1, null]),
      metadata: random.pick([null, { team: random.pick(VALUES.word) }]),
    };
    gateway.store.patch(log, log.id ?? "", patch);
    delete log.feedback;
    delete log.metadata;
    Object.assign(log, given({ feedback: patch.feedback ?? undefined, metadata: patch.metadata ?? undefined }));
  }
  const gone: Filter = { key: "metadata.key", operator: "eq", value: ["owner"] };
  await gateway.call(`${LOGS}?${query({ filters: JSON.stringify([gone]) })}`, { method: "DELETE" });
  await gateway.settled();
  logs = logs.filter((log) => !keeps(log, gone));
  const more = Array.from({ length: 50 }, (_, index) => randomLog(random, 1000 + index));
  gateway.store.insert(more);
  logs.push(...more);
  await compare(500);
});
