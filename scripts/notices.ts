import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Metafile } from "esbuild";

/** License files, without code: `LICENSE`, `LICENSE_OPENJPEG`, `NOTICE.txt`, `license-mit.md`. */
const TERMS =
  /^(?:(?:un)?licen[cs]e|notice|copying|copyright|patents|third[-_ ]?party)(?!.*\.(?:[cm]?[jt]sx?|map|json)$)/i;

/** Comments about bundled packages, as webpack and others write them. */
const BUNDLED = /(?:^|[\s"'(])\.\/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g;

/** Comments at the beginning of a line. */
const COMMENT = /^[ \t]*(?:\/\*[\s\S]*?\*\/|(?:\/\/.*\n?[ \t]*)+)/gm;
const LEGAL =
  /^\s*\/[/*]!|@(?:license|preserve|licstart)\b|\bcopyright\b|\blicen[cs]ed? (?:under|by|is)\b|\blicen[cs]e\.?\s*$/im;

/** The first bytes of a WebAssembly module in base64, as embedded in programs. */
const WEBASSEMBLY = /["'`]AGFzbQ/;
/** The WebAssembly in package folders without a license of its own. */
const MODULES = [{ folder: /\/undici\/lib\/llhttp$/, name: "llhttp" }];

const read = (...path: string[]): string => readFileSync(join(...path), "utf8").trim();

const unindented = (comment: string): string => comment.replace(/^[ \t]+(?=\S)/gm, " ").trim();

/** Returns the license texts in a package's folders: its own, and every one on the way to its files. */
function termsIn(folder: string, files: readonly string[]): { name: string; text: string }[] {
  const folders = new Set([folder]);
  for (const file of files) for (let at = dirname(file); at.length > folder.length; at = dirname(at)) folders.add(at);
  return [...folders].sort().flatMap((at) =>
    readdirSync(at, { withFileTypes: true })
      .filter((entry) => entry.isFile() && TERMS.test(entry.name))
      .map(({ name }) => ({ name: relative(folder, join(at, name)).replaceAll("\\", "/"), text: read(at, name) })),
  );
}

/** Returns the names of embedded works: packages bundled into it, and WebAssembly. */
function embeddedIn(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const code = read(file);
    const bundled = [...code.matchAll(BUNDLED)].map(([, name = ""]) => name);
    if (!WEBASSEMBLY.test(code) || readdirSync(dirname(file)).some((name) => TERMS.test(name))) return bundled;
    const module = MODULES.find(({ folder }) => folder.test(dirname(file).replaceAll("\\", "/")));
    if (!module) throw new Error(`${file} holds WebAssembly; say in scripts/notices.ts what it is`);
    return [...bundled, module.name];
  });
}

/**
 * Returns the licenses of all packages in a build: from their folders, from comments in their files, and of embedded
 * works. An embedded work without its own text has one in `scripts/licenses`.
 * @param root the project's folder
 * @param metafiles esbuild's
 * @returns one section per package, by name
 * @throws Error if a text is missing: nothing may be shipped without it
 */
export function noticesOf(root: string, metafiles: readonly Pick<Metafile, "inputs">[]): string {
  const packages = new Map<string, string[]>();
  for (const file of new Set(metafiles.flatMap(({ inputs }) => Object.keys(inputs)))) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
    if (folder) packages.set(folder, [...(packages.get(folder) ?? []), join(root, file)]);
  }
  const embedded = new Map<string, Set<string>>();
  const sections = [...packages].map(([folder, files]) => {
    const { name, version, license } = JSON.parse(read(root, folder, "package.json")) as Record<
      "name" | "version" | "license",
      string
    >;
    const terms = termsIn(join(root, folder), files);
    if (terms.length === 0) throw new Error(`${name} has no text of its license`);
    const known = terms.map(({ text }) => text).join("\n");
    const comments = files.flatMap((file) =>
      (read(file).match(COMMENT) ?? []).filter((one) => LEGAL.test(one)).map(unindented),
    );
    const parts = [...new Set(comments)].filter((comment) => !known.includes(comment));
    for (const inner of embeddedIn(files)) embedded.set(inner, (embedded.get(inner) ?? new Set<string>()).add(name));
    const titled = terms.map(({ name, text }) =>
      name.includes("/") || terms.length > 1 ? `${name}:\n\n${text}` : text,
    );
    return [`${name} ${version} (${license})`, ...titled, ...parts].join("\n\n");
  });
  for (const [name, within] of embedded) {
    let text: string;
    try {
      text = read(root, "scripts/licenses", `${name.replace("/", "+")}.txt`);
    } catch (cause) {
      throw new Error(`${name}, within ${[...within].join(", ")}, has no text of its license in scripts/licenses`, {
        cause,
      });
    }
    sections.push(`${name}, within ${[...within].sort().join(", ")}\n\n${text}`);
  }
  const rule = `\n\n${"-".repeat(80)}\n\n`;
  const byName = sections.sort((a, b) => a.localeCompare(b, "en"));
  return `Parts of these packages are in this extension.${rule}${byName.join(rule)}\n`;
}
