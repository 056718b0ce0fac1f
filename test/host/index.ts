import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Mocha from "mocha";

/**
 * VS Code calls this in its extension host: it runs every *.test.js next to the built copy of this file, and rejects if
 * a test failed. AI_GATEWAY_LOGS_GREP selects tests by name. The file in AI_GATEWAY_LOGS_COUNTS gets { files, passed,
 * failed, skipped }; skipped lists the names.
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
