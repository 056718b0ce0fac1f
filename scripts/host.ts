// Runs the built tests inside VS Code: in the cached VS Code server, or with --desktop in a desktop VS Code that
// @vscode/test-electron downloads from Microsoft.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import { cacheFolder } from "./cache.ts";
import { root } from "./root.ts";

const desktop = process.argv.includes("--desktop");
const profile = mkdtempSync(join(tmpdir(), "ai-gateway-logs-"));
process.on("exit", () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
try {
  await runTests({
    ...(desktop
      ? { cachePath: join(cacheFolder(), "desktop") }
      : { vscodeExecutablePath: join(import.meta.dirname, "code.mjs") }),
    extensionDevelopmentPath: [root, join(root, "test/host/debugpy")],
    extensionTestsPath: join(root, "dist/test/index.js"),
    launchArgs: [`--extensions-dir=${join(profile, "extensions")}`, `--user-data-dir=${join(profile, "data")}`],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
