import { existsSync, readFileSync } from "node:fs";

/** Returns the parent of a process, if /proc has it. */
function parentOf(pid: number): number | undefined {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) ? Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(file, "utf8"))?.[1]) : undefined;
}

/** Whether a process is running. */
export function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Calls `ended` once when the `npm run` that started this process has ended. npm starts a shell that starts this, so a
 * signal to npm alone doesn't reach it. Does nothing without npm.
 */
export function whenNpmEnds(ended: () => void): void {
  if (!process.env["npm_lifecycle_event"]) return;
  const parent = process.ppid;
  const above = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && (!above || lives(above))) return;
    clearInterval(timer);
    ended();
  }, 500);
  timer.unref();
}
