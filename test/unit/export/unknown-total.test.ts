import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { Checkpoints } from "../../../src/export/checkpoints.ts";
import { exportLogs, resumeExport, type ExportProgress } from "../../../src/export/export.ts";
import type { ExportJob } from "../../../src/export/job.ts";
import { isAborted, SourceError } from "../../../src/source/errors.ts";
import type { Log } from "../../../src/source/log.ts";
import type { LogSource } from "../../../src/source/source.ts";
import { memorySource } from "../../memory-source.ts";
import { aFolder, all, rowsIn } from "./exported.ts";

const GATEWAY = { sourceId: "memory", collectionId: "kept" };

const LOGS = Array.from({ length: 25 }, (_, index): Log => ({
  id: `log-${index}`,
  createdAt: new Date(Date.UTC(2026, 10, 20) - index * 1000),
  provider: "openai",
  path: "",
  success: index % 3 !== 0,
  cached: false,
  customCost: false,
  metadata: {},
  raw: {},
}));

/** The source in memory, which refuses each later page once: an export says how far it is then. */
function refusing(logs: readonly Log[], total?: number): LogSource {
  const { source } = memorySource(GATEWAY.sourceId, logs);
  let isRefused = false;
  return {
    ...source,
    list: async (of, query, place, options) => {
      isRefused = place !== undefined && !isRefused;
      if (isRefused) throw new SourceError("rateLimited", "Too many calls.", { retryAt: new Date() });
      const page = await source.list(of, query, place, options);
      return total === undefined ? page : { ...page, total };
    },
  };
}

describe("the progress of an export", () => {
  const folder = aFolder();
  const { signal } = new AbortController();
  after(() => folder.remove());

  /** Exports to a file, and returns what was said on the way. */
  async function saidBy(source: LogSource, job: ExportJob, target: string): Promise<ExportProgress[]> {
    const said: ExportProgress[] = [];
    await exportLogs(source, job, target, { signal, onProgress: (far) => void said.push(far) });
    return said;
  }

  it("has no total and no time left where the source tells no total, at any time", async () => {
    const filter = {
      conditions: [{ key: "success", operator: "eq" as const, value: [true] }],
      search: "",
      clientSide: [],
    };
    const succeeded = all({ bodies: false, subset: { type: "fitting", gateway: GATEWAY, filter } });
    for (const [name, logs, job, count] of [
      ["all", LOGS, all({ bodies: false }, GATEWAY), 25],
      ["filtered", LOGS, succeeded, 16],
      ["none", [], all({ bodies: false }, GATEWAY), 0],
    ] as const) {
      const said = await saidBy(refusing(logs), job, folder.file(`${name}.jsonl`));
      assert.ok(said.length >= (count > 0 ? 4 : 2), name);
      for (const far of said) assert.deepEqual([far.total, far.leftMs], [undefined, undefined], name);
      assert.deepEqual([said[0]?.count, said.at(-1)?.count], [0, count], name);
    }
  });

  it("has the same total from its start to its end where the source tells one", async () => {
    const said = await saidBy(refusing(LOGS, 25), all({ bodies: false }, GATEWAY), folder.file("total.jsonl"));
    assert.ok(said.length >= 4);
    for (const { total } of said) assert.equal(total, 25);
    assert.ok(said.slice(1).every(({ leftMs }) => leftMs !== undefined));
    assert.equal(said.at(-1)?.leftMs, 0);
  });

  it("has the number of chosen logs as its total, whatever the source tells", async () => {
    const subset = { type: "chosen", gateway: GATEWAY, logIds: ["log-3", "log-4"] } as const;
    const said = await saidBy(memorySource("memory", LOGS).source, all({ subset, bodies: false }), folder.file("two"));
    assert.ok(said.length > 0 && said.every(({ total }) => total === 2));
  });

  it("has no total when it's resumed, nor has the note of the unfinished export", async () => {
    const checkpoints = new Checkpoints(folder.file("checkpoints"));
    const target = folder.file("resumed.jsonl");
    const job = all({ bodies: false }, GATEWAY);
    const stop = new AbortController();
    const onProgress = ({ waitingUntil }: ExportProgress) => waitingUntil && stop.abort();
    const stopped = exportLogs(refusing(LOGS), job, target, { signal: stop.signal, checkpoints, onProgress });
    await assert.rejects(stopped, isAborted);
    const noted = (await checkpoints.read(target))?.state ?? assert.fail("nothing to resume");
    assert.ok(noted.count > 0 && noted.count < 25);
    assert.equal(noted.total, undefined);
    const said: ExportProgress[] = [];
    const options = { signal, checkpoints, onProgress: (far: ExportProgress) => void said.push(far) };
    assert.equal((await resumeExport(refusing(LOGS), job, target, options))?.count, 25);
    assert.ok(said.length > 0 && said.every(({ total }) => total === undefined));
    assert.deepEqual(
      rowsIn(target).map(({ id }) => id),
      LOGS.map(({ id }) => id),
    );
  });
});
