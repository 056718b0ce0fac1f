import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { open } from "node:fs/promises";
import { after, before, describe, it, type TestContext } from "node:test";
import { CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource, type CloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { isAborted } from "../../../src/source/errors.ts";
import { Checkpoints } from "../../../src/export/checkpoints.ts";
import { exportLogs, resumeExport } from "../../../src/export/export.ts";
import { ExportError, type FileTrouble } from "../../../src/export/failure.ts";
import { verifyExport } from "../../../src/export/verify.ts";
import { ACCOUNT, aLog, startTestGateway, type TestGateway } from "../../gateway.ts";
import { aFolder, all, rowsIn } from "./exported.ts";

const NOBODY = 65_534;
const signal = new AbortController().signal;

const hasTrouble = (trouble: FileTrouble, file: string) => (error: unknown) =>
  error instanceof ExportError && error.trouble === trouble && error.file === file && error.message.includes(file);

/** Every write to a file fails as on a full disk: it goes to /dev/full. */
async function fillDisk(t: TestContext): Promise<{ makeRoom: () => void }> {
  const full = await open("/dev/full", "w");
  t.after(() => full.close());
  const file = Object.getPrototypeOf(full) as typeof full;
  const write = full.write.bind(full);
  const { mock } = t.mock.method(file, "write", (bytes: string) => write(bytes));
  return { makeRoom: () => mock.restore() };
}

/** As an unprivileged user, if the tests run as root, for whom file modes have no effect. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe("an export that cannot be written", () => {
  let server: TestGateway;
  const folder = aFolder();
  const checkpoints = new Checkpoints(folder.file("checkpoints"));
  const started = (target: string) => exportLogs(server.source, all(), target, { signal });

  before(async () => {
    server = await startTestGateway();
    server.store.insert(
      Array.from({ length: 120 }, (_, index) =>
        aLog({ id: `log-${index}`, createdAt: new Date(Date.UTC(2026, 10, 20) - index * 1000) }),
      ),
    );
  });
  after(async () => {
    folder.remove();
    await server.close();
  });

  it("says that the folder is not there", async () => {
    const target = folder.file("none/logs.jsonl");
    await assert.rejects(started(target), hasTrouble("noFolder", `${target}.partial`));
  });

  it("says that the target is a folder", async () => {
    await assert.rejects(started(folder.path), hasTrouble("isFolder", folder.path));
  });

  it("says that a file, or its folder, may not be written to, and leaves it as it is", async () => {
    const target = folder.file("kept.jsonl");
    writeFileSync(target, "mine\n");
    chmodSync(target, 0o444);
    mkdirSync(folder.file("locked"));
    chmodSync(folder.file("locked"), 0o555);
    // Another user has to come as far as that; the folder that `npm test` makes for its files is closed to them.
    for (const above of [folder.path, tmpdir()]) chmodSync(above, statSync(above).mode | 0o011);
    const inside = folder.file("locked/logs.jsonl");
    await asNobody(async () => {
      await assert.rejects(started(target), hasTrouble("notAllowed", target));
      await assert.rejects(started(inside), hasTrouble("notAllowed", `${inside}.partial`));
    });
    assert.equal(readFileSync(target, "utf8"), "mine\n");
    assert.ok(!existsSync(`${target}.partial`));
  });

  it("says that the disk is full, names the unfinished file and goes on from it when there is room", async (t) => {
    const [target, other] = [folder.file("full.jsonl"), folder.file("full-unkept.jsonl")];
    const disk = await fillDisk(t);
    const isFull = (file: string, partial: string | undefined) => (error: unknown) =>
      hasTrouble("full", `${file}.partial`)(error) && (error as ExportError).partial === partial;
    const options = { signal, checkpoints };
    await assert.rejects(exportLogs(server.source, all(), target, options), isFull(target, `${target}.partial`));
    assert.ok(await checkpoints.read(target));
    // It can't be resumed, so nothing is left of it.
    await assert.rejects(started(other), isFull(other, undefined));
    assert.ok(!existsSync(`${other}.partial`));
    disk.makeRoom();
    const result = await resumeExport(server.source, all(), target, options);
    assert.equal(result?.count, 120);
    assert.equal(rowsIn(target).length, 120);
  });

  it("keeps what was there until the new file is whole", async () => {
    const target = folder.file("before.jsonl");
    writeFileSync(target, "before\n");
    const abort = new AbortController();
    const halfWay: CloudflareSource = {
      ...server.source,
      read: (...of) => {
        if (of[0].logId === "log-60") abort.abort();
        return server.source.read(...of);
      },
    };
    await assert.rejects(exportLogs(halfWay, all(), target, { signal: abort.signal, checkpoints }), isAborted);
    assert.equal(readFileSync(target, "utf8"), "before\n");
    await resumeExport(server.source, all(), target, { signal, checkpoints });
    assert.equal(rowsIn(target).length, 120);
  });

  it("is found out when the file is changed afterwards", async () => {
    const target = folder.file("changed.jsonl");
    const result = await started(target);
    assert.equal((await verifyExport(target, result)).size, 120);
    const text = readFileSync(target, "utf8");
    const changes = [
      text.slice(0, -1),
      text.replace("log-7", "log-8"),
      text.replace("Yes, two", "Yes, ten"),
      text + text.slice(0, text.indexOf("\n") + 1),
      "",
    ];
    for (const changed of changes) {
      writeFileSync(target, changed);
      await assert.rejects(verifyExport(target, result), hasTrouble("changed", target));
    }
  });
});

describe("the calls of an export", () => {
  it("wait where the API refuses them all for a while, tell until when, and go on", async () => {
    const folder = aFolder();
    const server = await startTestGateway({ rateLimit: { limit: 8, windowMs: 1500 } });
    after(async () => {
      folder.remove();
      await server.close();
    });
    server.store.insert(
      Array.from({ length: 12 }, (_, index) => aLog({ createdAt: new Date(1.79e12 - index * 1000) })),
    );
    const client = new CloudflareClient({
      baseUrl: server.baseUrl,
      token: () => Promise.resolve(server.token),
      budgets: new CallBudgets({ limit: 1_000_000 }),
    });
    const waits: Date[] = [];
    const result = await exportLogs(cloudflareSource(client, ACCOUNT), all(), folder.file("slow.jsonl"), {
      signal,
      onProgress: ({ waitingUntil }) => waitingUntil && waits.push(waitingUntil),
    });
    assert.equal(result.count, 12);
    assert.ok(waits.length > 0);
  });

  it("leave to people what is meant for them", async () => {
    const folder = aFolder();
    const server = await startTestGateway();
    after(async () => {
      folder.remove();
      await server.close();
    });
    server.store.insert(
      Array.from({ length: 40 }, (_, index) => aLog({ createdAt: new Date(1.79e12 - index * 1000) })),
    );
    const budgets = new CallBudgets({ limit: 20, windowMs: 600_000 });
    const client = new CloudflareClient({
      baseUrl: server.baseUrl,
      token: () => Promise.resolve(server.token),
      budgets,
    });
    const abort = new AbortController();
    const done = exportLogs(cloudflareSource(client, ACCOUNT), all(), folder.file("shared.jsonl"), {
      signal: abort.signal,
    });
    // The export uses up its share, four of five calls, and waits.
    while (server.calls.length < 16) await new Promise((resolve) => setImmediate(resolve));
    const page = await client.listLogs({ sourceId: all().subset.gateway.sourceId, collectionId: "production" }, {});
    assert.equal(page.logs.length, 40);
    assert.equal(server.calls.length, 17);
    abort.abort();
    await assert.rejects(done, isAborted);
  });
});
