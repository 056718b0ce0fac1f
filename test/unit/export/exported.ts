import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExportJob } from "../../../src/export/job.ts";
import type { CollectionRef } from "../../../src/source/log.ts";
import { GATEWAY } from "../../gateway.ts";

/** A temporary folder for a test's exports. */
export function aFolder() {
  const path = mkdtempSync(join(tmpdir(), "ai-gateway-export-"));
  return {
    path,
    file: (name: string) => join(path, name),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** All logs of a gateway, by default as JSON Lines with bodies. */
export function all(fields: Partial<ExportJob> = {}, gateway: CollectionRef = GATEWAY): ExportJob {
  const filter = { conditions: [], search: "", clientSide: [] };
  return { subset: { gateway, type: "fitting", filter }, format: "jsonLines", bodies: true, ...fields };
}

/** The rows of a file of JSON Lines. */
export function rowsIn(file: string): Record<string, unknown>[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
