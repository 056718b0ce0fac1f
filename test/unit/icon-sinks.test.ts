import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";

/*
 * VS Code draws an icon for each `$(name)` in a CodeLens, in Markdown with that option, and in the status bar. Each of
 * these is created where its text is known to be plain; this test ensures that nothing else creates one. Lists are
 * tested in test/host/icons.test.ts.
 */

const root = join(import.meta.dirname, "../../src");
const sources = globSync("**/*.ts", { cwd: root }).map((file) => ({
  file,
  text: readFileSync(join(root, file), "utf8"),
}));

/** Returns the files with a match, and how often. */
const holding = (pattern: RegExp): Record<string, number> =>
  Object.fromEntries(
    sources.flatMap(({ file, text }) => {
      const count = text.match(pattern)?.length ?? 0;
      return count > 0 ? [[file, count]] : [];
    }),
  );

describe("what draws icons", () => {
  it("is made where its text is plain", () => {
    assert.deepEqual(holding(/new (?:vscode\.)?CodeLens\(/g), { "debugging/lenses.ts": 1 });
    assert.deepEqual(holding(/MarkdownString\([^)]*,\s*true\)|supportThemeIcons/g), { "debugging/card.ts": 1 });
    assert.deepEqual(holding(/ProgressLocation\.Window/g), {});
    assert.deepEqual(holding(/createStatusBarItem\(/g), { "recording/recording.ts": 1, "tree/auto-refresh.ts": 1 });
  });

  it("says in the status bar nothing that others have written, unless it is plain", () => {
    const said = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/setStatusBarMessage\(([\s\S]*?),\s*[\d_]+,?\s*\)/g)].map(([, words = ""]) => ({
        file,
        text,
        words,
      })),
    );
    assert.equal(
      said.length,
      Object.values(holding(/setStatusBarMessage\(/g)).reduce((sum, count) => sum + count, 0),
    );
    for (const { file, text, words } of said) {
      // Resolves names to their values; numbers and days aren't untrusted text.
      const told = /^\w+$/.test(words) ? (new RegExp(`const ${words} =([\\s\\S]*?);\n`).exec(text)?.[1] ?? "") : words;
      const others = told
        .replaceAll(/\b(?:plain|written)\([^()]*(?:\([^()]*\)[^()]*)*\)/g, "")
        .replaceAll(/"[^"]*"|\b\w+\.length\b/g, "");
      assert.doesNotMatch(others, /\b(?:explain|name|collectionId|model|filter|message|id)\b/, `${file}: ${words}`);
    }
  });
});
