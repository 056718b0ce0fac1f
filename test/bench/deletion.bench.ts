import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Measured } from "../../scripts/bench.ts";
import { previewOf } from "../../src/deletion/core/preview.ts";
import { deleteSubset } from "../../src/deletion/core/run.ts";
import { fitting, limitedSource, simulatedBudget } from "../unit/deletion/deletions.ts";

const LOGS = 100_000;
/** Delays before each check of a batch, in ms: the server deletes at once, and waiting isn't measured. */
const PAUSES = [2, 5, 10, 50, 500, 5000];
/** Limit on the process's growth in MB: IDs and one page, not rows; most of it is garbage of 8,000 responses. */
const MOST_MB = 256;
/**
 * Calls for 50 logs: the preview reads them, the deletion reads, deletes and checks. Twice the checks for slow batches.
 */
const MOST_CALLS = (LOGS / 50) * 5 + 50;

/** Deletes all logs of a gateway by ID, within a call budget of 1,200 calls in five minutes with simulated waits. */
export default async function deletion(): Promise<Measured> {
  const child = fork(join(import.meta.dirname, "server.ts"), ["gateway", String(LOGS)]);
  const [server] = (await once(child, "message")) as [{ baseUrl: string; token: string }];
  const budget = simulatedBudget(1200);
  let calls = 0;
  const source = limitedSource(server, budget.options, () => calls++);
  const before = process.memoryUsage.rss();
  let peak = before;
  const watching = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  const { signal } = new AbortController();
  try {
    const started = performance.now();
    const preview = await previewOf(source, fitting("provider:openai"), { signal, onWait: budget.onWait });
    if (preview?.ids.length !== LOGS) throw new Error(`${preview?.ids.length} of ${LOGS} logs are previewed`);
    const [previewMs, previewCalls] = [performance.now() - started, calls];
    const outcome = await deleteSubset(source, preview, {
      signal,
      onGone: () => undefined,
      onWait: budget.onWait,
      pauses: PAUSES,
    });
    const took = performance.now() - started;
    const mb = (peak - before) / 1e6;
    const isDone = outcome.end === "done" && outcome.gone === LOGS;
    const ok = isDone && calls <= MOST_CALLS && mb <= MOST_MB;
    return {
      name: `deleting ${LOGS} logs by their ids`,
      ok,
      lines: [
        `preview ${(previewMs / 1000).toFixed(1)} s, ${previewCalls} calls; all ${(took / 1000).toFixed(1)} s, ${calls} calls (at most ${MOST_CALLS})`,
        `${outcome.end}, ${outcome.gone} gone; waiting for the call limit would have taken ${budget.minutes.toFixed(0)} min more`,
        `memory grew by ${mb.toFixed(0)} MB at most (limit ${MOST_MB})`,
      ],
    };
  } finally {
    clearInterval(watching);
    child.disconnect();
  }
}
