import { spawnSync } from "node:child_process";
import { apt } from "./chromium.ts";

/** Environment variable for the tests' Python, for machines on which `find` doesn't find it. */
export const PYTHON = "AI_GATEWAY_LOGS_PYTHON";

/** Returns this machine's first Python with a debugger. */
function find(): string | undefined {
  const { [PYTHON]: own } = process.env;
  const pythons = [...(own ? [own] : []), "/usr/bin/python3", "python3", "python"];
  return pythons.find((python) => spawnSync(python, ["-c", "import debugpy"], { stdio: "ignore" }).status === 0);
}

/**
 * Returns a Python with debugpy. On Debian-based systems, as root, installs a missing one with apt-get, with a message.
 * Throws a plain message if there is none.
 */
export function pythonPath(): string {
  const found = find();
  if (found) return found;
  if (process.platform === "linux" && process.getuid?.() === 0) {
    console.log("Python's debugger is not here: installing it (apt-get install python3-debugpy), about half a minute…");
    const install = () => apt("install", "-y", "-qq", "python3-debugpy");
    const installed = (install() || (apt("update", "-qq") && install())) && find();
    if (installed) return installed;
  }
  throw new Error(
    "No Python with debugpy was found. Install it (pip install debugpy; on Debian and Ubuntu, as root: apt-get install -y " +
      `python3-debugpy) or put the path of a Python that has it in the environment variable ${PYTHON}.`,
  );
}
