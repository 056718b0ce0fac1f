import assert from "node:assert/strict";
import { test } from "node:test";
import { auditCompletionsOf, auditValuesSeen } from "../../../src/sources/cloudflare/audit/completion.ts";
import { parseAuditLine } from "../../../src/sources/cloudflare/audit/query-line.ts";
import { parseAuditEntry } from "../../../src/sources/cloudflare/audit/schema.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { PRODUCT_CATEGORIES } from "../../../src/local/audit/products.ts";

const entries = ["alice@example.com", "bob@example.com", "bob@example.com"].flatMap((email, index) => {
  const action = { time: "2026-11-20T12:00:00Z", type: "archive" };
  return parseAuditEntry({ id: `e${index}`, action, actor: { email }, account: { name: "Acme, Inc." } }) ?? [];
});
const seen = auditValuesSeen(entries);
const complete = (line: string) => auditCompletionsOf(line, seen, PRODUCT_CATEGORIES);
const words = (line: string) => complete(line).map(({ word }) => word);

test("keys that have in them what is typed, those that start with it first", () => {
  assert.deepEqual(words("").slice(0, 3), ["action:", "actor:", "result:"]);
  assert.deepEqual(words("action:delete ").slice(0, 2), ["actor:", "result:"]);
  assert.deepEqual(words("-to"), ["token:", "token_id:", "actor:", "actor_type:", "actor_id:"]);
  assert.ok(!words("-").includes("since:"));
  assert.deepEqual(words("-context:dash ur"), ["uri:", "resource:"]);
  assert.equal(complete("-context:dash -ur")[0]?.line, "-context:dash -uri:");
});

test("values of the API's lists and those seen, the most frequent first", () => {
  assert.deepEqual(words("result:"), ["success", "failure"]);
  assert.deepEqual(words("action:"), ['"archive"', "create", "update", "delete", "view", "login"]);
  assert.deepEqual(words("actor:"), ["bob@example.com", "alice@example.com"]);
  assert.equal(complete("actor:")[0]?.count, 2);
  assert.deepEqual(complete("action:")[0]?.line, 'action:"archive" ');
  assert.deepEqual(complete("account:")[0]?.line, 'account:"Acme, Inc." ');
  assert.deepEqual(complete("-action:create,de")[0]?.line, "-action:create,delete ");
  assert.deepEqual(words("since:3"), ["3m", "3h", "3d", "3w"]);
});

test("products and categories as the API names them", () => {
  assert.deepEqual(words("category:"), ["ai", "account_management"]);
  assert.deepEqual(words("product:gate"), ["ai_gateway"]);
});

test("a mistyped key gives those near it, and free text nothing", () => {
  assert.equal(complete("acton:delete")[0]?.line, "action:delete");
  assert.deepEqual(words('"acton'), []);
  assert.deepEqual(words("uri:~/ai"), []);
});

test("whatever is typed, each way to go on can be read", () => {
  const random = new Random(7);
  const pieces = [
    "action",
    ":",
    ",",
    "-",
    '"',
    " ",
    "~",
    "del",
    "actor_email",
    "cat",
    "since:2",
    "é",
    "\\",
    "product:",
  ];
  for (let round = 0; round < 1000; round++) {
    const line = Array.from({ length: random.between(0, 6) }, () => random.pick(pieces)).join("");
    const before = parseAuditLine(line, new Date()).problems.length;
    for (const { kind, line: after } of complete(line)) {
      if (kind !== "value") continue;
      const { problems } = parseAuditLine(after, new Date());
      assert.ok(problems.length <= before, `${line} → ${after}`);
    }
  }
});
