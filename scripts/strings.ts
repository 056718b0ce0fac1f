// npm run strings: prints all user-facing strings, sorted, with their places. --check reports strings and documents
// with refused wording instead, and fails if there are any.
import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import {
  isCallExpression,
  isIdentifier,
  isPropertyAccessExpression,
  isStringLiteral,
  type Node,
  type SourceFile,
} from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";
import { root } from "./root.ts";

/** A user-facing string and its place: a file with a line or a key. */
type Text = { text: string; place: string };

/** Refused wording, and what to write instead. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/\bcancell/i, "canceled, canceling"],
  [/\be-mail/i, "email"],
  [/\bcolour/i, "color"],
  [/\bany more\b/i, "no longer"],
  [/\bcannot\b/i, "can't"],
  [/\btok\b/, "tokens, or t"],
  [/\banew\b/i, "again"],
  [/\bbeside\b/i, "next to"],
  [/\blest\b/i, "so that … doesn't"],
  [/\bnobody\b/i, "no one, or name who"],
  [/\bwhose\b/i, 'a noun or "with"'],
  [/\bstands?\b/i, "is, or appears"],
  [/\btold\b/i, "shown, reported, or asked"],
  [/\bgiven up\b/i, "canceled"],
  [/\bof which\b/i, "two sentences"],
  [/\bwhat is known of\b/i, "a noun"],
  [/\bone an? \w+/i, "one for each"],
];

const DOCUMENTS = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "docs/*.md"];

const read = (file: string): string => readFileSync(join(root, file), "utf8");

const lineAt = (text: string, position: number): number => text.slice(0, position).split("\n").length;

/** Returns the name of a called function, without its object. */
const calledName = (node: Node): string | undefined =>
  isIdentifier(node) ? node.text : isPropertyAccessExpression(node) ? node.name.text : undefined;

/**
 * Returns the first argument of each call of `t`, by this name or as `vscode.l10n.t`.
 * @throws Error if one isn't a literal, because its text would be known only at run time
 */
function textsOf(source: SourceFile): Text[] {
  const file = relative(root, source.fileName);
  const texts: Text[] = [];
  const visit = (node: Node): void => {
    if (isCallExpression(node) && calledName(node.expression) === "t") {
      const [first] = node.arguments;
      const place = `${file}:${lineAt(source.text, first?.end ?? node.end)}`;
      if (!first || !isStringLiteral(first)) throw new Error(`${place}: not a literal`);
      texts.push({ text: first.text, place });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return texts;
}

/** Returns all strings of the extension, including those that pages get from it. */
function textsOfSource(): Text[] {
  const api = new API({ cwd: root });
  try {
    const config = join(root, "scripts/strings.tsconfig.json");
    const program = api.updateSnapshot({ openProjects: [config] }).getProject(config)?.program;
    return globSync("src/**/*.ts", { cwd: root })
      .filter((file) => /\bt\(/.test(read(file)))
      .flatMap((file) => {
        const source = program?.getSourceFile(join(root, file));
        if (!source) throw new Error(`${file} cannot be read`);
        return textsOf(source);
      });
  } finally {
    api.close();
  }
}

/** The texts of what package.json declares. */
function textsOfManifest(): Text[] {
  const texts = JSON.parse(read("package.nls.json")) as Record<string, string>;
  return Object.entries(texts).map(([key, text]) => ({ text, place: `package.nls.json: ${key}` }));
}

/** Returns the documents' paragraphs, each on one line and without inline code. */
function paragraphsOfDocuments(): Text[] {
  return globSync(DOCUMENTS, { cwd: root }).flatMap((file) => {
    const document = read(file);
    return [...document.matchAll(/\S.*(?:\n.*\S.*)*/g)].map(({ 0: paragraph, index }) => ({
      text: paragraph.replaceAll(/`[^`]*`/g, "`…`").replaceAll(/\s+/g, " "),
      place: `${file}:${lineAt(document, index)}`,
    }));
  });
}

const texts = [...textsOfSource(), ...textsOfManifest()];
if (process.argv.includes("--check")) {
  for (const { text, place } of [...texts, ...paragraphsOfDocuments()]) {
    for (const [pattern, instead] of REFUSED) {
      const found = pattern.exec(text);
      if (!found) continue;
      const around = text.slice(Math.max(0, found.index - 60), found.index + 80);
      console.error(`${place}: "${found[0]}" (rather: ${instead}) in: ${around}`);
      process.exitCode = 1;
    }
  }
} else {
  const places = Map.groupBy(texts, ({ text }) => text);
  for (const [text, all] of [...places].toSorted(([a], [b]) => a.localeCompare(b, "en")))
    console.log(`${JSON.stringify(text)}  ${all.map(({ place }) => place).join(", ")}`);
}
