import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { noticesOf } from "../../../scripts/notices.ts";

const root = join(import.meta.dirname, "../../..");

const inputsOf = (paths: readonly string[]) =>
  Object.fromEntries(paths.map((path) => [path, { bytes: 1, imports: [] }]));

/** Returns the notices for files from our own packages. */
const noticesFor = (...inputs: string[]) =>
  noticesOf(root, [{ inputs: inputsOf(inputs.map((input) => `node_modules/${input}`)) }]);

/** Returns the notices of a project with these files, all of them shipped code. */
function made(t: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "notices-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const code = Object.keys(files).filter((path) => path.endsWith(".js"));
  return noticesOf(folder, [{ inputs: inputsOf(code) }]);
}

const manifest = JSON.stringify({ name: "a", version: "1.0.0", license: "MIT" });
const PACKAGE = { "node_modules/a/package.json": manifest, "node_modules/a/LICENSE": "terms of a" };

test("what is inside the WebAssembly and the bundles that are shipped has its license in the notices", () => {
  const text = noticesFor(
    "pdfjs-dist/legacy/build/pdf.mjs",
    "pdfjs-dist/legacy/build/pdf.worker.mjs",
    "pdfjs-dist/wasm/openjpeg_nowasm_fallback.js",
    "pdfjs-dist/wasm/jbig2_nowasm_fallback.js",
    "undici/lib/llhttp/llhttp-wasm.js",
    "undici/lib/web/fetch/body.js",
    "undici/lib/web/websocket/receiver.js",
    "punycode.js/punycode.es6.js",
  );
  for (const words of [
    "wasm/LICENSE_OPENJPEG:",
    "Universite catholique de Louvain",
    "The PDFium Authors",
    "Marti Maria",
    "core-js, within pdfjs-dist",
    "Denis Pushkarev",
    "llhttp, within undici",
    "Copyright Fedor Indutny",
    "Ethan Arrowood",
    "formdata-polyfill. MIT License",
    "influenced by ws",
    "Copyright Mathias Bynens",
  ])
    assert.ok(text.includes(words), words);
  assert.equal(text.split("Denis Pushkarev").length, 2, "once, though it is in two files");
});

test("each text in the folders of what is shipped is there, with the comments of its files, and no other", (t) => {
  const text = made(t, {
    ...PACKAGE,
    "node_modules/a/NOTICE.md": "notice of a",
    "node_modules/a/license.js": "no terms",
    "node_modules/a/lib/inner/LICENSE_INNER": "terms within",
    "node_modules/a/lib/COPYING": "terms between",
    "node_modules/a/docs/LICENSE": "terms of what is not shipped",
    "node_modules/a/lib/inner/index.js": [
      "/*! banner of a */",
      "  // Copyright (c) 2020 Somebody",
      "  // All rights reserved.",
      "",
      "// shows the licenses in a dialog",
      'const url = "https://example.com/ Copyright of a page";',
      "/*",
      " * Terms of a",
      " * @license BSD",
      " */",
    ].join("\n"),
    "node_modules/@b/c/package.json": JSON.stringify({ name: "@b/c", version: "2.0.0", license: "ISC" }),
    "node_modules/@b/c/license-mit.txt": "terms of c",
    "node_modules/@b/c/index.js": "/*! banner of a */",
    "src/own.js": "/*! ours */",
  });
  for (const words of [
    "a 1.0.0 (MIT)",
    "LICENSE:\n\nterms of a",
    "NOTICE.md:\n\nnotice of a",
    "lib/COPYING:\n\nterms between",
    "lib/inner/LICENSE_INNER:\n\nterms within",
    "/*! banner of a */\n\n// Copyright (c) 2020 Somebody\n // All rights",
    "@license BSD",
    "@b/c 2.0.0 (ISC)\n\nterms of c\n\n/*! banner of a */",
  ])
    assert.ok(text.includes(words), `${words}\n\nin\n\n${text}`);
  for (const words of ["no terms", "not shipped", "dialog", "of a page", "ours"])
    assert.ok(!text.includes(words), words);
});

test("nothing is built whose license is not known", (t) => {
  const code = "node_modules/a/index.js";
  const { "node_modules/a/package.json": only } = PACKAGE;
  assert.throws(
    () => made(t, { "node_modules/a/package.json": only, [code]: "" }),
    /^Error: a has no text of its license$/,
  );
  const bundle = { ...PACKAGE, [code]: "// MODULE: ./node_modules/@d/e/index.js\n" };
  assert.throws(() => made(t, bundle), /^Error: @d\/e, within a, has no text/);
  assert.ok(made(t, { ...bundle, "scripts/licenses/@d+e.txt": "terms of e" }).includes("@d/e, within a\n\nterms of e"));
  const binary = { ...PACKAGE, "node_modules/a/lib/wasm.js": 'const bytes = "AGFzbQEAAAA=";' };
  assert.throws(() => made(t, binary), /wasm\.js holds WebAssembly/);
  assert.ok(made(t, { ...binary, "node_modules/a/lib/LICENSE": "terms of a module" }).includes("terms of a module"));
});
