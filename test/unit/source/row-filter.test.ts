import assert from "node:assert/strict";
import { test } from "node:test";
import type { Condition, ConditionValue } from "../../../src/source/conditions.ts";
import { parseFilter } from "../../../src/query/query-line.ts";
import { matchesRow } from "../../../src/source/match.ts";
import { originOf } from "../../../src/source/field-values.ts";
import { parseLog } from "../../../src/sources/cloudflare/schema.ts";
import type { Log } from "../../../src/source/log.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { awkwardText, randomRowCondition } from "../query/filter-random.ts";

function row(members: Record<string, unknown> = {}): Log {
  const log = parseLog({ id: "a", created_at: "2026-11-20T10:00:00Z", path: "v1/Chat/completions", ...members });
  assert.ok(log);
  return log;
}

const fits = (log: Log, line: string): boolean => {
  const { clientSide, problems } = parseFilter(line, new Date());
  assert.deepEqual(problems, [], line);
  assert.ok(clientSide.length > 0, line);
  return matchesRow(log, clientSide);
};

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64)";

test("where a log was asked from is told by its row, or not at all", () => {
  assert.equal(originOf(row({ metadata: { source: "playground" }, authentication: true })), "playground");
  assert.equal(originOf(row({ authentication: true, user_agent: BROWSER })), "key");
  assert.equal(originOf(row({ authentication: false, user_agent: BROWSER })), "playground");
  assert.equal(originOf(row({ authentication: false, user_agent: "curl/8" })), undefined);
  assert.equal(originOf(row({ user_agent: BROWSER })), undefined);
  assert.equal(originOf(row()), undefined);
  for (const line of ["source:playground", "source:key", "source:playground,key"])
    assert.equal(fits(row(), line), false);
  assert.equal(fits(row(), "-source:key"), true);
});

test("a path is found by a part of it in any case, or with = as it is", () => {
  for (const line of ["path:CHAT", "path:~chat", "path:embed,chat", "path:=v1/Chat/completions", "-path:embed"]) {
    assert.equal(fits(row(), line), true, line);
  }
  for (const line of ["path:embed", "path:=chat", "path:=v1/chat/completions", "-path:chat", "-path:embed,CHAT"]) {
    assert.equal(fits(row(), line), false, line);
  }
});

test("a row without a number is found by none and by not this, and by no comparison", () => {
  for (const line of ["step:none", "-step:1", "score:none,3", "status:none"])
    assert.equal(fits(row(), line), true, line);
  for (const line of ["step:0", "step:<1", "step:>-1", "-score:none", "-step:1,none"]) {
    assert.equal(fits(row(), line), false, line);
  }
});

const at = (raw: Record<string, unknown>, ...[outer, inner]: [string, string]): unknown =>
  (raw[outer] as Record<string, unknown> | null | undefined)?.[inner];

/** Independent of the filter's code: each operator's result for a text, a number or nothing. */
function plainly(log: Log, { key, operator, value }: Condition): boolean {
  if (key === "path") {
    const hasPart = value.some((part) => log.path.toLowerCase().split(String(part).toLowerCase()).length > 1);
    if (operator === "eq") return value.some((path) => path === log.path);
    return operator === "contains" ? hasPart : !hasPart;
  }
  const held: Record<string, unknown> = {
    statusCode: log.raw["status_code"],
    step: log.raw["step"],
    score: log.raw["score"],
    source: originOf(log),
    latency: at(log.raw, "timings", "latency"),
    tokensCached: at(log.raw, "usage_metadata", "input_cached_tokens"),
    tokensReasoning: at(log.raw, "usage_metadata", "output_reasoning_tokens"),
    region: at(log.raw, "location", "region"),
    colo: at(log.raw, "location", "colo"),
    byok: log.raw["byok"],
    guardrails: log.raw["guardrails"],
  };
  if (key === "dlpProfile") {
    const ids = (log.raw["dlp_profiles"] ?? []) as { profile: { profile_id: string } }[];
    const isOne = (one: ConditionValue): boolean =>
      one === null
        ? ids.length === 0 && operator !== "contains"
        : ids.some(({ profile: { profile_id: id } }) =>
            operator === "contains" ? id.toLowerCase().includes(String(one).toLowerCase()) : id === one,
          );
    return (operator !== "neq") === value.some(isOne);
  }
  const is = held[key] ?? null;
  if (operator === "contains")
    return typeof is === "string" && value.some((one) => is.toLowerCase().includes(String(one).toLowerCase()));
  if (operator === "lt") return typeof is === "number" && value.some((one) => is < Number(one));
  if (operator === "gt") return typeof is === "number" && value.some((one) => is > Number(one));
  return (operator === "eq") === value.some((one) => one === is);
}

test("random conditions on random rows are what a plain reading of them says", () => {
  const random = new Random(11);
  let found = 0;
  for (let round = 0; round < 5000; round++) {
    const clientSide = Array.from({ length: random.between(1, 2) }, () => randomRowCondition(random));
    const [asked] = clientSide;
    const path =
      asked?.key === "path" && random.chance(0.5) ? String(asked.value[0]).toUpperCase() : awkwardText(random);
    const log = row({
      path: random.chance(0.3) ? `v1/${path}` : path,
      status_code: random.pick([200, 429, 500, null, undefined]),
      step: random.pick([0, 1, 2, null]),
      score: random.pick([0, 50.5, 100, null]),
      authentication: random.pick([true, false, null]),
      user_agent: random.pick([BROWSER, "curl/8", null]),
      timings: random.pick([{ total: 9, latency: 200 }, { latency: 0 }, {}, null]),
      usage_metadata: random.pick([{ input_cached_tokens: 1, output_reasoning_tokens: 2 }, {}, null]),
      location: random.pick([{ region: "EU", colo: "AMS" }, { region: "WEUR" }, null]),
      byok: random.pick([true, false, null]),
      guardrails: random.pick(["BLOCK", null]),
      dlp_profiles: random
        .pick([[], null, ["p-1"], ["p-1", "p-2"]])
        ?.map((id) => ({ profile: { profile_id: id, entry_ids: [] }, policy_ids: [], check: ["REQUEST"] })),
      metadata: random.pick([{ source: "playground" }, { source: "key" }, {}, null]),
    });
    const expected = clientSide.every((condition) => plainly(log, condition));
    if (expected) found++;
    assert.equal(matchesRow(log, clientSide), expected, JSON.stringify([clientSide, log.raw]));
  }
  assert.ok(found > 500, String(found));
});
