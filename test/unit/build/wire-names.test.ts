// Wire names of a source are known in its folder only.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { sourceFiles } from "../../../scripts/borders.ts";
import { root } from "../../../scripts/root.ts";
import { WIRE_KEYS } from "../../../src/sources/cloudflare/wire-keys.ts";

/** Folders with other people's formats: the local gateway speaks the API, chats have providers' names. */
const OTHERS = /^src\/(?:sources|local|chat)\//;

/** Files with names of our own that look the same, and why they do. */
const OWN: Readonly<Record<string, string>> = {
  "src/query/query-line.ts": "the grammar of what people type",
  "src/query/words.ts": "the words that people type before a colon",
  "src/export/row.ts": "the columns of exported tables",
  "src/logs/row-parts.ts": "the values of the setting rowDescription",
  "src/words/log-row.ts": "the values of the setting rowDescription",
};

/** Names in which the API differs from ours: snake_case and dotted ones. */
function wireNames(): string[] {
  const schema = readFileSync(join(root, "src/sources/cloudflare/schema.ts"), "utf8");
  const read = [...schema.matchAll(/\["([a-z_]+)"\]/g)].map(([, name = ""]) => name);
  const calls = ["per_page", "order_by", "order_by_direction", "result_info", "total_count", "meta_info"];
  return [...new Set([...WIRE_KEYS.values(), ...read, ...calls])].filter((name) => /[_.]/.test(name));
}

describe("wire names", () => {
  const names = wireNames();
  const isName = new RegExp(`(?<![\\w-])(?:${names.map((name) => name.replace(".", "\\.")).join("|")})(?![\\w-])`, "g");

  it("are found where they are", () => {
    assert.ok(names.length > 20);
    const schema = readFileSync(join(root, "src/sources/cloudflare/wire-keys.ts"), "utf8");
    assert.ok([...schema.matchAll(isName)].length >= 12);
  });

  it("of Cloudflare's logs are in its folder only", () => {
    const found = [...sourceFiles()].flatMap(([file, text]) =>
      OTHERS.test(file) || file in OWN ? [] : [...text.matchAll(isName)].map(([name]) => `${file}: ${name}`),
    );
    assert.deepEqual(found, []);
  });

  it("look like ours in the files that are named here", () => {
    const files = sourceFiles();
    for (const file of Object.keys(OWN)) assert.ok([...(files.get(file) ?? "").matchAll(isName)].length > 0, file);
  });
});
