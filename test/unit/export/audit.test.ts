import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { parseAuditLine } from "../../../src/sources/cloudflare/audit/query-line.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { isAborted } from "../../../src/source/errors.ts";
import { AUDIT_COLUMNS, exportAudit, type AuditFormat } from "../../../src/export/audit.ts";
import { ExportError } from "../../../src/export/failure.ts";
import { ACCOUNT, folderFor, serve } from "../local/served.ts";

async function start(t: TestContext, count = 2500) {
  const local = await serve(t);
  const folder = folderFor(t);
  const client = new CloudflareClient({ baseUrl: local.baseUrl, token: () => Promise.resolve(local.token) });
  const now = Date.now();
  const add = (id: string, time: number, more: Record<string, string> = {}) =>
    local.store.audit.add({ accountId: ACCOUNT, time: new Date(time), fields: { id, action_type: "update", ...more } });
  local.store.atomically(() => {
    for (let index = 0; index < count; index++) add(`e${index}`, now - 60_000 - index * 1000);
  });
  const order = (format: AuditFormat, line = "") => ({
    accountId: ACCOUNT,
    line: parseAuditLine(line, new Date()),
    format,
  });
  const { signal } = new AbortController();
  return { local, folder, client, add, now, order, signal };
}

test("all entries are in JSON Lines as the API gave them, each once, while new ones arrive", async (t) => {
  const { folder, client, add, now, order, signal } = await start(t);
  const target = join(folder, "audit.jsonl");
  const told: number[] = [];
  const onProgress = ({ count }: { count: number }) => {
    told.push(count);
    add(`new${told.length}`, now + 3_600_000);
    add(`late${told.length}`, now - 61_000);
  };
  const { count } = await exportAudit(client, order("jsonLines"), target, { signal, onProgress });
  const rows = readFileSync(target, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; action: unknown });
  assert.deepEqual(
    rows.map(({ id }) => id),
    Array.from({ length: 2500 }, (_, index) => `e${index}`),
  );
  assert.deepEqual([count, told], [2500, [1000, 2000, 2500]]);
  assert.deepEqual(Object.keys(rows[0]?.action ?? {}).toSorted(), ["result", "time", "type"]);
  assert.deepEqual(readdirSync(folder), ["audit.jsonl"]);
});

test("only what fits the line is in CSV, a column for each fact, and no text is a formula", async (t) => {
  const { folder, client, add, now, order, signal } = await start(t, 3);
  add("gone", now, {
    action_type: "delete",
    actor_email: "=cmd()",
    resource_id: 'a "b", c',
    raw_uri: "/ai-gateway/gateways/shop",
  });
  const target = join(folder, "audit.csv");
  const { count } = await exportAudit(client, order("csv", "action:delete gateway:shop"), target, { signal });
  const [head, row, ...rest] = readFileSync(target, "utf8").split("\r\n");
  assert.deepEqual([count, rest], [1, [""]]);
  assert.equal(head, `"${AUDIT_COLUMNS.join('","')}"`);
  assert.ok(row?.startsWith(`"gone","${new Date(now).toISOString()}","${ACCOUNT}",,"delete",`), row);
  assert.ok(row?.includes(`,"'=cmd()",`) && row.includes(',"a ""b"", c",'), row);
});

test("what is given up or fails leaves nothing behind, and what was there before stays", async (t) => {
  const { local, folder, client, order } = await start(t);
  const target = join(folder, "audit.jsonl");
  writeFileSync(target, "before");
  const abort = new AbortController();
  const given = exportAudit(client, order("jsonLines"), target, {
    signal: abort.signal,
    onProgress: () => abort.abort(),
  });
  await assert.rejects(given, isAborted);
  assert.deepEqual([readdirSync(folder), readFileSync(target, "utf8")], [["audit.jsonl"], "before"]);
  const { signal } = new AbortController();
  const isNowhere = (error: unknown) => error instanceof ExportError && error.trouble === "noFolder";
  await assert.rejects(exportAudit(client, order("csv"), join(folder, "none", "a.csv"), { signal }), isNowhere);
  await local.close();
  await assert.rejects(exportAudit(client, order("csv"), join(folder, "b.csv"), { signal }), /./);
  assert.deepEqual(readdirSync(folder), ["audit.jsonl"]);
});
