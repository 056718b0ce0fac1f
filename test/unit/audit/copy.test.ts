import assert from "node:assert/strict";
import { test } from "node:test";
import MarkdownIt from "markdown-it";
import { parseAuditEntry } from "../../../src/sources/cloudflare/audit/schema.ts";
import { entryJson, entryMarkdown } from "../../../src/audit/core/copy.ts";
import { actorOf, auditOutcome, resourceName } from "../../../src/audit/core/names.ts";

const entry = (fields: Record<string, unknown>) => {
  const parsed = parseAuditEntry({ id: "e", action: { time: "2026-11-20T12:00:00Z" }, ...fields });
  assert.ok(parsed);
  return parsed;
};

test("an entry is copied as it came, with the keys that nobody declared", () => {
  const raw = { id: "e", action: { time: "2026-11-20T12:00:00Z" }, new_key: [1] };
  assert.deepEqual(JSON.parse(entryJson(entry(raw))), raw);
});

test("nothing recorded acts in its Markdown, and what was sent is whole", () => {
  const attack = "*a* _b_ `c` <img src=x> [d](javascript:e) # f | ~~g~~ ![h](i)\n# j";
  const value = { note: "```\n# out of the fence\n````" };
  const markdown = entryMarkdown({
    title: attack,
    groups: [{ name: "Who", facts: [{ name: "actor", value: attack }] }],
    bodies: [{ name: "Request", value }],
  });
  const tokens = new MarkdownIt({ html: true }).parse(markdown, {});
  const inline = tokens.flatMap(({ children }) => children ?? []).map(({ type }) => type);
  assert.deepEqual(
    inline.filter((type) => type !== "text" && type !== "text_special"),
    [],
  );
  assert.deepEqual(
    tokens.filter(({ type }) => type === "heading_open").map(({ tag }) => tag),
    ["h1", "h2", "h2"],
  );
  const fence = tokens.find(({ type }) => type === "fence");
  assert.deepEqual(JSON.parse(fence?.content ?? ""), value);
});

test("what was acted on, and who did it, in a few words", () => {
  const named = (fields: Record<string, unknown>) => resourceName(entry(fields));
  assert.equal(named({ resource: { type: "ai_gateway.gateway", id: "shop" } }), "gateway shop");
  assert.equal(
    named({ resource: { product: "api_tokens" }, zone: { name: "shop.example" } }),
    "api tokens shop.example",
  );
  assert.equal(named({ raw: { uri: "/x" } }), "/x");
  assert.equal(named({}), "");
  const actor = (fields: Record<string, unknown>) => actorOf(entry({ actor: fields }));
  assert.deepEqual(actor({ email: "a@example.com", token_name: "ci" }), { by: "email", name: "a@example.com" });
  assert.deepEqual(actor({ token_id: "7f", type: "account" }), { by: "token", name: "7f" });
  assert.deepEqual(actor({ type: "system" }), { by: "other", name: "system" });
  assert.equal(actor({}), undefined);
  const outcome = (result: string) => auditOutcome(entry({ action: { time: "2026-11-20T12:00:00Z", result } }));
  assert.deepEqual(["success", "Failure", "", "odd"].map(outcome), ["success", "failure", undefined, undefined]);
});
