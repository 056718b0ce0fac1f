import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../../scripts/root.ts";
import type { Mutant } from "./mutant.ts";

/** Timeout of a test file, in ms. */
const HANGS = 300_000;

/** A failed and a passed test in TAP. */
const FAILED = /^ *not ok \d/m;
const PASSED = /^ *ok \d/m;

/**
 * A test file's result: `failed` if a test failed, `passed` if one ran and none failed; `broken` if nothing ran, as
 * with a source that no longer parses, which proves nothing. `output`: TAP and printed text.
 */
type Ended = { end: "passed" | "failed" | "hung" | "broken"; output: string };

/** Runs a file of `test/unit` in a separate process, which reads the mutated source. */
export async function runTests(file: string, mutant: Mutant | undefined, signal?: AbortSignal): Promise<Ended> {
  const load = `${new URL("load.ts", import.meta.url).href}?${encodeURIComponent(JSON.stringify(mutant))}`;
  const args = [
    ...(mutant ? ["--import", load] : []),
    "--test-reporter=tap",
    // Doesn't wait for handles that a failed test left open.
    "--test-force-exit",
    join(root, "test/unit", file),
  ];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal ? { signal } : {}),
  });
  let output = "";
  let end: Ended["end"] | undefined;
  const stop = (how: Ended["end"]) => {
    end ??= how;
    child.kill("SIGKILL");
  };
  const timer = setTimeout(stop, HANGS, "hung");
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
      // One failure is enough.
      if (mutant && FAILED.test(output)) stop("failed");
    });
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  clearTimeout(timer);
  // The final counts may be missing: a forced exit doesn't wait for long output.
  end ??= FAILED.test(output) ? "failed" : code === 0 && PASSED.test(output) ? "passed" : "broken";
  return { end, output };
}

/**
 * Returns a mutant's fate: `killed` by a test file, or `survived` all of them.
 * @throws Error if it proves nothing: the mutant is stale, or the mutated source doesn't parse
 */
export async function judge(
  mutant: Mutant,
  signal?: AbortSignal,
): Promise<{ verdict: "killed" | "survived"; by?: string }> {
  for (const file of mutant.tests) {
    const { end, output } = await runTests(file, mutant, signal);
    if (end === "broken") throw new Error(`With the mutant ${mutant.id}, ${file} does not run:\n${output}`);
    if (end !== "passed") return { verdict: "killed", by: end === "hung" ? `${file}, which hangs` : file };
  }
  return { verdict: "survived" };
}
