import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { Checkpoints } from "../../../src/export/checkpoints.ts";
import { leftMs } from "../../../src/export/estimate.ts";
import { exportLogs, type ExportProgress } from "../../../src/export/export.ts";
import { ExportError } from "../../../src/export/failure.ts";
import type { Subset } from "../../../src/logs/subset.ts";
import { verifyExport } from "../../../src/export/verify.ts";
import { aLog, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";
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
    const result = await exportLogs(server.source, all(), file, { signal });
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
    await exportLogs(server.source, all({ bodies: false }), file, { signal });
    assert.equal(rowsIn(file).length, 320);
    assert.ok(server.takeCalls().length <= 10);
    assert.ok(!existsSync(`${file}.partial`));
  });

  it("of logs that were chosen has them in their order; those that are gone are left out and counted", async () => {
    const logIds = [
      "log-300",
      "gone-1",
      ...Array.from({ length: 60 }, (_, index) => `log-${index}`),
      "gone-2",
    ] as const;
    const subset = { gateway: GATEWAY, type: "chosen", logIds: ["log-9", ...logIds] } as const;
    const file = folder.file("chosen.jsonl");
    const { count, skipped } = await exportLogs(server.source, all({ subset, bodies: false }), file, { signal });
    assert.deepEqual([count, skipped], [62, 2]);
    assert.deepEqual(
      rowsIn(file).map(({ id }) => id),
      subset.logIds.filter((id) => !id.startsWith("gone")),
    );
  });

  it("has only rows that fit what the API cannot filter, and says how far it is while there are none", async () => {
    const clientSide = [{ key: "path", operator: "contains" as const, value: ["rare"] }];
    server.store.insert([aLog({ id: "rare", createdAt: new Date(NEWEST - 95_500), path: "v1/rare" })]);
    const subset: Subset = { gateway: GATEWAY, type: "fitting", filter: { conditions: [], search: "", clientSide } };
    const file = folder.file("rare.jsonl");
    const told: ExportProgress[] = [];
    const options = { signal, onProgress: (progress: ExportProgress) => void told.push(progress) };
    const { count } = await exportLogs(server.source, all({ subset, bodies: false }), file, options);
    assert.equal(count, 1);
    assert.equal(told[0]?.total, 321);
    assert.deepEqual({ ...told.at(-1), leftMs: 0 }, { count: 1, skipped: 0, total: 1, leftMs: 0 });
  });

  it("is not begun where another one is writing", async () => {
    const checkpoints = new Checkpoints(folder.file("checkpoints"));
    for (const [options, trouble] of [
      [{ signal, checkpoints }, "inUse"],
      [{ signal }, "occupied"],
    ] as const) {
      const file = folder.file(`busy-${trouble}.jsonl`);
      const first = exportLogs(server.source, all({ bodies: false }), file, options);
      const second = exportLogs(server.source, all({ bodies: false }), file, options);
      await assert.rejects(
        Promise.all([first, second]),
        (error) => error instanceof ExportError && error.trouble === trouble && error.partial === undefined,
      );
      await Promise.allSettled([first, second]);
      assert.equal(rowsIn(file).length, 321);
    }
  });

  it("has texts of any length whole, though rows show only the beginning of them", async () => {
    const model = "m".repeat(3000);
    const path = `v1/${"p".repeat(9000)}/end`;
    const metadata = { user: "x".repeat(3000) };
    server.store.insert([aLog({ id: "long", createdAt: new Date(NEWEST), model, path, metadata })]);
    const subset: Subset = { gateway: GATEWAY, type: "chosen", logIds: ["long"] };
    for (const format of ["jsonLines", "csv", "har"] as const) {
      const file = folder.file(`long.${format}`);
      await exportLogs(server.source, all({ subset, format }), file, { signal });
      const text = readFileSync(file, "utf8");
      for (const whole of [model, path, metadata.user]) assert.ok(text.includes(whole), format);
    }
  });
});

describe("an estimate of what is left", () => {
  it("is as long for each log as so far, while the budget has room", () => {
    assert.equal(leftMs(0, 500, 1, 100), undefined);
    assert.equal(leftMs(100, 300, 100, 5000), 15_000);
  });

  it("knows that the budget comes to its end: 960 calls in 5 minutes for the background", () => {
    // 200 calls were quick; of the 1,800 to come, 760 have room, and the rest waits.
    assert.equal(leftMs(200, 1800, 200, 2000), 1040 * 312.5);
    assert.equal(leftMs(2000, 10_000, 2000, 400_000), 10_000 * 312.5);
  });
});
