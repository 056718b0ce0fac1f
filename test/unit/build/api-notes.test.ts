import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { root } from "../../../scripts/root.ts";
import { apiNotes, verifywiseNotes, workersNotes } from "../api-notes.ts";

const sources = globSync(["{src,media,scripts,test}/**/*.{ts,mjs,css}", "*.{md,mjs}"], { cwd: root })
  .filter((file) => file !== "test/unit/build/api-notes.test.ts")
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));

/** Citations and the sections they name. A citation that is broken over two lines names none. */
const citations = sources.flatMap(({ file, text }) =>
  [...text.matchAll(/\bAPI notes:(?:([^)"\n]+)[)"])?/gi)].map(([whole, names]) => ({
    where: `${file}: ${whole}`,
    names: names?.split(";").map((name) => name.trim()) ?? [],
  })),
);

describe("the citations of docs/cloudflare-api.md", () => {
  it("each name a section that is there", () => {
    assert.ok(citations.length > 100);
    for (const { where, names } of citations) {
      assert.notEqual(names.length, 0, `${where}: names no section`);
      for (const name of names) assert.ok(apiNotes.has(name), `${where}: there is no section "${name}"`);
    }
  });

  it("leave no section out", () => {
    const cited = new Set(citations.flatMap(({ names }) => names));
    assert.deepEqual(
      [...apiNotes.keys()].filter((heading) => !cited.has(heading)),
      [],
    );
  });

  it("are the only ones: nothing cites a document that is not in the repository", () => {
    for (const { file, text } of sources) {
      const [outside] = /\bfacts \d|\b(?:facts|observability|agents|attacks|house|words)\.md\b/.exec(text) ?? [];
      assert.equal(outside, undefined, file);
    }
  });
});

for (const [document, notes] of [
  ["verifywise-api", verifywiseNotes],
  ["workers-observability-api", workersNotes],
] as const)
  it(`each citation of docs/${document}.md names a section that is there`, () => {
    const cited = sources.flatMap(({ file, text }) =>
      [...text.matchAll(new RegExp(`\\(docs/${document}\\.md:([^)]*)\\)`, "g"))].map(([, name = ""]) => ({
        file,
        // A comment may break the line after the colon.
        name: name.replace(/^[\s*]+/, ""),
      })),
    );
    assert.ok(cited.length > 5);
    for (const { file, name } of cited) assert.ok(notes.has(name), `${file}: there is no section "${name}"`);
  });
