// node leash.ts FOLDER COMMAND [ARGUMENT…] runs the command, and ends it with all its children as soon as standard
// input closes, which happens however the parent dies, even by SIGKILL. Then removes FOLDER, unless it is "-".
import { spawn, spawnSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";

const [folder, command, ...args] = process.argv.slice(2);
if (!folder || !command) throw new Error("usage: node leash.ts FOLDER|- COMMAND [ARGUMENT…]");

const windows = process.platform === "win32";
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], detached: !windows });
const pid = child.pid;

/** Sends a signal to the command's process group; false if nothing of it is left. */
function signal(name: NodeJS.Signals | 0): boolean {
  if (!pid) return false;
  if (windows) return name !== 0 && spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"]).status === 0;
  try {
    return process.kill(-pid, name);
  } catch {
    return false;
  }
}

/** Ends the command's whole group: politely, and after two seconds by force. */
async function end(): Promise<void> {
  const deadline = Date.now() + 2000;
  signal("SIGTERM");
  while (signal(0) && Date.now() < deadline) await wait(50);
  signal("SIGKILL");
  while (signal(0) && Date.now() < deadline + 2000) await wait(50);
  if (folder && folder !== "-") await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit();
}

// A closed or interrupted terminal reaches this process only through its standard input.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => undefined);
child.on("error", (error) => console.error(`cannot start ${command}: ${error.message}`));
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
  void end();
});
process.stdin.on("close", () => void end()).resume();
