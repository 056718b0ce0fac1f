import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/root.ts";

/** Returns the sections of a document: heading and text. */
function sectionsOf(file: string): ReadonlyMap<string, string> {
  const [, ...parts] = readFileSync(join(root, file), "utf8").split(/^## /m);
  return new Map(
    parts.map((part): [string, string] => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end + 1)];
    }),
  );
}

/** The sections of docs/cloudflare-api.md: heading and text. */
export const apiNotes = sectionsOf("docs/cloudflare-api.md");

/** The sections of docs/verifywise-api.md: heading and text. */
export const verifywiseNotes = sectionsOf("docs/verifywise-api.md");

/** The sections of docs/workers-observability-api.md: heading and text. */
export const workersNotes = sectionsOf("docs/workers-observability-api.md");
