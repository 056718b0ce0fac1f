import { existsSync, readFileSync } from "node:fs";

/** The parent of a process, where /proc tells. */
function parentOf(pid: number): number | undefined {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) ? Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(file, "utf8"))?.[1]) : undefined;
}

/** Whether a process lives. */
export function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Calls `ended` once when the `npm run` this process was started by is no more. npm starts a shell that starts this: of
 * a signal sent to npm alone this process hears nothing. Does nothing when it was started without npm.
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
