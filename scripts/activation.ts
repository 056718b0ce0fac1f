import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { root } from "./root.ts";

/** Limit on what VS Code reads for the extension at activation, in bytes. */
export const activationLimit = 10_000;

/**
 * Returns the files that VS Code reads when it activates the built extension: dist/extension.js and its static imports,
 * not those of a dynamic import(). Paths are relative to the project. Throws if nothing is built.
 */
export function activationFiles(): { files: string[]; bytes: number } {
  const meta = JSON.parse(readFileSync(join(root, "dist/meta.json"), "utf8")) as Metafile;
  const files = new Set(["dist/extension.js"]);
  for (const file of files)
    for (const { path, kind, external } of meta.outputs[file]?.imports ?? [])
      if (kind === "import-statement" && !external) files.add(path);
  const bytes = [...files].reduce((sum, file) => sum + (meta.outputs[file]?.bytes ?? 0), 0);
  return { files: [...files], bytes };
}
