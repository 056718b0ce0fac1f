// npm run mutants: makes harmful changes to the source, one at a time, and fails if no test notices, or if a change no
// longer applies. `-- --only ID` (repeatable) takes the mutants of that ID or source file.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MUTANTS } from "../test/mutants/index.ts";
import { mutated } from "../test/mutants/mutant.ts";
import { judge, runTests } from "../test/mutants/run.ts";
import { whenNpmEnds } from "./processes.ts";
import { root } from "./root.ts";

const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
const isWanted = ({ id, file }: { id: string; file: string }) =>
  values.only?.some((word) => id.startsWith(word) || file.endsWith(word)) ?? true;

const wanted = MUTANTS.filter(isWanted);
if (wanted.length === 0) throw new Error(`no mutant is called ${values.only?.join(" or ")}, nor is its file`);

const started = Date.now();
const bad: string[] = [];

// Everything that tests put in the temporary folder is deleted with this process, however they end.
const folder = mkdtempSync(join(tmpdir(), "ai-gateway-logs-"));
process.env[process.platform === "win32" ? "TEMP" : "TMPDIR"] = folder;
process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const stopped = new AbortController();
function stop(): void {
  stopped.abort();
  process.exit(130);
}
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, stop);
whenNpmEnds(stop);

/** Processes the items, several at once; failures are reported and counted. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left)
      await work(item).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

function fail(message: string): void {
  bad.push(message);
  console.log(`✖ ${message}`);
}

for (const mutant of wanted) {
  try {
    mutated(mutant, readFileSync(join(root, mutant.file), "utf8"));
  } catch (error) {
    fail(String(error));
  }
}
// A test that fails anyway kills every mutant.
await each([...new Set(wanted.flatMap(({ tests }) => tests))], async (file) => {
  const { end, output } = await runTests(file, undefined, stopped.signal);
  if (end !== "passed") fail(`${file} ${end} without a mutant:\n${output}`);
});
let killed = 0;
if (bad.length === 0) {
  await each(wanted, async (mutant) => {
    const since = Date.now();
    const { verdict, by } = await judge(mutant, stopped.signal);
    if (verdict === "survived") return fail(`${mutant.id} survived: ${mutant.file}, ${mutant.tests.join(", ")}`);
    killed++;
    console.log(`✔ ${mutant.id}: ${by} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
  });
}
const seconds = ((Date.now() - started) / 1000).toFixed(1);
console.log(`${killed} of ${wanted.length} mutants killed, ${bad.length} failures, ${seconds} s`);
process.exitCode = bad.length > 0 ? 1 : 0;
