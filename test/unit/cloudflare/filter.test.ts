import assert from "node:assert/strict";
import { test } from "node:test";
import { checkConditions, FilterError, type Condition } from "../../../src/source/conditions.ts";
import { WIRE_KEYS } from "../../../src/sources/cloudflare/wire-keys.ts";
import { answersFilter, matches } from "../../../src/sources/cloudflare/filter.ts";
import { parseLog } from "../../../src/sources/cloudflare/schema.ts";
import type { Log } from "../../../src/source/log.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { ALL_SHAPES } from "../contract/openapi.ts";
import { randomCondition } from "../query/filter-random.ts";

/** A row with only required members. */
function row(members: Record<string, unknown> = {}): Log {
  const log = parseLog({
    id: "a",
    created_at: "2026-11-20T10:00:00.710Z",
    provider: "openai",
    model: "gpt-4o",
    path: "chat/completions",
    duration: 800,
    success: true,
    cached: false,
    tokens_in: null,
    tokens_out: null,
    ...members,
  });
  assert.ok(log);
  return log;
}

const is = (key: string, operator: Condition["operator"], ...value: Condition["value"]): Condition => ({
  key,
  operator,
  value,
});

test("the table holds the keys that the API declares, in its order", () => {
  for (const shapes of ALL_SHAPES) assert.deepEqual([...WIRE_KEYS.values()], shapes.filterKeys(), shapes.name);
});

const untyped = (key: string, operator: string, value: unknown): Condition =>
  ({ key, operator, value }) as unknown as Condition;

const REFUSED: [Condition, string[]][] = [
  [is("cost", "contains", 5), ["eq", "neq", "lt", "gt"]],
  [is("model", "gt", "a"), ["eq", "neq", "contains"]],
  [is("cached", "lt", true), ["eq", "neq"]],
  [is("createdAt", "contains", "2026"), ["eq", "neq", "lt", "gt"]],
  [untyped("model", "gte", ["a"]), ["eq", "neq", "contains"]],
  [untyped("model", "toString", ["a"]), ["eq", "neq", "contains"]],
  [is("cost", "gt"), ["number"]],
  [untyped("cost", "gt", 5), ["number"]],
  [is("cost", "gt", "5"), ["number"]],
  [is("cost", "gt", Number.NaN), ["number"]],
  [is("cost", "eq", Number.POSITIVE_INFINITY), ["number", "null"]],
  [is("cost", "gt", null), ["number"]],
  [is("duration", "eq", null), ["number"]],
  [is("success", "eq", "true"), ["boolean"]],
  [is("success", "eq", true, 1), ["boolean"]],
  [is("authentication", "eq", 0), ["boolean", "null"]],
  [is("id", "eq", null), ["string"]],
  [is("model", "eq", 4), ["string", "null"]],
  [is("model", "contains", ""), ["non-empty string"]],
  [is("metadataValue", "gt", "a"), ["number"]],
  [is("metadataValue", "eq", null), ["string", "number", "boolean"]],
  [is("createdAt", "gt", "yesterday"), ["ISO 8601 time with its zone"]],
  [is("createdAt", "gt", "log 5"), ["ISO 8601 time with its zone"]],
  [is("createdAt", "gt", "2026-11-20T10:00:00"), ["ISO 8601 time with its zone"]],
  [is("createdAt", "gt", "2026-02-30"), ["ISO 8601 time with its zone"]],
  [is("createdAt", "gt", "2026-11-20T25:00:00Z"), ["ISO 8601 time with its zone"]],
  [is("createdAt", "gt", "2026-13-01T00:00:00Z"), ["ISO 8601 time with its zone"]],
  [is("createdAt", "gt", 1_700_000_000_000), ["ISO 8601 time with its zone"]],
  [untyped("prompts.version_id", "gte", ["a"]), ["eq", "neq", "contains", "lt", "gt"]],
  [is("prompts.version_id", "eq"), ["string", "number", "boolean", "null"]],
  [untyped("prompts.version_id", "eq", [{}]), ["string", "number", "boolean", "null"]],
  [is("prompts.version_id", "lt", Number.NaN), ["string", "number"]],
];

for (const [condition, allowed] of REFUSED) {
  test(`${condition.key} ${condition.operator} ${JSON.stringify(condition.value)} is refused`, () => {
    assert.throws(
      () => checkConditions([is("cached", "eq", true), condition]),
      (error) => {
        assert.ok(error instanceof FilterError);
        assert.deepEqual([error.key, error.operator], [condition.key, condition.operator]);
        assert.deepEqual(error.allowed, allowed);
        for (const word of [condition.key, condition.operator, ...allowed]) assert.ok(error.message.includes(word));
        return true;
      },
    );
  });
}

test("a key that is not in the table passes when it is well-formed", () => {
  checkConditions([is("prompts.version_id", "eq", "v1", null), is("brand_new", "gt", 5)]);
});

test("whatever a row tells, a well-formed condition has an answer, and ours never lets through what the API's refuses but by pairing", () => {
  const random = new Random(11);
  const rows = [row(), row({ metadata: { a: "x" }, cost: 1 }), row({ metadata: '{"a":7}' }), row({ metadata: null })];
  for (let round = 0; round < 5000; round++) {
    const condition = randomCondition(random);
    const log = random.pick(rows);
    if (matches(log, [condition])) assert.equal(answersFilter(log, [condition]), true, JSON.stringify(condition));
  }
});

test("all conditions have to hold, wherever the one stands that does not", () => {
  const [holds, fails] = [is("provider", "eq", "openai"), is("model", "eq", "gpt-5")];
  for (const conditions of [[fails], [fails, holds], [holds, fails], [holds, fails, holds]])
    assert.deepEqual([answersFilter(row(), conditions), matches(row(), conditions)], [false, false]);
  for (const conditions of [[], [holds], [holds, holds]])
    assert.deepEqual([answersFilter(row(), conditions), matches(row(), conditions)], [true, true]);
});

test("created_at: the API cuts the value to its second, we the row too", () => {
  const log = row();
  const read = (operator: Condition["operator"], time: string) => {
    const conditions = [is("createdAt", operator, time)];
    return [answersFilter(log, conditions), matches(log, conditions)];
  };
  assert.deepEqual(read("gt", "2026-11-20T09:59:59.999Z"), [true, true]);
  assert.deepEqual(read("gt", "2026-11-20T10:00:00Z"), [true, false]);
  assert.deepEqual(read("gt", "2026-11-20T10:00:00.999Z"), [true, false]);
  assert.deepEqual(read("gt", "2026-11-20T10:00:01Z"), [false, false]);
  assert.deepEqual(read("lt", "2026-11-20T10:00:00Z"), [false, false]);
  assert.deepEqual(read("lt", "2026-11-20T10:00:00.999Z"), [true, false]);
  assert.deepEqual(read("lt", "2026-11-20T10:00:01Z"), [true, true]);
  assert.deepEqual(read("eq", "2026-11-20T12:00:00+02:00"), [true, true]);
  assert.deepEqual(read("neq", "2026-11-20T10:00:00.200Z"), [false, false]);
});

test("what a row does not tell fits, what it tells to be none does not equal 0", () => {
  const untold = row();
  for (const key of ["cost", "feedback"]) {
    for (const operator of ["eq", "neq", "lt", "gt"] as const) assert.ok(answersFilter(untold, [is(key, operator, 0)]));
  }
  assert.ok(answersFilter(untold, [is("eventId", "neq", "e")]));
  assert.ok(answersFilter(untold, [is("metadataKey", "eq", "a"), is("metadataValue", "neq", "b")]));
  assert.ok(matches(untold, [is("metadataKey", "eq", "a"), is("metadataValue", "neq", "b")]));
  const unrated = row({ feedback: null });
  assert.equal(answersFilter(unrated, [is("feedback", "eq", 0)]), false);
  assert.equal(answersFilter(unrated, [is("feedback", "lt", 1)]), false);
  assert.equal(answersFilter(unrated, [is("feedback", "neq", 1)]), true);
  assert.equal(answersFilter(unrated, [is("feedback", "eq", 1, null)]), true);
  assert.equal(answersFilter(unrated, [is("feedback", "neq", null)]), false);
  assert.equal(answersFilter(row({ feedback: 0 }), [is("feedback", "eq", null)]), false);
});

test("a success or a cache state that the row does not tell is not taken from our guess", () => {
  const log = row({ success: null, cached: undefined, status_code: 500 });
  assert.ok(answersFilter(log, [is("cached", "eq", true)]));
  assert.equal(answersFilter(row(), [is("cached", "eq", true)]), false);
});

test("an amount that comes as text is a number", () => {
  assert.equal(answersFilter(row({ cost: "0.25" }), [is("cost", "gt", 0.3)]), false);
  assert.equal(answersFilter(row({ cost: "0.25" }), [is("cost", "eq", 0.25)]), true);
});

test("metadata that the API may order as text is not taken for unfiltered, but is not what was meant", () => {
  const log = row({ metadata: { n: "7" } });
  const over = [is("metadataKey", "eq", "n"), is("metadataValue", "gt", 12)];
  assert.deepEqual([answersFilter(log, over), matches(log, over)], [true, false]);
  assert.equal(answersFilter(row({ metadata: null }), over), false);
});

test("the sum of tokens is known when both are, or neither", () => {
  const over = [is("tokens", "gt", 10)];
  assert.equal(answersFilter(row({ tokens_in: 4, tokens_out: 6 }), over), false);
  assert.equal(answersFilter(row({ tokens_in: 5, tokens_out: 6 }), over), true);
  assert.equal(answersFilter(row({ tokens_in: 5, tokens_out: null }), over), true);
  assert.equal(answersFilter(row(), over), false);
});

test("case does not count in contains, which nobody documents, but does in eq", () => {
  assert.ok(answersFilter(row(), [is("model", "contains", "GPT")]));
  assert.equal(answersFilter(row(), [is("model", "eq", "GPT-4o")]), false);
});

test("an unknown model comes as an empty text: it may be empty or none, and is no other", () => {
  const log = row({ model: "" });
  assert.ok(answersFilter(log, [is("model", "eq", null)]));
  assert.ok(answersFilter(log, [is("model", "neq", null)]));
  assert.ok(answersFilter(log, [is("model", "eq", "")]));
  assert.equal(answersFilter(log, [is("model", "eq", "gpt-4o")]), false);
});

test("a key that is not in the table is answered by the row's member of that name", () => {
  assert.equal(answersFilter(row({ step: 2 }), [is("step", "eq", 1)]), false);
  assert.equal(answersFilter(row({ step: 2 }), [is("step", "eq", 2)]), true);
  assert.equal(answersFilter(row({ step: { odd: true } }), [is("step", "eq", 1)]), true);
  assert.equal(answersFilter(row(), [is("constructor", "eq", 1)]), true);
});

test("metadata as an object or as its JSON text, with values of any type", () => {
  for (const metadata of [{ user: 42, beta: true }, '{"user":42,"beta":true}']) {
    const log = row({ metadata });
    for (const value of [42, "42"]) {
      assert.ok(matches(log, [is("metadataKey", "eq", "user"), is("metadataValue", "eq", value)]));
    }
    assert.equal(matches(log, [is("metadataKey", "eq", "user"), is("metadataValue", "eq", true)]), false);
    assert.ok(answersFilter(log, [is("metadataKey", "eq", "user"), is("metadataValue", "eq", true)]));
    assert.ok(matches(log, [is("metadataKey", "eq", "user"), is("metadataValue", "gt", 41)]));
    assert.equal(matches(log, [is("metadataKey", "eq", "user"), is("metadataValue", "gt", 42)]), false);
  }
});

test("metadata values belong to the key before them, wherever other conditions stand", () => {
  const log = row({ metadata: { team: "blue", owner: "red", n: 7 } });
  const key = (name: string) => is("metadataKey", "eq", name);
  const value = (text: string) => is("metadataValue", "eq", text);
  const other = is("cached", "eq", false);
  assert.ok(matches(log, [key("team"), other, value("blue"), key("owner"), value("red")]));
  assert.equal(matches(log, [key("team"), value("red"), key("owner"), value("blue")]), false);
  assert.ok(answersFilter(log, [key("team"), value("red"), key("owner"), value("blue")]));
  assert.equal(matches(log, [value("red"), key("team")]), false, "a value before the first key is its own too");
  assert.ok(matches(log, [key("n"), is("metadataValue", "gt", 6), is("metadataValue", "lt", 8)]));
  assert.ok(matches(log, [value("blue"), value("red")]), "values without a key need not be of one entry");
  assert.ok(matches(log, [key("team"), is("metadataValue", "neq", "red")]), "there, and not red");
  assert.ok(matches(log, [is("metadataKey", "neq", "gone"), value("red")]));
  assert.equal(matches(log, [is("metadataKey", "neq", "team"), value("red")]), false);
});

test("pairs are found as plain JavaScript finds them", () => {
  const random = new Random(5);
  const names = ["team", "owner", "n"];
  const values = ["blue", "red", "7"];
  let thinned = 0;
  for (let round = 0; round < 3000; round++) {
    const metadata = Object.fromEntries(
      names.filter(() => random.chance(0.7)).map((name) => [name, random.pick(values)]),
    );
    const wanted = Array.from({ length: random.between(1, 3) }, () => ({
      name: random.pick(names),
      values: Array.from({ length: random.between(1, 2) }, () => random.pick(values)),
    }));
    const conditions = wanted.flatMap((pair) => [
      is("metadataKey", "eq", pair.name),
      is("metadataValue", "eq", ...pair.values),
    ]);
    const log = row({ metadata });
    const expected = wanted.every((pair) => pair.values.includes(metadata[pair.name] ?? ""));
    assert.equal(matches(log, conditions), expected, JSON.stringify({ metadata, wanted }));
    if (expected) assert.ok(answersFilter(log, conditions));
    else if (answersFilter(log, conditions)) thinned++;
  }
  assert.ok(thinned > 100, `only ${thinned} rows were told apart by pairing`);
});
