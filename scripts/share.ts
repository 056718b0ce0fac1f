// What node:test starts in place of test files, in several processes: each takes the next file that none has taken, runs it as a
// suite that has the file's path for its name, and goes on until none is left, or ends after a file that wants a process of its own.
// Its arguments are a folder with the list, `files.json`, and "filtered" where tests are chosen by name.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "./root.ts";

/** A test file, relative to the project, and whether no other may run in its process. */
export type Taken = { file: string; isAlone: boolean };

const [, , folder, filtered] = process.argv;
if (folder === undefined) throw new Error("usage: node share.ts FOLDER [filtered]");

/** Whether this process is the first to take the file with this number. */
function takes(number: number): boolean {
  try {
    writeFileSync(join(folder ?? "", String(number)), "", { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

// A test may wait for nothing but a timer that doesn't keep its process alive; node:test would call that the end.
const alive = filtered === undefined ? setInterval(() => undefined, 1000) : undefined;

const files = JSON.parse(readFileSync(join(folder, "files.json"), "utf8")) as Taken[];
for (const [number, { file, isAlone }] of files.entries()) {
  if (!takes(number)) continue;
  const end = describe(file, { timeout: 600_000 }, () => import(pathToFileURL(join(root, file)).href));
  // node:test waits for what a suite holds before it drops the suite by its name only as long as no test has begun.
  if (filtered === undefined) await end;
  if (isAlone) break;
}
clearInterval(alive);
