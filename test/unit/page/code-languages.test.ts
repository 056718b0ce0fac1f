import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { colourCode, type Coloured } from "../../../media/log/code-languages.ts";

const textOf = (runs: Coloured[]): string =>
  runs.map((run) => (typeof run === "string" ? run : textOf(run.children))).join("");

/** The texts under a class. */
const under = (runs: Coloured[], name: string): string[] =>
  runs.flatMap((run) => {
    if (typeof run === "string") return [];
    return [...(run.classes.split(" ").includes(name) ? [textOf(run.children)] : []), ...under(run.children, name)];
  });

describe("the colours of code", () => {
  it("tell words, strings, numbers and comments apart, and keep the text", () => {
    const code = "const a = `b ${1}`; // <c>\n";
    const runs = colourCode(code, "TS") ?? [];
    assert.equal(textOf(runs), code);
    assert.deepEqual(under(runs, "hljs-keyword"), ["const"]);
    assert.deepEqual(under(runs, "hljs-comment"), ["// <c>"]);
    assert.deepEqual(under(runs, "hljs-number"), ["1"]);
  });

  it("are there for the languages that models write most", () => {
    const common =
      "bash c c++ cs css diff go html java js json jsx kotlin lua md php py rb rs sh sql swift ts tsx xml yml";
    for (const language of [...common.split(" "), "console", "vue"]) assert.ok(colourCode("a", language), language);
  });

  it("are told from the text where no language is named and it is plain to see", () => {
    assert.ok(colourCode("def a(b):\n    for c in range(3):\n        print(c)\n    return None\n", ""));
    assert.equal(colourCode("Dear all,\nthank you.", ""), undefined);
  });

  it("are not there for a language that nobody knows", () => {
    for (const language of ["nonsense", "__proto__", "constructor", "toString"]) {
      assert.equal(colourCode("a", language), undefined);
    }
  });

  it("keep the text of code that is none", () => {
    const hostile = [
      "\0\u202e<script>",
      '"'.repeat(500),
      "/*".repeat(500),
      "`${".repeat(300),
      "<a b='".repeat(200),
      "\\".repeat(500),
    ];
    for (const language of ["ts", "python", "html", "bash", "sql", "json", "markdown", "php", "yaml", ""]) {
      for (const code of hostile) assert.equal(textOf(colourCode(code, language) ?? [code]), code);
    }
  });
});
