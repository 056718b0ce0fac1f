import assert from "node:assert/strict";
import { test } from "node:test";
import { FIELD_NAMES } from "../../../src/source/fields.ts";
import { wordOf } from "../../../src/query/words.ts";
import { completionsOf, valuesSeen, type Seen } from "../../../src/query/completion.ts";
import { formatFilter, parseFilter } from "../../../src/query/query-line.ts";
import { parseLog } from "../../../src/sources/cloudflare/schema.ts";
import type { Log } from "../../../src/source/log.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { awkwardText, randomCondition, randomRowCondition } from "./filter-random.ts";

function row(members: Record<string, unknown> = {}): Log {
  const log = parseLog({ id: "a", created_at: "2026-11-20T10:00:00Z", provider: "openai", success: true, ...members });
  assert.ok(log);
  return log;
}

const SEEN = valuesSeen([
  row({ model: "gpt-4o", path: "v1/chat", metadata: { user: 42, team: "a, b" }, status_code: 200, feedback: 1 }),
  row({ model: "gpt-4o", success: false, status_code: 429, metadata: { user: "x" } }),
  row({ model: "claude", provider: "anthropic", metadata: { user: "x", "my key": true }, cached: true }),
]);
const NONE: Seen = new Map();

const words = (line: string, seen = SEEN) => completionsOf(line, seen).map(({ word }) => word);
const lines = (line: string, seen = SEEN) => completionsOf(line, seen).map((completion) => completion.line);

test("values seen are counted, the most frequent first, and absent ones left out", () => {
  assert.deepEqual(SEEN.get("model"), [
    { value: "gpt-4o", count: 2 },
    { value: "claude", count: 1 },
  ]);
  assert.deepEqual(SEEN.get("meta.user"), [
    { value: "x", count: 2 },
    { value: 42, count: 1 },
  ]);
  assert.deepEqual(SEEN.get("metadataKey")?.[0], { value: "user", count: 3 });
  assert.deepEqual(SEEN.get("path"), [{ value: "v1/chat", count: 1 }]);
  assert.equal(SEEN.has("step"), false);
});

test("an empty word gets every key that the line does not have, what is asked for most first", () => {
  const keys = words("cost:>1 ");
  assert.deepEqual(keys.slice(0, 6), ["status:", "model:", "provider:", "since:", "meta.user:", "meta.team:"]);
  for (const key of [...FIELD_NAMES.map(wordOf), "until", 'meta."my key"']) {
    assert.equal(keys.includes(`${key}:`), key !== "cost", key);
  }
  assert.ok(keys.includes("meta."));
  assert.ok(!words('-model:x meta."my key":1 ').some((key) => key === "model:" || key === 'meta."my key":'));
  assert.equal(lines("cost:>1 ")[0], "cost:>1 status:");
});

const NARROWED: [string, string[]][] = [
  ["blue MODE", ["blue model:", "blue model_type:", "blue compatibilityMode ", "blue compatibilityMode:"]],
  ["-prov", ["-provider:"]],
  ["cach", ["cached ", "cached:", "tokens_cached:"]],
  ["-cach", ["-cached ", "-cached:", "-tokens_cached:"]],
  ["meta.my", ['meta."my key":']],
  ['meta."my k', ['meta."my key":']],
  ["model:", ["model:gpt-4o ", "model:claude ", "model:none ", "model:~"]],
  ["-model:CLA", ["-model:claude "]],
  ["model:4", ["model:gpt-4o "]],
  ['model:"gpt', ["model:gpt-4o "]],
  ["model:gpt-4o,", ["model:gpt-4o,claude ", "model:gpt-4o,none "]],
  ["model:~cl", ["model:~claude "]],
  ["modle:gpt-4o", ["model:gpt-4o"]],
  ["status:", ["status:success ", "status:error ", "status:200 ", "status:429 ", "status:>", "status:<"]],
  ["status:e", ["status:error ", "status:success "]],
  ["status:4", ["status:429 "]],
  ["status:>", ["status:>399 ", "status:>499 ", "status:>200 ", "status:>429 "]],
  ["status:429,", ["status:429,200 ", "status:429,none "]],
  ["success:", ["success:success ", "success:error "]],
  ["feedback:u", ["feedback:up "]],
  ["cached:f", ["cached:false "]],
  ["meta.user:", ["meta.user:x ", "meta.user:=42 ", "meta.user:>", "meta.user:<", "meta.user:~"]],
  ["meta.team:a", ['meta.team:"a, b" ']],
  ["path:ch", ["path:v1/chat "]],
  ["-source:", ["-source:playground ", "-source:key "]],
  ["since:3", ["since:3m ", "since:3h ", "since:3d ", "since:3w "]],
  ["since:t", ["since:today ", "since:yesterday "]],
  ["since:2h,", []],
  ["-since:", []],
  ["https://x", []],
  ['"model', []],
];

for (const [line, expected] of NARROWED) {
  test(`${line} goes on`, () => assert.deepEqual(lines(line), expected));
}

test("values come with how often they were seen, and without logs those with a name are there", () => {
  assert.deepEqual(completionsOf("status:err", SEEN), [
    { line: "status:error ", word: "error", kind: "value", key: "success", count: 1 },
  ]);
  assert.deepEqual(words("feedback:", NONE), ["up", "down", "none", ">", "<"]);
  assert.deepEqual(words("cost:", NONE), ["none", ">", "<"]);
  assert.deepEqual(words("path:", NONE), ["="]);
  assert.deepEqual(words("created_at:", NONE).slice(-2), [">", "<"]);
});

/** Logs with values that have a meaning in the line. */
function awkwardLogs(random: Random): Log[] {
  return Array.from({ length: 40 }, () =>
    row({
      provider: awkwardText(random),
      model: awkwardText(random),
      path: awkwardText(random),
      user_agent: random.pick([awkwardText(random), null]),
      success: random.chance(0.5),
      status_code: random.pick([200, 429]),
      feedback: random.pick([1, -1, 0, null]),
      step: random.between(0, 3),
      score: random.next() * 100,
      metadata: { [awkwardText(random)]: awkwardText(random), a: random.pick([42, true, "42", ""]) },
    }),
  );
}

test("no prefix of any line makes it throw, and what was right stays right after taking a value", () => {
  const random = new Random(5);
  const seen = valuesSeen(awkwardLogs(random));
  let taken = 0;
  for (let round = 0; round < 400; round++) {
    const conditions = Array.from({ length: random.between(0, 2) }, () => randomCondition(random));
    const clientSide = [randomRowCondition(random)];
    const whole = formatFilter({ conditions, search: awkwardText(random), clientSide });
    const line = random.chance(0.5) ? whole : `${whole} ${awkwardText(random)}`;
    for (let end = 0; end <= line.length; end++) {
      const typed = line.slice(0, end);
      const completions = completionsOf(typed, seen);
      if (end % 7 !== 0) continue;
      const before = parseFilter(typed.replace(/\S*$/, ""), new Date()).problems.length;
      for (const completion of completions) {
        assert.ok(completion.line.length > 0 && completion.word.length > 0, typed);
        if (before > 0 || completion.kind !== "value" || typed.includes('"') || typed.includes(",")) continue;
        taken++;
        assert.deepEqual(parseFilter(completion.line, new Date()).problems, [], `${typed} → ${completion.line}`);
      }
    }
  }
  assert.ok(taken > 1000, String(taken));
});

test("each value seen that is taken finds its own logs' value again", () => {
  const random = new Random(6);
  for (const [key, values] of valuesSeen(awkwardLogs(random))) {
    if (key.startsWith("meta.") || key === "success") continue;
    const told = completionsOf(`${wordOf(key)}:`, new Map([[key, values]])).filter(({ count }) => count !== undefined);
    const read = told.map(({ line }) => {
      const { conditions, clientSide, problems } = parseFilter(line, new Date());
      assert.deepEqual(problems, [], line);
      return [...conditions, ...clientSide][0]?.value[0];
    });
    const expected = values.map(({ value }) => value).filter((value) => !/[\r\n]/.test(String(value)));
    assert.deepEqual(new Set(read), new Set(expected), key);
  }
});

test("of very many logs that share nearly nothing the first 1,000 are counted, at most 50 values a key", () => {
  const logs = Array.from({ length: 10_000 }, (_, at) =>
    row({
      model: `model-${at % 90}`,
      path: `v1/${at % 7}`,
      event_id: `event-${at}`,
      user_agent: `agent ${at % 300}`,
      metadata: { user: `u${at}`, trace: `t${at}`, team: at % 5 },
    }),
  );
  const seen = valuesSeen(logs);
  for (const [key, values] of seen) assert.ok(values.length <= 50, key);
  assert.equal(seen.get("eventId")?.length, 50);
  assert.deepEqual(seen.get("eventId")?.[0], { value: "event-0", count: 1 });
  assert.deepEqual(seen.get("meta.team")?.[0], { value: 0, count: 200 });
});
