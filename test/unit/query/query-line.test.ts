import assert from "node:assert/strict";
import { test } from "node:test";
import { checkConditions, type Condition } from "../../../src/source/conditions.ts";
import { formatFilter, parseFilter, type Filter } from "../../../src/query/query-line.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { awkwardText, randomCondition, randomRowCondition } from "./filter-random.ts";

const NOW = new Date("2026-11-20T14:00:00.500Z");

const read = (line: string): Filter => {
  const { problems, ...filter } = parseFilter(line, NOW);
  assert.deepEqual(problems, [], line);
  return filter;
};

const is = (key: string, operator: Condition["operator"], ...value: Condition["value"]): Condition => ({
  key,
  operator,
  value,
});

test("a whole query line becomes conditions and free text", () => {
  const line =
    'model:gpt-4o status:error blue cost:>0.01 tokens:>5000 duration:<2s provider:openai,anthropic meta.user:42 -cached feedback:down "in  stock"';
  assert.deepEqual(read(line), {
    conditions: [
      is("model", "eq", "gpt-4o"),
      is("success", "eq", false),
      is("cost", "gt", 0.01),
      is("tokens", "gt", 5000),
      is("duration", "lt", 2000),
      is("provider", "eq", "openai", "anthropic"),
      is("metadataKey", "eq", "user"),
      is("metadataValue", "eq", "42"),
      is("cached", "eq", false),
      is("feedback", "eq", -1),
    ],
    search: "blue in  stock",
    clientSide: [],
  });
});

const WORDS: [string, ...Condition[]][] = [
  ["-model:a,b", is("model", "neq", "a", "b")],
  ["Model:~gpt", is("model", "contains", "gpt")],
  ["model:none", is("model", "eq", null)],
  ['model:"none"', is("model", "eq", "none")],
  ['model:""', is("model", "eq", "")],
  ['model:">x","a, \\"b\\" \\\\"', is("model", "eq", ">x", 'a, "b" \\')],
  ["id:a:b", is("id", "eq", "a:b")],
  ["provider:none", is("provider", "eq", "none")],
  ["cached", is("cached", "eq", true)],
  ["-cached:true", is("cached", "neq", true)],
  ["compatibilitymode", is("compatibilityMode", "eq", true)],
  ["-authentication", is("authentication", "eq", false)],
  ["authentication:none", is("authentication", "eq", null)],
  ["success", is("success", "eq", true)],
  ["-status:success", is("success", "neq", true)],
  ["feedback:up,none", is("feedback", "eq", 1, null)],
  ["feedback:>0", is("feedback", "gt", 0)],
  ["duration:>250", is("duration", "gt", 250)],
  ["duration:>2.3s", is("duration", "gt", 2300)],
  ["duration:<1.5m", is("duration", "lt", 90_000)],
  ["cost:>1e-7", is("cost", "gt", 1e-7)],
  ["metadata.key:user", is("metadataKey", "eq", "user")],
  ["metadata.value:=42,true", is("metadataValue", "eq", 42, true)],
  ["meta.User:>5", is("metadataKey", "eq", "User"), is("metadataValue", "gt", 5)],
  ["-meta.user:42", is("metadataKey", "eq", "user"), is("metadataValue", "neq", "42")],
  ['meta."my: key".x:~a', is("metadataKey", "eq", "my: key.x"), is("metadataValue", "contains", "a")],
  ["since:2h", is("createdAt", "gt", "2026-11-20T11:59:59.500Z")],
  ["until:3d", is("createdAt", "lt", "2026-11-17T14:00:00.500Z")],
  ["since:2026-11-20T10:00:00+02:00", is("createdAt", "gt", "2026-11-20T07:59:59.000Z")],
  ["created_at:<2026-11-20T10:00Z", is("createdAt", "lt", "2026-11-20T10:00Z")],
  ['created_at:>"2026-11-20"', is("createdAt", "gt", "2026-11-20")],
  ["until:2026-11-19", is("createdAt", "lt", new Date(2026, 10, 19).toISOString())],
  ["until:2026-11-19T09:30", is("createdAt", "lt", new Date(2026, 10, 19, 9, 30).toISOString())],
  ["until:2026-11-19T09:30:15.25", is("createdAt", "lt", new Date(2026, 10, 19, 9, 30, 15, 250).toISOString())],
  ["until:today", is("createdAt", "lt", new Date(2026, 10, NOW.getDate()).toISOString())],
  ["until:yesterday", is("createdAt", "lt", new Date(2026, 10, NOW.getDate() - 1).toISOString())],
];

for (const [line, ...conditions] of WORDS) {
  test(`${line} is read`, () => assert.deepEqual(read(line), { conditions, search: "", clientSide: [] }));
}

const ROW_WORDS: [string, Condition, string?][] = [
  ["path:chat", is("path", "contains", "chat")],
  ["path:~chat,embed", is("path", "contains", "chat", "embed"), "path:chat,embed"],
  ["path:=v1/chat", is("path", "eq", "v1/chat")],
  ["-path:chat", is("path", "neq", "chat")],
  ["-path:~chat", is("path", "neq", "chat"), "-path:chat"],
  ['path:"none"', is("path", "contains", "none")],
  ["status:429,500", is("statusCode", "eq", 429, 500)],
  ["status:>499", is("statusCode", "gt", 499)],
  ["-status:200", is("statusCode", "neq", 200)],
  ["status:none", is("statusCode", "eq", null)],
  ["status_code:<300", is("statusCode", "lt", 300), "status:<300"],
  ["step:>0", is("step", "gt", 0)],
  ["Score:none,80", is("score", "eq", null, 80), "score:none,80"],
  ["source:playground", is("source", "eq", "playground")],
  ["-source:key", is("source", "neq", "key")],
];

for (const [line, condition, again = line] of ROW_WORDS) {
  test(`${line} is looked for in the rows`, () => {
    assert.deepEqual(read(line), { conditions: [], search: "", clientSide: [condition] });
    assert.equal(formatFilter(read(line)), again);
  });
}

test("days and times without a zone are those of the zone", () => {
  const told = (line: string) => parseFilter(line, NOW, "utc").conditions[0]?.value[0];
  assert.equal(told("until:today"), "2026-11-20T00:00:00.000Z");
  assert.equal(told("until:yesterday"), "2026-11-19T00:00:00.000Z");
  assert.equal(told("until:2026-11-19T09:30"), "2026-11-19T09:30:00.000Z");
  assert.equal(told("until:2026-11-19T09:30+01:00"), "2026-11-19T09:30+01:00");
  assert.equal(told("until:2h"), "2026-11-20T12:00:00.500Z");
  assert.equal(told("until:0050-01-01"), undefined);
});

test("an unknown key comes with the names that it may mean", () => {
  const suggested = (line: string) => parseFilter(line, NOW).problems[0]?.suggestions;
  assert.deepEqual(suggested("modle:x"), ["model"]);
  assert.deepEqual(suggested("-stauts:error"), ["status"]);
  assert.deepEqual(suggested("Token:5"), ["tokens", "tokens_in", "tokens_out"]);
  assert.equal(suggested("agent:x")?.[0], "user_agent");
  assert.deepEqual(suggested("https://example.com"), []);
  assert.deepEqual(suggested(":x"), []);
});

test("what is quoted, and a lone dash, is free text", () => {
  assert.equal(read('"model:x" "cached" "-a" - "a \\"b\\" \\\\" c\\').search, 'model:x cached -a - a "b" \\ c\\');
});

/** A line with « » around its mistake, the problem, and (some of) the alternatives. */
const WRONG: [string, string, string?][] = [
  ["a «foo»:bar b", "unknownKey"],
  ["«https»://example.com", "unknownKey"],
  ["«»:x", "unknownKey"],
  ["«meta.»:x", "unknownKey"],
  ["«constructor»:x", "unknownKey"],
  ["-«foo»:bar", "unknownKey"],
  ["a «-foo» b", "negation"],
  ["-cost:«>5»", "negation"],
  ["-model:«~x»", "negation"],
  ["-since:«2h»", "negation"],
  ["model:«>5»", "operator", "contains"],
  ["cost:«~5»", "operator", "lt"],
  ["cached:«<true»", "operator", "neq"],
  ["since:«>2h»", "operator"],
  ["model:«»", "noValue", "string"],
  ["model:a,«»,b", "noValue"],
  ["cost:>«»", "noValue", "number"],
  ["meta.user:«»", "noValue", "string"],
  ["cost:>«cheap»", "value", "number"],
  ["cost:>«=5»", "value"],
  ["cost:1,«x»,2", "value"],
  ["cost:>«none»", "value"],
  ["duration:<«2d»", "value"],
  ["cost:«5s»", "value"],
  ["status:«4xx»", "value", "boolean"],
  ["status:404,«error»", "value", "number"],
  ["status:error,«404»", "value", "boolean"],
  ["status:>«»", "noValue", "number"],
  ["source:«api»", "value", "playground"],
  ["source:«»", "noValue", "key"],
  ["source:«~key»", "operator", "neq"],
  ["source:«>5»", "operator", "eq"],
  ["-path:«=x»", "negation"],
  ['-path:«""»', "value", "non-empty string"],
  ["path:«>5»", "operator", "contains"],
  ["step:«~5»", "operator", "gt"],
  ["cached:«maybe»", "value", "boolean"],
  ["feedback:«sideways»", "value", "null"],
  ['model:~«""»', "value", "non-empty string"],
  ["meta.user:>«x»", "value", "number"],
  ["metadata.value:=«x»", "value"],
  ["since:«soon»", "value"],
  ["since:«2026-02-30»", "value"],
  ["since:«2026-02-30T00:00Z»", "value"],
  ["since:«2026-11-20T25:00»", "value"],
  ["since:«2h,3h»", "value"],
  ['created_at:>«"log 5"»', "value"],
  ['model:x model:«"abc def»', "unclosedQuote"],
];

for (const [marked, problem, allowed] of WRONG) {
  test(`${marked} is a problem where it stands`, () => {
    const start = marked.indexOf("«");
    const end = marked.indexOf("»") - 1;
    const line = marked.replaceAll(/[«»]/g, "");
    const { problems } = parseFilter(line, NOW);
    assert.deepEqual(
      problems.map((one) => [one.problem, one.start, one.end]),
      [[problem, start, end]],
    );
    if (allowed !== undefined) assert.ok(problems[0]?.allowed?.includes(allowed), String(problems[0]?.allowed));
  });
}

test("the words beside a problem are still read", () => {
  const { conditions, search, problems } = parseFilter("model:x foo:bar blue cost:>x cached", NOW);
  assert.deepEqual(conditions, [is("model", "eq", "x"), is("cached", "eq", true)]);
  assert.equal(search, "blue");
  assert.deepEqual(
    problems.map((one) => one.key),
    ["foo", "cost"],
  );
});

test("any conditions and free text come back the same from their line", () => {
  const random = new Random(3);
  for (let round = 0; round < 5000; round++) {
    const conditions = Array.from({ length: random.between(0, 4) }, () => randomCondition(random));
    if (random.chance(0.3)) {
      conditions.push(is("metadataKey", "eq", awkwardText(random)), is("metadataValue", "eq", awkwardText(random)));
    }
    checkConditions(conditions);
    const clientSide = Array.from({ length: random.between(0, 2) }, () => randomRowCondition(random));
    const filter = { conditions, search: awkwardText(random), clientSide };
    const line = formatFilter(filter);
    assert.deepEqual(read(line), filter, line);
  }
});

test("any line is accounted for, and what it says does not change by being written again", () => {
  const random = new Random(4);
  const starts = [...WORDS, ...ROW_WORDS].map(([line]) => line);
  starts.push(...WRONG.map(([line]) => line.replaceAll(/[«»]/g, "")), "blue", "=");
  for (let round = 0; round < 5000; round++) {
    const line = Array.from({ length: random.between(1, 4) }, () =>
      random.chance(0.6) ? random.pick(starts) : awkwardText(random),
    ).join(" ");
    const { problems, ...filter } = parseFilter(line, NOW);
    const { conditions, search, clientSide } = filter;
    checkConditions(conditions);
    for (const { start, end } of problems) assert.ok(start >= 0 && start <= end && end <= line.length, line);
    assert.deepEqual(read(formatFilter(filter)), filter, line);
    if (problems.length === 0 && /[^\s"]/.test(line))
      assert.ok(conditions.length + clientSide.length > 0 || search !== "", line);
  }
});

test("a filter is written as a person would", () => {
  const line =
    "model:gpt-4o status:error cost:>0.01 duration:<2s provider:openai,anthropic meta.user:42 -cached feedback:down blue frame";
  assert.equal(formatFilter(read(line)), line);
});
