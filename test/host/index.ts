import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Mocha from "mocha";

/**
 * What VS Code calls inside its extension host: runs every *.test.js beside the built copy of this file and rejects when
 * a test failed; of the tests in them, those whose name AI_GATEWAY_LOGS_GREP matches, where that is set. The file named by
 * AI_GATEWAY_LOGS_COUNTS gets { files, passed, failed, skipped }, the last of which names each test.
 */
export async function run(): Promise<void> {
  const grep = process.env["AI_GATEWAY_LOGS_GREP"];
  const mocha = new Mocha({
    ui: "bdd",
    timeout: 60_000,
    color: false,
    reporter: "spec",
    ...(grep && { grep: new RegExp(grep) }),
  });
  const files = globSync("**/*.test.js", { cwd: import.meta.dirname });
  for (const file of files.toSorted()) {
    const path = join(import.meta.dirname, file);
    mocha.suite.emit("pre-require", globalThis, path, mocha);
    await import(pathToFileURL(path).href);
  }
  const skipped: string[] = [];
  const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats));
    runner.on("pending", (test) => skipped.push(`test/host: ${test.fullTitle()}`));
  });
  const { passes = 0, failures = 0 } = stats ?? {};
  const counts = { files: files.length, passed: passes, failed: failures, skipped };
  const target = process.env["AI_GATEWAY_LOGS_COUNTS"];
  if (target) writeFileSync(target, JSON.stringify(counts));
  if (failures > 0 || passes === 0) throw new Error(`${passes} passed, ${failures} failed`);
}
