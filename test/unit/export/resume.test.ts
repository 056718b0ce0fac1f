import assert from "node:assert/strict";
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource, type CloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { isAborted } from "../../../src/source/errors.ts";
import { Checkpoints } from "../../../src/export/checkpoints.ts";
import { exportLogs, resumeExport } from "../../../src/export/export.ts";
import { verifyExport } from "../../../src/export/verify.ts";
import type { Random } from "../../../src/local/samples/random.ts";
import { ACCOUNT } from "../../gateway.ts";
import { some, startChurning, type Churn } from "../logs/churn.ts";
import { aFolder, all, rowsIn } from "./exported.ts";

const HOUR = 3_600_000;

/** Ends an extension host without warning. */
class Crash extends Error {}

/** Calls `meanwhile` before each call; calls are made one after the other, so that it may change what the pages of one batch show. */
function disturbed(client: CloudflareClient, meanwhile: () => void): CloudflareSource {
  let before: Promise<unknown> = Promise.resolve();
  const first =
    <Of extends unknown[], T>(call: (...of: Of) => Promise<T>) =>
    (...of: Of): Promise<T> => {
      const made = before.then(() => {
        meanwhile();
        return call(...of);
      });
      before = made.catch(() => undefined);
      return made;
    };
  return cloudflareSource(
    {
      listLogs: first(client.listLogs.bind(client)),
      getLog: first(client.getLog.bind(client)),
      getRequest: first(client.getRequest.bind(client)),
      getResponse: first(client.getResponse.bind(client)),
      patchLog: first(client.patchLog.bind(client)),
      deleteLogs: first(client.deleteLogs.bind(client)),
      listGateways: first(client.listGateways.bind(client)),
      getGateway: first(client.getGateway.bind(client)),
      now: () => client.now(),
    },
    ACCOUNT,
  );
}

/** Logs come and go. */
function churnOn(churn: Churn): void {
  const { random, alive } = churn;
  if (random.next() < 0.5) churn.add(random.between(1, 8), () => ({ createdAt: new Date(Date.now() + HOUR) }));
  if (random.next() < 0.4) churn.remove(some(random, alive.keys(), random.between(1, 20)));
}

/** What a crash may leave of the last write: less, half a line more, or other bytes. */
function damage(random: Random, partial: string): void {
  const { size } = statSync(partial);
  const kind = random.between(0, 5);
  if (kind === 0) truncateSync(partial, random.between(0, size));
  if (kind === 1 && size > 0) {
    const bytes = readFileSync(partial);
    const at = random.between(0, size - 1);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(partial, bytes);
  }
  if (kind > 2) appendFileSync(partial, '{"id":"half a line, "wri'.slice(0, random.between(1, 24)));
}

describe("an export that is interrupted while logs come and go", () => {
  let server: Awaited<ReturnType<typeof startChurning>>;
  let client: CloudflareClient;
  const folder = aFolder();
  const checkpoints = new Checkpoints(folder.file("checkpoints"));
  before(async () => {
    server = await startChurning();
    client = new CloudflareClient({
      baseUrl: server.server.baseUrl,
      token: () => Promise.resolve(server.server.token),
      budgets: new CallBudgets({ limit: 1_000_000 }),
    });
  });
  after(async () => {
    folder.remove();
    await server.close();
  });

  for (let seed = 1; seed <= 16; seed++) {
    it(`has no log twice and none missing (${seed})`, async () => {
      const churn = server.churn(seed, new Date());
      const { random } = churn;
      // From one log a second to hundreds, so that a second is cut within a page and over several.
      const perSecond = [1, 3, 40, 300][seed % 4] ?? 1;
      churn.add(700, (index) => ({ createdAt: new Date(Date.now() - HOUR - Math.floor(index / perSecond) * 1000) }));
      const original = new Set(churn.alive.keys());
      const bodies = seed % 6 === 0;
      const target = folder.file(`${seed}.jsonl`);
      const job = all({ bodies }, churn.gateway);
      let left = 6;
      let result;
      for (let run = 0; !result; run++) {
        const abort = new AbortController();
        let calls = random.between(2, bodies ? 300 : 14);
        const isCrash = random.next() < 0.5;
        const reads = disturbed(client, () => {
          churnOn(churn);
          if (left > 0 && --calls === 0) {
            if (isCrash) throw new Crash();
            abort.abort();
          }
        });
        const options = { signal: abort.signal, checkpoints, certainEveryMs: random.between(0, 20) };
        try {
          if (run > 0) result = await resumeExport(reads, job, target, options);
          // Before its first call there is nothing to resume.
          result ??= await exportLogs(reads, job, target, options);
        } catch (error) {
          assert.ok(error instanceof Crash || isAborted(error), String(error));
          left--;
          assert.ok(!existsSync(target));
          const partial = `${target}.partial`;
          if (error instanceof Crash && existsSync(partial)) damage(random, partial);
        }
      }
      const ids = rowsIn(target).map(({ id }) => String(id));
      assert.equal(new Set(ids).size, ids.length, "a log is there twice");
      const missing = [...original].filter((id) => churn.alive.has(id) && !ids.includes(id));
      assert.deepEqual(missing, []);
      assert.deepEqual(
        ids.filter((id) => !churn.ever.has(id)),
        [],
      );
      assert.equal(result.count, ids.length);
      if (bodies) await verifyExport(target, result);
      assert.ok(!existsSync(`${target}.partial`));
      assert.deepEqual(readdirSync(folder.file("checkpoints")), []);
    });
  }

  it("goes on where it was left: what is in the file is not read again", async () => {
    const churn = server.churn(99, new Date());
    churn.add(600, (index) => ({ createdAt: new Date(Date.now() - HOUR - index * 1000) }));
    const abort = new AbortController();
    const target = folder.file("left.jsonl");
    let calls = 0;
    const cancelled = disturbed(client, () => {
      if (++calls === 320) abort.abort();
    });
    const job = all({}, churn.gateway);
    const options = { signal: abort.signal, checkpoints };
    await assert.rejects(exportLogs(cancelled, job, target, options), isAborted);
    const unfinished = (await checkpoints.read(target))?.state;
    assert.ok(unfinished && unfinished.count >= 280 && unfinished.count < 320);
    let details = 0;
    const counting = disturbed(client, () => details++);
    const result = await resumeExport(counting, job, target, { ...options, signal: new AbortController().signal });
    assert.equal(result?.count, 600);
    assert.ok(details <= 600 - unfinished.count + 20, `${details} calls`);
    assert.equal(await checkpoints.read(target), undefined);
  });
});
