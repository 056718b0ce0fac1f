// Builds what VS Code loads. Flags: --dev (not minified, with source maps), --watch (dev, rebuilds at each change),
// --tests (also the tests that run inside VS Code). The host bundle is ESM: each dynamic import() becomes a file under
// dist/chunks, read on demand.
import { globSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { context } from "esbuild";
import { noticesOf } from "./scripts/notices.ts";

const root = import.meta.dirname;
const watch = process.argv.includes("--watch");
const dev = watch || process.argv.includes("--dev");
const tests = process.argv.includes("--tests");

/** @type {import("esbuild").BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  minify: !dev,
  sourcemap: dev,
};

/** @type {import("esbuild").BuildOptions} */
const node = {
  ...shared,
  platform: "node",
  target: "node22",
  external: ["vscode"],
  splitting: true,
  // CommonJS packages inside an ES module still call require() for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};

/**
 * esbuild makes the entry import the chunk of its own helpers, which it doesn't use: one more file to load at
 * activation.
 * @type {import("esbuild").Plugin}
 */
const leanEntry = {
  name: "lean entry",
  setup(build) {
    build.onEnd(async ({ metafile }) => {
      const entry = metafile?.outputs["dist/extension.js"];
      const helpers = entry?.imports.find(({ path }) => metafile?.outputs[path] && isEmpty(metafile.outputs[path]));
      if (!entry || !helpers) return;
      const file = `${root}/dist/extension.js`;
      const code = await readFile(file, "utf8");
      const lean = code.replace(new RegExp(`import ?"\\./${helpers.path.slice("dist/".length)}";\\s*`), "");
      if (lean === code) return;
      entry.imports.splice(entry.imports.indexOf(helpers), 1);
      await writeFile(file, lean);
    });
  },
};

/** Whether a chunk has only esbuild's helpers. */
const isEmpty = (/** @type {import("esbuild").Metafile["outputs"][string]} */ { inputs }) =>
  Object.keys(inputs).length === 0;

const bundles = [
  {
    name: "host",
    options: {
      ...node,
      entryPoints: ["src/extension.ts", "src/reading/core/reading-thread.ts"],
      entryNames: "[name]",
      outdir: "dist",
      chunkNames: "chunks/[name]-[hash]",
      plugins: [leanEntry],
    },
  },
  {
    name: "page",
    options: {
      ...shared,
      platform: "browser",
      target: "es2022",
      format: "iife",
      entryPoints: [
        { in: "media/kit/start.ts", out: "start" },
        { in: "media/log/main.ts", out: "page" },
        { in: "media/page.css", out: "page" },
      ],
      outdir: "dist/media",
      loader: { ".ttf": "file", ".svg": "file" },
      assetNames: "[name]",
    },
  },
  {
    name: "entry page",
    options: {
      ...shared,
      platform: "browser",
      target: "es2022",
      format: "iife",
      entryPoints: [{ in: "media/audit/main.ts", out: "entry" }],
      outdir: "dist/media",
    },
  },
  {
    name: "colours",
    options: {
      ...shared,
      platform: "browser",
      target: "es2022",
      entryPoints: [{ in: "media/log/code-languages.ts", out: "colours" }],
      outdir: "dist/media",
    },
  },
  {
    name: "PDF",
    options: {
      ...shared,
      platform: "browser",
      target: "es2022",
      entryPoints: [
        { in: "media/log/pdf-pages.ts", out: "pdf" },
        // Decodes scanned pages without WebAssembly; pdf.js imports these names from its own folder.
        ...["jbig2", "openjpeg"].map((codec) => ({
          in: `node_modules/pdfjs-dist/wasm/${codec}_nowasm_fallback.js`,
          out: `${codec}_nowasm_fallback`,
        })),
      ],
      outdir: "dist/media",
    },
  },
];
if (tests)
  bundles.push({
    name: "tests",
    options: {
      ...node,
      minify: false,
      sourcemap: "inline",
      external: ["vscode", "mocha"],
      entryPoints: globSync(["test/host/index.ts", "test/host/**/*.test.ts"], { cwd: root }),
      outbase: "test/host",
      outdir: "dist/test",
      chunkNames: "chunks/[name]-[hash]",
    },
  });

const kilobytes = (/** @type {import("esbuild").Metafile} */ meta) =>
  `${(Object.values(meta.outputs).reduce((sum, output) => sum + output.bytes, 0) / 1024).toFixed(0)} KB`;

// VS Code reads the files while a test or a demo runs, so dist is emptied only without --watch.
if (!watch) await rm(`${root}/dist`, { recursive: true, force: true });
const contexts = await Promise.all(bundles.map(({ options }) => context(options)));
try {
  const results = await Promise.all(contexts.map((bundle) => bundle.rebuild()));
  await writeFile(`${root}/dist/meta.json`, JSON.stringify(results[0]?.metafile));
  const shipped = results.filter((_, i) => bundles[i]?.name !== "tests").map(({ metafile }) => metafile);
  await writeFile(`${root}/dist/NOTICES.txt`, noticesOf(root, shipped));
  const sizes = bundles.map(({ name }, i) => `${name} ${kilobytes(results[i].metafile)}`).join(", ");
  console.log(`built dist (${dev ? "dev" : "production"}): ${sizes}`);
} catch (error) {
  process.exitCode = 1;
  // Its own errors esbuild has printed.
  if (!(error instanceof Error && "errors" in error)) console.error(error);
}
if (watch) {
  await Promise.all(contexts.map((bundle) => bundle.watch()));
  console.log("watching for changes");
} else await Promise.all(contexts.map((bundle) => bundle.dispose()));
