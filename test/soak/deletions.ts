// `node test/soak/deletions.ts FROM END STEP` plays these histories of deletions one after another, and exits with 1 if
// one deletes unseen logs or reports a wrong count. `npm run soak` starts one for each core.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { playHistory, startForHistories } from "../unit/deletion/histories.ts";

const [from = 0, end = 0, step = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "ai-gateway-histories-"));
const server = await startForHistories();
const sums = { histories: 0, deleted: 0, unseen: 0, ignored: 0, failed: 0 };
for (let seed = from; seed < end; seed += step) {
  try {
    const { deleted, unseen, isDeleteIgnored } = await playHistory(server, seed, join(folder, "kept.jsonl"));
    sums.histories++;
    sums.deleted += deleted;
    sums[isDeleteIgnored ? "ignored" : "unseen"] += unseen.length;
    if (unseen.length > 0 && !isDeleteIgnored)
      console.log(`✖ history ${seed} deleted ${unseen.join(", ")}, which nobody saw`);
  } catch (error) {
    sums.failed++;
    console.log(`✖ history ${seed}: ${String(error)}`);
  }
}
await server.close();
rmSync(folder, { recursive: true, force: true });
console.log(
  `histories from ${from} by ${step}: ${sums.histories} played, ${sums.deleted} logs deleted, ${sums.unseen} unseen, ` +
    `${sums.ignored} where DELETE ignores its filter, ${sums.failed} failed`,
);
process.exitCode = sums.unseen + sums.failed > 0 ? 1 : 0;
