// Wire names of a source are known in its folder only.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sourceFiles } from "../../../scripts/borders.ts";
import { DASHBOARD, NAMES } from "../../../src/sources/cloudflare/names.ts";
import { WIRE_KEYS } from "../../../src/sources/cloudflare/wire-keys.ts";

const FILES = sourceFiles();

/** Returns what a pattern's first group finds in a source's files. */
const inFolder = (folder: string, pattern: RegExp): string[] =>
  [...FILES]
    .filter(([file]) => file.startsWith(`src/sources/${folder}`))
    .flatMap(([, text]) => [...text.matchAll(pattern)].map(([, name = ""]) => name));

/** Names that differ from ours: of members (snake_case and dotted ones), paths, hosts and headers. */
const MEMBERS = [
  ...WIRE_KEYS.values(),
  ...inFolder("cloudflare/schema.ts", /\["([a-z_]+)"\]/g),
  "per_page",
  "order_by",
  "order_by_direction",
  "result_info",
  "total_count",
  "meta_info",
  ...inFolder("verifywise/", /["?.]([a-z]+(?:_[a-z]+)+)\b/g),
  ...inFolder("workers-logs/fields.ts", /"([a-z.]*_[a-z_.]+)"/g),
].filter((name) => /[_.]/.test(name));
const PATHS = inFolder("verifywise/", /"(\/api\/[a-z/-]+)"/g);
const HEADERS = Object.values(NAMES.headers);

/** What finds names, where they may be, and other files with words that look the same: why they do. */
type Check = { pattern: RegExp; folders: RegExp; own: Readonly<Record<string, string>> };

const oneOf = (names: readonly string[]): string =>
  [...new Set(names)].map((name) => name.replaceAll(".", "\\.")).join("|");

const CHECKS: Readonly<Record<string, Check>> = {
  members: {
    pattern: new RegExp(`(?<![\\w-])(?:${oneOf(MEMBERS)})(?![\\w-])`, "g"),
    // The local gateway speaks the API, chats have providers' names.
    folders: /^src\/(?:sources|local|chat)\//,
    own: {
      "src/query/query-line.ts": "the grammar of what people type",
      "src/query/words.ts": "the words that people type before a colon",
      "src/export/row.ts": "the columns of exported tables",
      "src/logs/row-parts.ts": "the values of the setting rowDescription",
      "src/words/log-row.ts": "the values of the setting rowDescription",
      "src/source/log.ts": "a metadata entry, as people see and type it",
    },
  },
  "headers, hosts and paths": {
    pattern: new RegExp(
      `cf[-_]aig|${NAMES.logIds.binding}|[\\w.]+\\.cloudflare\\.com|${oneOf(PATHS)}|/api/ai-gateway|/client/v4`,
      "gi",
    ),
    // The recorder is called like the gateway.
    folders: /^src\/(?:sources|local|recorder)\//,
    own: { "src/chat/snippets/keys.ts": "the customary environment variable, CF_AIG_TOKEN" },
  },
};

/** Returns the names in files that may not know them. */
const foundIn = ({ pattern, folders, own }: Check, files: ReadonlyMap<string, string>): string[] =>
  [...files].flatMap(([file, text]) =>
    folders.test(file) || file in own ? [] : [...text.matchAll(pattern)].map(([name]) => `${file}: ${name}`),
  );

describe("wire names", () => {
  for (const [kind, check] of Object.entries(CHECKS)) {
    it(`of sources are in their folders only: ${kind}`, () => {
      assert.deepEqual(foundIn(check, FILES), []);
    });

    it(`look like ours in the files that are named here: ${kind}`, () => {
      for (const file of Object.keys(check.own))
        assert.ok([...(FILES.get(file) ?? "").matchAll(check.pattern)].length > 0, file);
    });
  }

  it("are found wherever they are planted", () => {
    assert.ok(
      new Set(MEMBERS).size > 40 && PATHS.length >= 5,
      `${new Set(MEMBERS).size} members, ${PATHS.length} paths`,
    );
    for (const name of ["event_id", "metadata.key", "virtual_key_name", "cost_usd", "request_messages"])
      assert.ok(MEMBERS.includes(name), name);
    const others = [...HEADERS, NAMES.host, DASHBOARD, "api.cloudflare.com", "/client/v4", "HTTP_CF_AIG_EVENT_ID"];
    for (const [kind, names] of [
      ["members", MEMBERS],
      ["headers, hosts and paths", [...others, ...PATHS, NAMES.logIds.binding]],
    ] as const)
      for (const name of names)
        for (const file of ["src/tree/planted.ts", "src/debugging/core/planted.ts", "media/log/planted.ts"]) {
          const check = CHECKS[kind];
          assert.ok(check && foundIn(check, new Map([[file, `x("${name}");`]])).length > 0, `${file}: ${name}`);
        }
  });
});
