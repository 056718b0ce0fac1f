import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { exportLogs } from "../../../src/export/export.ts";
import { verifyExport } from "../../../src/export/verify.ts";
import { aLog, startTestGateway, type TestGateway } from "../../gateway.ts";
import { aFolder, all, rowsIn } from "./exported.ts";

const NEWEST = Date.UTC(2026, 10, 20);

describe("an export", () => {
  let server: TestGateway;
  const folder = aFolder();
  const signal = new AbortController().signal;
  before(async () => {
    server = await startTestGateway();
    server.store.insert(
      Array.from({ length: 320 }, (_, index) =>
        aLog({
          id: `log-${index}`,
          createdAt: new Date(NEWEST - Math.floor(index / 3) * 1000),
          ...(index === 7 ? { request: null, response: null } : {}),
        }),
      ),
    );
  });
  after(async () => {
    folder.remove();
    await server.close();
  });

  it("has each log once, newest first, with its bodies; only the file is left", async () => {
    const file = folder.file("all.jsonl");
    const result = await exportLogs(server.client, all(), file, { signal });
    const rows = rowsIn(file);
    assert.equal(result.count, 320);
    assert.deepEqual(
      rows.map(({ id }) => id).toSorted(),
      Array.from({ length: 320 }, (_, index) => `log-${index}`).toSorted(),
    );
    assert.deepEqual(
      rows.map(({ created_at: time }) => String(time)),
      rows
        .map(({ created_at: time }) => String(time))
        .toSorted()
        .toReversed(),
    );
    assert.equal(rows.filter(({ request }) => request === null).length, 1);
    assert.ok(rows.some(({ response }) => String(response).includes("Yes, two are.")));
    assert.deepEqual(readdirSync(folder.path), ["all.jsonl"]);
    assert.equal((await verifyExport(file, result)).size, 320);
  });

  it("without bodies is a call for 46 logs and more", async () => {
    server.takeCalls();
    const file = folder.file("rows.jsonl");
    await exportLogs(server.client, all({ bodies: false }), file, { signal });
    assert.equal(rowsIn(file).length, 320);
    assert.ok(server.takeCalls().length <= 10);
    assert.ok(!existsSync(`${file}.partial.json`));
  });
});
