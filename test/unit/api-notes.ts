import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/root.ts";

const [, ...parts] = readFileSync(join(root, "docs/cloudflare-api.md"), "utf8").split(/^## /m);

/** The sections of docs/cloudflare-api.md: heading and text. */
export const apiNotes: ReadonlyMap<string, string> = new Map(
  parts.map((part): [string, string] => {
    const end = part.indexOf("\n");
    return [part.slice(0, end), part.slice(end + 1)];
  }),
);
