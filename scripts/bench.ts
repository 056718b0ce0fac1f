// npm run bench: runs test/bench/*.bench.ts one after another and prints the results; `npm run bench -- page` runs
// those with "page" in their file name. Fails if one isn't ok.
import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./root.ts";

/** A benchmark's result: lines to print, and whether it meets its limits. */
export type Measured = { name: string; lines: string[]; ok: boolean };

const filter = process.argv[2] ?? "";
const files = globSync("test/bench/*.bench.ts", { cwd: root }).filter((file) => file.includes(filter));
for (const file of files.toSorted()) {
  const bench = (await import(pathToFileURL(join(root, file)).href)) as { default: () => Promise<Measured> };
  const { name, lines, ok } = await bench.default();
  console.log(`${ok ? "✔" : "✖"} ${name}`);
  for (const line of lines) console.log(`    ${line}`);
  if (!ok) process.exitCode = 1;
}
if (files.length === 0) {
  console.error(`no benchmark is named "${filter}"`);
  process.exitCode = 1;
}
