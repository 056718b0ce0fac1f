import { spawnSync } from "node:child_process";
import { apt } from "./chromium.ts";

const isHere = (): boolean => spawnSync("/usr/bin/python3", ["-c", "import debugpy"], { stdio: "ignore" }).status === 0;

/**
 * Makes sure that Python's debugger is here. On Debian and its kin, as root, a missing one is installed with apt-get, saying so.
 * Throws a plain message where it cannot be had.
 */
export function needDebugpy(): void {
  if (isHere()) return;
  if (process.platform === "linux" && process.getuid?.() === 0) {
    console.log("Python's debugger is not here: installing it (apt-get install python3-debugpy), about half a minute…");
    const install = () => apt("install", "-y", "-qq", "python3-debugpy");
    if ((install() || (apt("update", "-qq") && install())) && isHere()) return;
  }
  throw new Error(
    "Python's debugger was not found. Install it (on Debian and Ubuntu, as root: apt-get install -y python3-debugpy).",
  );
}
