// npm run demo: builds the extension and serves a VS Code window with it, connected to the sample gateway, until it is
// interrupted. --port N chooses the port; --desktop opens the desktop VS Code on the PATH (`code`) instead.
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { whenNpmEnds } from "./processes.ts";
import { root } from "./root.ts";
import { addSamples } from "./samples.ts";
import { cleanSettings, startServer, vscodeServer } from "./vscode.ts";

const { values } = parseArgs({ options: { port: { type: "string" }, desktop: { type: "boolean" } } });

/** Opens a desktop VS Code with a separate profile, and waits until its window is closed. */
async function desktop(): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), "ai-gateway-logs-"));
  const data = join(profile, "data");
  try {
    await addSamples(data);
    await writeFile(join(data, "User/settings.json"), JSON.stringify(cleanSettings));
    const args = [
      "--new-window",
      "--wait",
      `--user-data-dir=${data}`,
      `--extensions-dir=${join(profile, "extensions")}`,
    ];
    const child = spawn("code", [...args, `--extensionDevelopmentPath=${root}`], {
      stdio: "inherit",
      shell: process.platform === "win32",
    });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill());
    console.log("The extension runs in a VS Code window of its own: click AI Gateway in its activity bar.");
    await new Promise((resolve, reject) => child.once("error", reject).once("exit", resolve));
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    console.error(missing ? "There is no `code` on the PATH: run npm run demo without --desktop." : error);
    process.exitCode = 1;
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Serves a window to the browser until this process is stopped. */
async function serve(): Promise<void> {
  const starting = startServer({ port: Number(values.port ?? 0), extensions: [root], prepare: addSamples });
  const stop = () => void starting.then((server) => server.stop());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  whenNpmEnds(stop);
  const server = await starting;
  console.log("VS Code is served with the extension and its sample gateway. Ctrl+C ends it and leaves nothing behind.");
  console.log(`Open ${server.url}/ in a browser and click AI Gateway in the activity bar, at the left edge.`);
  await server.ended;
}

if (!values.desktop) await vscodeServer();
const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(1);
await (values.desktop ? desktop() : serve());
