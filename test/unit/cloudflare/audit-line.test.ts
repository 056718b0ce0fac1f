import assert from "node:assert/strict";
import { test } from "node:test";
import { AUDIT_FILTERS } from "../../../src/sources/cloudflare/audit/calls.ts";
import { AUDIT_KEYS, gatewayIdOf } from "../../../src/sources/cloudflare/audit/keys.ts";
import { auditWord, parseAuditLine } from "../../../src/sources/cloudflare/audit/query-line.ts";
import { answersAudit, matchesAudit } from "../../../src/sources/cloudflare/audit/matches.ts";
import { parseAuditEntry } from "../../../src/sources/cloudflare/audit/schema.ts";
import { Random } from "../../../src/local/samples/random.ts";

const NOW = new Date("2026-11-20T12:00:00Z");
const parse = (line: string) => parseAuditLine(line, NOW, "utc");

test("words become the API's filters, turned around by a minus", () => {
  const line =
    'action:delete actor:alice@example.com,bob@example.com -context:dash Product:AI_Gateway token:"ci, main" status:200';
  assert.deepEqual(parse(line), {
    filters: [
      { name: "action_type", values: ["delete"] },
      { name: "actor_email", values: ["alice@example.com", "bob@example.com"] },
      { name: "actor_context", values: ["dash"], not: true },
      { name: "resource_product", values: ["AI_Gateway"] },
      { name: "actor_token_name", values: ["ci, main"] },
      { name: "raw_status_code", values: ["200"] },
    ],
    productCategories: [],
    clientSide: [],
    problems: [],
  });
});

test("every filter of the API has a word, and its own name is taken too", () => {
  const named = [...AUDIT_KEYS.values()].flatMap(({ filter }) => filter ?? []);
  assert.deepEqual(named.toSorted(), [...AUDIT_FILTERS].toSorted());
  for (const [word, { filter, values = ["7"] }] of AUDIT_KEYS) {
    if (!filter) continue;
    for (const key of [word, filter, filter.toUpperCase()]) {
      assert.deepEqual(parse(`-${key}:${values[0]}`).filters, [{ name: filter, values: [values[0]], not: true }], key);
    }
  }
});

test("the same key again is one more value, as it is to the API", () => {
  const { filters, clientSide } = parse("action:create action:delete -action:view uri:~a uri:~b,c gateway:x two words");
  assert.deepEqual(filters, [
    { name: "action_type", values: ["create", "delete"] },
    { name: "action_type", values: ["view"], not: true },
  ]);
  assert.deepEqual(clientSide, [
    { key: "uri", not: false, part: true, values: ["a", "b", "c"] },
    { key: "gateway", not: false, part: false, values: ["x"] },
    { key: "", not: false, part: true, values: ["two"] },
    { key: "", not: false, part: true, values: ["words"] },
  ]);
});

test("a range in times and days, and product categories", () => {
  const read = parse("since:2d until:2026-11-20 category:ai,dns");
  assert.deepEqual(
    [read.since, read.before, read.productCategories],
    [new Date("2026-11-18T12:00:00Z"), new Date("2026-11-20T00:00:00Z"), ["ai", "dns"]],
  );
});

test("what cannot be read is said where it stands, and what was meant", () => {
  const problems = (line: string) =>
    parse(line).problems.map(({ start, end, problem, suggestions, allowed }) => ({
      at: line.slice(start, end),
      problem,
      ...(suggestions && { suggestions }),
      ...(allowed && { allowed }),
    }));
  assert.deepEqual(problems("acton:delete"), [
    { at: "acton", problem: "unknownKey", suggestions: ["action", "actor"] },
  ]);
  assert.deepEqual(problems("a result:failed"), [{ at: "failed", problem: "value", allowed: ["success", "failure"] }]);
  assert.deepEqual(problems('result:"failed"'), []);
  assert.deepEqual(problems("status:2xx"), [{ at: "2xx", problem: "value", allowed: ["number"] }]);
  assert.deepEqual(problems("actor:a,,b")[0]?.problem, "noValue");
  assert.deepEqual(problems("uri:~")[0]?.problem, "noValue");
  assert.deepEqual(problems("-dash"), [{ at: "-dash", problem: "negation" }]);
  assert.deepEqual(problems("-since:2d"), [{ at: "2d", problem: "negation" }]);
  assert.deepEqual(problems("-category:ai")[0]?.problem, "negation");
  assert.deepEqual(problems("category:~ai")[0]?.problem, "operator");
  assert.deepEqual(problems("since:soon")[0]?.problem, "value");
  assert.deepEqual(problems('actor:"a b')[0]?.problem, "unclosedQuote");
});

test("any values are read back from the word that is written for them", () => {
  const random = new Random(1);
  const letters = Array.from('ab ,":~-\\<é\u{1f511}');
  for (let round = 0; round < 500; round++) {
    const [key, { filter, values }] = random.pick([...AUDIT_KEYS]);
    if (filter === "raw_status_code") continue;
    const text = () => Array.from({ length: random.between(1, 6) }, () => random.pick(letters)).join("");
    const wanted = Array.from({ length: random.between(1, 3) }, () =>
      values ? random.pick([...values, text()]) : text(),
    );
    const [not, part] = [random.chance(0.5), random.chance(0.5)];
    const { filters, clientSide, problems } = parse(auditWord(key, wanted, { not, part }));
    assert.deepEqual(problems, []);
    const [read] = part || !filter ? clientSide : filters;
    assert.deepEqual([read?.values, read?.not ?? false], [wanted, not]);
  }
});

const entry = (fields: Record<string, unknown>) => {
  const parsed = parseAuditEntry({ id: "e", action: { time: NOW.toISOString(), type: "delete" }, ...fields });
  assert.ok(parsed);
  return parsed;
};

test("the gateway of an entry, wherever it says so", () => {
  const of = (uri?: string, resource = {}) => gatewayIdOf(entry({ raw: { uri }, resource }));
  const base = "/accounts/a/ai-gateway/gateways";
  assert.equal(of(`${base}/shop/logs?limit=1`), "shop");
  assert.equal(of(`${base}/sh%6Fp`), "shop");
  assert.equal(of(`${base}/%zz`), "%zz");
  assert.equal(of(base, { id: "new" }), "new");
  assert.equal(of(undefined, { id: "shop", type: "ai_gateway.gateway" }), "shop");
  assert.equal(of("/accounts/a/tokens", { id: "t" }), undefined);
});

test("what is looked for here: parts, whole values, anywhere, and none of them", () => {
  const one = entry({
    raw: { uri: "/x/AI-Gateway/gateways/shop" },
    resource: { request: { deep: [{ note: "Blue" }] } },
  });
  const fits = (line: string) => matchesAudit(one, parse(line).clientSide);
  assert.ok(fits("uri:~/ai-gateway/ blue"));
  assert.ok(fits("gateway:shop"));
  assert.ok(!fits("gateway:sho"));
  assert.ok(fits("gateway:~sho"));
  assert.ok(!fits("-gateway:shop"));
  assert.ok(fits("-zone:~x"));
  assert.ok(!fits("zone:~x"));
  assert.ok(!fits("green"));
});

test("an answer that was not filtered is told from one that was, wherever the entry says so", () => {
  const one = entry({ actor: { email: "Alice@example.com", ip_address: "2001:DB8::1" }, resource: { product: "p" } });
  const fits = (line: string, byCategory = false) => answersAudit(one, parse(line).filters, { byCategory });
  assert.ok(fits("actor:alice@example.com action:delete"));
  assert.ok(!fits("actor:bob@example.com"));
  assert.ok(!fits("action:create"));
  assert.ok(!fits("-action:delete"));
  assert.ok(fits("-action:create ip:2001:db8:0::1 zone:shop.example"));
  assert.ok(!fits("product:q"));
  assert.ok(fits("product:q", true));
});
