import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, it } from "node:test";
import { BORDERS, folderOf, sourceFiles, violationsOf } from "../../../scripts/borders.ts";
import { root } from "../../../scripts/root.ts";

const files = sourceFiles();

/** A file in each folder, at its files' depth and one level deeper. */
const planted = (folder: string): string[] => {
  const path = folder === "src" || folder.startsWith("media/") ? folder : `src/${folder}`;
  return folder === "src" ? [`${path}/planted.ts`] : [`${path}/planted.ts`, `${path}/deeper/planted.ts`];
};

/** All forms of importing another file. */
const importsOf = (specifier: string): string[] => [
  `import { x } from "${specifier}";`,
  `import "${specifier}";`,
  `import * as x from "${specifier}";`,
  `import x, {\n  y,\n} from "${specifier}";`,
  `export * from "${specifier}";`,
  `export { x } from "${specifier}";`,
  `const { x } = await import("${specifier}");`,
  `const x = () =>\n  import(\n    "${specifier}"\n  );`,
];

const relative = (from: string, to: string): string => {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
};

describe("the borders of folders", () => {
  it("are kept by every file, and each folder has one", () => {
    assert.ok(files.size > 400, `${files.size} files`);
    const folders = new Set([...files.keys()].map(folderOf));
    assert.deepEqual([...folders].sort(), Object.keys(BORDERS).sort());
    assert.deepEqual(
      [...files].flatMap(([file, text]) => violationsOf(file, text)),
      [],
    );
  });

  it("have no cycle: each folder imports only such as are above it in the table", () => {
    const order = Object.keys(BORDERS);
    for (const [index, [folder, { folders, types = [] }]] of Object.entries(BORDERS).entries())
      for (const other of [...folders, ...types])
        assert.ok(order.indexOf(other) >= 0 && order.indexOf(other) < index, `${folder} imports ${other}`);
  });

  it("are noticed at every depth and in every form of an import", () => {
    let count = 0;
    for (const [folder, { folders, types = [] }] of Object.entries(BORDERS))
      for (const other of Object.keys(BORDERS).filter((one) => one !== folder && !folders.includes(one)))
        for (const file of planted(folder)) {
          const [target = ""] = planted(other);
          const specifier = relative(file, target.replace("planted", "other"));
          for (const text of importsOf(specifier)) {
            assert.deepEqual(violationsOf(file, text), [{ file, imported: specifier }], `${file}: ${text}`);
            count += 1;
          }
          const isNoticed = violationsOf(file, `import type { X } from "${specifier}";`).length === 1;
          assert.equal(isNoticed, !types.includes(other), `${file}: type of ${specifier}`);
        }
    assert.ok(count > 4000, `${count} imports planted`);
  });

  it("are noticed where a review once planted imports", () => {
    for (const [file, imported] of [
      ["src/chat/readers/x.ts", "../../tree/items.ts"],
      ["src/chat/readers/x.ts", "../../platform/notify.ts"],
      ["src/chat/readers/openai/x.ts", "../../../tree/items.ts"],
      ["src/logs/x.ts", "../words/explain.ts"],
      ["src/logs/x.ts", "../filter/words.ts"],
      ["src/logs/x.ts", "../platform/progress.ts"],
      ["src/local/samples/x.ts", "../../tools/rows.ts"],
      ["src/logs/x.ts", "../tree/items.ts"],
      ["src/logs/x.ts", "vscode"],
      ["src/deletion/core/x.ts", "vscode"],
      ["media/kit/x.ts", "../../src/sources/cloudflare/schema.ts"],
      ["media/log/x.ts", "../../src/tree/items.ts"],
      ["media/log/x.ts", "vscode"],
      ["media/log/x.ts", "node:fs"],
      ["src/logs/x.ts", "../../test/gateway.ts"],
      ["src/tree/x.ts", "undici"],
      ["src/sources/cloudflare/http/x.ts", "undici"],
      ["src/logs/x.ts", "../sources/cloudflare/schema.ts"],
    ] as const)
      assert.deepEqual(violationsOf(file, `import { x } from "${imported}";`), [{ file, imported }]);
  });

  it("let pass what is allowed", () => {
    for (const [file, text] of [
      ["src/logs/x.ts", 'import { x } from "../source/log.ts";'],
      ["src/logs/x.ts", 'import { join } from "node:path";'],
      ["src/chat/readers/x.ts", 'import { x } from "../json/json.ts";'],
      ["src/debugging/core/x.ts", 'import type * as vscode from "vscode";'],
      ["media/log/x.ts", 'import type { X } from "../../src/panel/protocol.ts";'],
      ["media/log/x.ts", 'import { x } from "lit/directives/ref.js";'],
    ] as const)
      assert.deepEqual(violationsOf(file, text), []);
  });

  it("are those that ARCHITECTURE.md shows", () => {
    const shown = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
    for (const [folder, { folders, files: single = [], packages = [] }] of Object.entries(BORDERS)) {
      const row = shown.split("\n").find((line) => line.startsWith(`| \`${folder}\``));
      const cells = row?.split("|").map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
      assert.deepEqual(cells?.slice(1, 4), [[folder], [...folders], [...packages]], `the row of ${folder}`);
      assert.ok(single.length === 0 || folder.startsWith("media/"));
    }
  });
});
