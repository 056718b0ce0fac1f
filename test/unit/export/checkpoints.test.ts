import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isAborted } from "../../../src/source/errors.ts";
import { Checkpoints } from "../../../src/export/checkpoints.ts";
import { exportLogs, resumeExport } from "../../../src/export/export.ts";
import { ExportError } from "../../../src/export/failure.ts";
import { differences, type ExportJob } from "../../../src/export/job.ts";
import type { CloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { aLog, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";
import { aFolder, all, rowsIn } from "./exported.ts";

const KEY = ["sk", "proj", "Example1".repeat(6)].join("-");
const REDACTED = { keys: true, tokens: true };
const { signal } = new AbortController();

const isInUse = (error: unknown) => error instanceof ExportError && error.trouble === "inUse";

describe("what is noted of an unfinished export", () => {
  let server: TestGateway;
  const folder = aFolder();
  const notes = folder.file("notes");
  const checkpoints = new Checkpoints(notes);
  before(async () => {
    server = await startTestGateway();
    server.store.insert(
      Array.from({ length: 60 }, (_, index) =>
        aLog({ id: `log-${index}`, createdAt: new Date(Date.UTC(2026, 10, 20) - index * 1000), request: `key ${KEY}` }),
      ),
    );
  });
  after(async () => {
    folder.remove();
    await server.close();
  });

  /** Exports to a file until its 30th log. */
  async function half(target: string, job: ExportJob = all()): Promise<void> {
    const abort = new AbortController();
    let details = 0;
    const source: CloudflareSource = {
      ...server.source,
      read: (...of) => {
        if (++details === 30) abort.abort();
        return server.source.read(...of);
      },
    };
    const options = { signal: abort.signal, checkpoints, certainEveryMs: 0 };
    await assert.rejects(exportLogs(source, job, target, options), isAborted);
    assert.ok(existsSync(`${target}.partial`));
  }

  const goOn = (target: string, job: ExportJob) => resumeExport(server.source, job, target, { signal, checkpoints });

  /** The file of the only note. */
  function noteFile(): string {
    const [name, ...more] = readdirSync(notes);
    assert.ok(name && more.length === 0);
    return join(notes, name);
  }

  it("is not gone on with for another job: nothing is written that was not asked for", async () => {
    const target = folder.file("unredacted.jsonl");
    await half(target);
    const begun = readFileSync(`${target}.partial`, "utf8");
    assert.ok(begun.includes(KEY));
    const { gateway } = all().subset;
    const jobs: ExportJob[] = [
      all({ redaction: REDACTED }),
      all({ format: "csv" }),
      all({ bodies: false }),
      all({}, { ...gateway, sourceId: "other" }),
      all({}, { ...gateway, collectionId: "other" }),
      all({ subset: { type: "chosen", gateway, logIds: ["log-1"] } }),
    ];
    for (const job of jobs) assert.equal(await goOn(target, job), undefined);
    assert.equal(readFileSync(`${target}.partial`, "utf8"), begun);
    const result = await exportLogs(server.source, all({ redaction: REDACTED }), target, { signal, checkpoints });
    assert.equal(result.count, 60);
    assert.ok(!readFileSync(target, "utf8").includes(KEY));
    assert.deepEqual(readdirSync(notes), []);
  });

  it("is never taken from beside the file", async () => {
    const [own, planted] = [folder.file("own.jsonl"), folder.file("planted.jsonl")];
    await half(own);
    const note = JSON.parse(readFileSync(noteFile(), "utf8")) as object;
    renameSync(`${own}.partial`, `${planted}.partial`);
    rmSync(noteFile());
    writeFileSync(`${planted}.partial.json`, JSON.stringify({ ...note, target: planted }));
    assert.equal(await checkpoints.read(planted), undefined);
    assert.deepEqual(await checkpoints.list(), []);
    assert.equal(await goOn(planted, all()), undefined);
    const before = readFileSync(`${planted}.partial`);
    await assert.rejects(
      exportLogs(server.source, all(), planted, { signal, checkpoints }),
      (error) => error instanceof ExportError && error.trouble === "occupied",
    );
    assert.deepEqual(readFileSync(`${planted}.partial`), before);
    assert.deepEqual([await checkpoints.list(), existsSync(planted)], [[], false]);
  });

  it("belongs to one file: one of another name is not gone on with", async () => {
    const [own, other] = [folder.file("own.jsonl"), folder.file("other.jsonl")];
    await half(own);
    writeFileSync(`${other}.partial`, readFileSync(`${own}.partial`));
    assert.equal(await goOn(other, all()), undefined);
    await checkpoints.discard(other);
    assert.ok(existsSync(`${other}.partial`));
    await checkpoints.discard(own);
    assert.deepEqual([existsSync(`${own}.partial`), readdirSync(notes)], [false, []]);
  });

  it("is for its owner alone, and is listed as long as the bytes are there", async () => {
    const target = folder.file("listed.jsonl");
    await half(target);
    assert.deepEqual([statSync(noteFile()).mode & 0o777, statSync(notes).mode & 0o777], [0o600, 0o700]);
    const [listed, ...more] = await checkpoints.list();
    assert.deepEqual([listed?.target, listed?.state.job, more], [target, all(), []]);
    rmSync(`${target}.partial`);
    assert.deepEqual([await checkpoints.list(), readdirSync(notes)], [[], []]);
  });

  it("begins from the start when the file is not what was noted", async () => {
    const target = folder.file("changed.jsonl");
    await half(target);
    const text = readFileSync(`${target}.partial`, "utf8");
    writeFileSync(`${target}.partial`, text.replace("log-3", "log-X"));
    await goOn(target, all());
    assert.deepEqual(
      rowsIn(target).map(({ id }) => id),
      Array.from({ length: 60 }, (_, index) => `log-${index}`),
    );
    await half(target);
    const other = folder.file("mine.txt");
    writeFileSync(other, readFileSync(`${target}.partial`));
    const kept = readFileSync(other);
    rmSync(`${target}.partial`);
    linkSync(other, `${target}.partial`);
    assert.equal((await goOn(target, all()))?.count, 60);
    assert.deepEqual(readFileSync(other), kept);
  });

  it("keeps others off while its writer is at it, and no longer, whoever has its process ID", async () => {
    const target = folder.file("writer.jsonl");
    await half(target);
    const file = noteFile();
    const note = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    assert.equal(note["writer"], undefined, "it has let go");
    const writtenBy = (writer: unknown, secondsAgo: number) => {
      writeFileSync(file, JSON.stringify({ ...note, writer }));
      const time = Date.now() / 1000 - secondsAgo;
      utimesSync(file, time, time);
    };
    const another = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
    await once(another, "spawn");
    try {
      writtenBy(another.pid, 1);
      await assert.rejects(checkpoints.claim(target), isInUse);
      await assert.rejects(goOn(target, all()), isInUse);
      await assert.rejects(checkpoints.discard(target), isInUse);
      writtenBy(another.pid, 120);
      await (await checkpoints.claim(target)).release();
      writtenBy(another.pid, -3600);
      await (await checkpoints.claim(target)).release();
    } finally {
      another.kill();
      await once(another, "exit");
    }
    // Signal 0 reaches some process by each of these but the last.
    for (const [writer, secondsAgo] of [
      [1, 120],
      [-1, 1],
      [0, 1],
      [1.5, 1],
      ["1", 1],
      [another.pid, 1],
    ]) {
      writtenBy(writer, Number(secondsAgo));
      await (await checkpoints.claim(target)).release();
    }
    assert.equal((await goOn(target, all()))?.count, 60);
  });

  it("says again and again that its writer is at it", async (t) => {
    t.mock.timers.enable({ apis: ["setInterval"] });
    const target = folder.file("beat.jsonl");
    const claim = await checkpoints.claim(target);
    const state = { job: all(), bound: new Date(0).toISOString(), total: 1, count: 0, skipped: 0 };
    await claim.note({ bytes: 0, sha256: "", state });
    const file = noteFile();
    utimesSync(file, 1000, 1000);
    t.mock.timers.tick(15_000);
    while (statSync(file).mtimeMs < Date.now() - 60_000) await new Promise((resolve) => setImmediate(resolve));
    await claim.remove();
    await claim.release();
    assert.deepEqual(readdirSync(notes), []);
  });

  it("is left alone where it is of another version, or no note at all", async () => {
    mkdirSync(notes, { recursive: true });
    for (const text of ["", "null", "{}", '{"target":"a","bytes":1,"sha256":"","state":{}}']) {
      writeFileSync(join(notes, "other.json"), text);
      assert.deepEqual(await checkpoints.list(), []);
    }
    rmSync(join(notes, "other.json"));
  });
});

describe("two jobs", () => {
  const job = (search: string, fields: Partial<ExportJob> = {}) =>
    all({
      subset: { type: "fitting", gateway: GATEWAY, filter: { conditions: [], clientSide: [], search } },
      ...fields,
    });

  it("differ in what would be written otherwise, and in nothing else", () => {
    assert.deepEqual(differences(job("a"), job("a")), []);
    assert.deepEqual(differences(job("a"), job("b")), ["logs"]);
    assert.deepEqual(differences(job("a"), job("a", { redaction: { keys: false } })), []);
    assert.deepEqual(differences(job("a"), job("a", { redaction: { keys: true } })), ["redaction"]);
    assert.deepEqual(differences(job("a"), job("a", { bodies: false })), ["bodies"]);
    const [har, harWithout] = [true, false].map((bodies) => job("a", { format: "har", bodies }));
    assert.ok(har && harWithout);
    assert.deepEqual(differences(har, harWithout), []);
    assert.deepEqual(differences(job("a"), har), ["format"]);
    const noted = JSON.parse(JSON.stringify(job("a", { redaction: REDACTED }))) as ExportJob;
    assert.deepEqual(differences(noted, job("a", { redaction: { tokens: true, keys: true } })), []);
  });
});
