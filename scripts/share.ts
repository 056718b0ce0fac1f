// What node:test starts in place of test files, in several processes: each takes the next file that none has taken, runs it as a
// suite that has the file's path for its name, and goes on until none is left, or ends after a file that wants a process of its own.
// Its argument is a folder with the list, `files.json`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "./root.ts";

/** A test file, relative to the project, and whether no other may run in its process. */
export type Taken = { file: string; isAlone: boolean };

const folder = process.argv[2];
if (folder === undefined) throw new Error("usage: node share.ts FOLDER");

/** Whether this process is the first to take the file with this number. */
function takes(number: number): boolean {
  try {
    writeFileSync(join(folder ?? "", String(number)), "", { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

const files = JSON.parse(readFileSync(join(folder, "files.json"), "utf8")) as Taken[];
for (const [number, { file, isAlone }] of files.entries()) {
  if (!takes(number)) continue;
  await describe(file, { timeout: 600_000 }, () => import(pathToFileURL(join(root, file)).href));
  if (isAlone) break;
}
