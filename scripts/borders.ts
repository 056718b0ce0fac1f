// What each folder of src and media may import, and the check of it (`npm run lint`). ARCHITECTURE.md shows the same
// table.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { root } from "./root.ts";

/** What a folder may import besides itself and Node. */
export type Border = {
  /** Other folders, at every depth; a `core` below one is a separate folder. */
  folders: readonly string[];
  /** Folders from which it may import only types. */
  types?: readonly string[];
  /** Single files of other folders. */
  files?: readonly string[];
  /** Packages, at every depth; "vscode" makes it a VS Code folder, all others are pure. */
  packages?: readonly string[];
};

const PAGE = {
  types: ["chat", "source", "logs", "panel", "audit", "reading/core"],
  files: [
    "src/chat/conversation.ts",
    "src/chat/json/exact-number.ts",
    "src/chat/json/number-places.ts",
    "src/chat/media.ts",
    "src/logs/format.ts",
    "src/logs/log-key.ts",
    "src/panel/updates.ts",
    "src/panel/visible.ts",
    "src/reading/core/folding.ts",
    "src/reading/core/plain-text.ts",
  ],
};

/** From folders without dependencies to those that combine everything. Imports that aren't listed are forbidden. */
export const BORDERS: Readonly<Record<string, Border>> = {
  // Pure: plain Node, no VS Code. Outside of its own folder, a source is known where sources are made (`account`), and
  // Cloudflare's audit log by what shows it.
  source: { folders: [] },
  query: { folders: ["source"] },
  http: { folders: [] },
  "sources/cloudflare": { folders: ["source", "query", "http"], packages: ["zod"] },
  "sources/verifywise": { folders: ["source", "http"], packages: ["zod"] },
  "sources/workers-logs": { folders: ["source", "http"], packages: ["zod", "lru-cache"] },
  local: { folders: ["source"] },
  // The second place with connections: it needs undici's dispatcher, because fetch changes what passes through it.
  recorder: { folders: ["source", "http", "local"], packages: ["undici"] },
  chat: { folders: ["source"] },
  logs: { folders: ["source", "query", "chat"] },
  resend: { folders: ["source", "http", "chat"] },
  "reading/core": { folders: ["source", "chat"] },
  "audit/core": { folders: ["source", "sources/cloudflare", "logs"] },
  "debugging/core": { folders: ["source", "local", "logs"], packages: ["lru-cache"] },
  export: { folders: ["source", "query", "sources/cloudflare", "chat", "logs", "audit/core"], packages: ["zod"] },
  "deletion/core": { folders: ["source", "logs", "export"] },
  // They know VS Code.
  words: { folders: ["source", "logs", "export"], packages: ["vscode"] },
  platform: { folders: ["source", "http", "chat", "logs", "export", "words"], packages: ["vscode"] },
  account: {
    folders: [
      "source",
      "http",
      "sources/cloudflare",
      "sources/verifywise",
      "sources/workers-logs",
      "local",
      "words",
      "platform",
    ],
    packages: ["vscode"],
  },
  recording: {
    folders: ["source", "http", "local", "recorder", "logs", "reading/core", "platform", "account"],
    packages: ["vscode"],
  },
  filter: { folders: ["source", "query", "logs", "words", "platform"], packages: ["vscode"] },
  deletion: {
    folders: ["source", "logs", "export", "deletion/core", "words", "platform", "account", "filter"],
    packages: ["vscode"],
  },
  rating: { folders: ["source", "logs", "words", "platform", "account"], packages: ["vscode", "p-limit"] },
  reading: {
    folders: ["source", "chat", "logs", "reading/core", "words", "account"],
    packages: ["vscode", "lru-cache"],
  },
  tree: {
    folders: [
      "source",
      "query",
      "logs",
      "debugging/core",
      "words",
      "platform",
      "account",
      "filter",
      "deletion",
      "rating",
    ],
    packages: ["vscode"],
  },
  panel: {
    folders: [
      "source",
      "http",
      "chat",
      "logs",
      "reading/core",
      "words",
      "platform",
      "account",
      "deletion",
      "rating",
      "reading",
      "tree",
    ],
    packages: ["vscode"],
  },
  audit: {
    folders: [
      "source",
      "query",
      "sources/cloudflare",
      "logs",
      "reading/core",
      "audit/core",
      "words",
      "platform",
      "account",
      "filter",
      "tree",
      "panel",
    ],
    packages: ["vscode", "lru-cache"],
  },
  documents: {
    folders: ["source", "chat", "logs", "reading/core", "audit/core", "words", "platform", "reading", "audit"],
    packages: ["vscode", "lru-cache"],
  },
  debugging: {
    folders: [
      "source",
      "local",
      "chat",
      "logs",
      "reading/core",
      "debugging/core",
      "words",
      "platform",
      "account",
      "filter",
      "reading",
      "tree",
      "panel",
    ],
    packages: ["vscode"],
  },
  tools: {
    folders: [
      "source",
      "chat",
      "logs",
      "reading/core",
      "export",
      "words",
      "platform",
      "account",
      "filter",
      "reading",
      "tree",
      "debugging",
    ],
    packages: ["vscode"],
  },
  commands: {
    folders: [
      "source",
      "query",
      "sources/cloudflare",
      "sources/verifywise",
      "local",
      "chat",
      "logs",
      "resend",
      "reading/core",
      "audit/core",
      "debugging/core",
      "export",
      "words",
      "platform",
      "account",
      "filter",
      "deletion",
      "rating",
      "reading",
      "tree",
      "panel",
      "audit",
      "documents",
      "debugging",
      "recorder",
      "recording",
    ],
    packages: ["vscode"],
  },
  // The files of src itself create and connect all parts.
  src: {
    folders: [
      "logs",
      "reading/core",
      "export",
      "deletion/core",
      "platform",
      "account",
      "deletion",
      "rating",
      "reading",
      "tree",
      "panel",
      "audit",
      "documents",
      "debugging",
      "tools",
      "recording",
      "commands",
    ],
    packages: ["vscode"],
  },
  // Pages run in a browser: they know only the types of the extension's messages.
  "media/kit": { folders: [], ...PAGE, packages: ["lit"] },
  "media/log": {
    folders: ["media/kit"],
    ...PAGE,
    packages: ["@vscode-elements/elements", "lit", "lowlight", "markdown-it", "pdfjs-dist"],
  },
  "media/audit": { folders: ["media/kit"], ...PAGE, packages: ["@vscode-elements/elements", "lit"] },
};

/** The one file in folders without that package that may import it. */
const ALONE: Readonly<Record<string, string>> = { undici: "src/http/transport.ts" };

/** Returns the table's folder for a file below src or media, by its path from the project's root. */
export function folderOf(path: string): string {
  const [top = "", first = "", second] = path.split("/");
  if (top === "media") return `media/${first}`;
  if (second === undefined) return "src";
  if (first === "sources") return `${first}/${second}`;
  return second === "core" ? `${first}/core` : first;
}

/** A forbidden import: the file, and what it imports. */
export type Violation = { file: string; imported: string };

/** Import and export statements and dynamic imports: whether they are type-only, and what they import. */
const IMPORT = /(?:^|[^.\w])(?:(import|export)\s+(type\s+)?(?:[\w*{][^;"'`]*?\sfrom\s+)?|import\s*\(\s*)"([^"\n]+)"/g;

const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

function isAllowed(file: string, specifier: string, isType: boolean): boolean {
  const folder = folderOf(file);
  const border = BORDERS[folder];
  if (!border) return false;
  const { folders, types = [], files = [], packages = [] } = border;
  if (!specifier.startsWith(".")) {
    if (specifier.startsWith("node:")) return !folder.startsWith("media");
    // Types are gone when it runs.
    const name = packageOf(specifier);
    return packages.includes(name) || ALONE[name] === file || (isType && name === "vscode");
  }
  const imported = posix.join(posix.dirname(file), specifier);
  if (!/^(src|media)\//.test(imported)) return false;
  const of = folderOf(imported);
  return of === folder || folders.includes(of) || files.includes(imported) || (isType && types.includes(of));
}

/** Returns a file's imports that its border forbids; none for a file outside of src and media. */
export function violationsOf(file: string, text: string): Violation[] {
  if (!/^(src|media)\/.*\.ts$/.test(file)) return [];
  return [...text.matchAll(IMPORT)].flatMap(([, , type, specifier = ""]) =>
    isAllowed(file, specifier, type !== undefined) ? [] : [{ file, imported: specifier }],
  );
}

/** Returns all files below src and media that git tracks or would add, by path, with their text. */
export function sourceFiles(): Map<string, string> {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "src", "media"];
  const { stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  const paths = stdout.split("\0").filter((path) => path.endsWith(".ts") && existsSync(join(root, path)));
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

if (import.meta.main) {
  const violations = [...sourceFiles()].flatMap(([file, text]) => violationsOf(file, text));
  for (const { file, imported } of violations)
    console.log(`${file} may not import ${imported}: ${folderOf(file)} and its border are in scripts/borders.ts`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
