import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Block, type Inline, markdownTree } from "../../../media/log/markdown-tree.ts";

const text = (text: string): Inline => ({ type: "text", text });

/** The runs of a text that is one paragraph. */
function runsOf(source: string): Inline[] {
  const [block, ...others] = markdownTree(source);
  assert.deepEqual(others, []);
  assert.ok(block?.type === "paragraph", `${source} is a paragraph`);
  return block.children;
}

const typesOf = (source: string): string[] => markdownTree(source).map(({ type }) => type);

/** All visible text of some blocks, in order. */
function seen(blocks: Block[]): string {
  const runs = (children: Inline[]): string =>
    children
      .map((run) => {
        if ("text" in run) return run.text;
        if (run.type === "image") return `${run.alt}${run.url}`;
        return runs(run.children);
      })
      .join("");
  return blocks
    .map((block) => {
      switch (block.type) {
        case "paragraph":
        case "heading":
          return runs(block.children);
        case "quote":
          return seen(block.children);
        case "list":
          return block.items.map(seen).join("");
        case "table":
          return [block.head, ...block.rows].flatMap((row) => row.map(({ children }) => runs(children))).join("");
        case "code":
          return `${block.info}${block.text}`;
        case "plain":
          return block.text;
        case "rule":
          return "";
      }
    })
    .join("");
}

describe("a message's Markdown", () => {
  it("keeps the message's own line breaks and what the lines are indented by", () => {
    assert.deepEqual(runsOf("<a>\n  one  \n\ttwo\n</a>"), [text("<a>\n  one\n\ttwo\n</a>")]);
  });

  it("knows emphasis, code and struck text", () => {
    assert.deepEqual(runsOf("a **b *c*** ~~d~~ `e_f`"), [
      text("a "),
      { type: "strong", children: [text("b "), { type: "emphasis", children: [text("c")] }] },
      text(" "),
      { type: "strike", children: [text("d")] },
      text(" "),
      { type: "code", text: "e_f" },
    ]);
  });

  it("leaves no heading out, whatever levels are used", () => {
    const depths = markdownTree("## a\n#### b\n### c\n# d\n## e").map((block) =>
      block.type === "heading" ? [block.level, block.depth] : [],
    );
    assert.deepEqual(depths, [
      [2, 1],
      [4, 2],
      [3, 2],
      [1, 1],
      [2, 2],
    ]);
  });

  it("takes dashes after a paragraph as a rule, not the paragraph as a heading", () => {
    assert.deepEqual(typesOf("one\ntwo\n---\nthree"), ["paragraph", "rule", "paragraph"]);
    assert.deepEqual(runsOf("one\n==="), [text("one\n===")]);
  });

  it("knows lists within lists, and shows tasks as they are written", () => {
    assert.deepEqual(markdownTree("- [ ] a\n- [x] b\n  1. c"), [
      {
        type: "list",
        start: undefined,
        items: [
          [{ type: "paragraph", tight: true, children: [text("[ ] a")] }],
          [
            { type: "paragraph", tight: true, children: [text("[x] b")] },
            { type: "list", start: 1, items: [[{ type: "paragraph", tight: true, children: [text("c")] }]] },
          ],
        ],
      },
    ]);
  });

  it("knows tables", () => {
    assert.deepEqual(markdownTree("| a | b |\n|---|--:|\n| 1 | `x\\|y`<br> |"), [
      {
        type: "table",
        head: [
          { align: undefined, children: [text("a")] },
          { align: "right", children: [text("b")] },
        ],
        rows: [
          [
            { align: undefined, children: [text("1")] },
            { align: "right", children: [{ type: "code", text: "x|y" }, text("<br>")] },
          ],
        ],
      },
    ]);
  });

  it("keeps code as it is, with all that is said of it", () => {
    assert.deepEqual(markdownTree("```ts title=a.ts\n  *a*\n\n```"), [
      { type: "code", text: "  *a*\n", info: "ts title=a.ts" },
    ]);
    assert.deepEqual(markdownTree("```\nnot yet ended"), [{ type: "code", text: "not yet ended", info: "" }]);
  });

  it("shows HTML as text", () => {
    const html = '<img src=x onerror="alert(1)">\n\n<script>alert(1)</script>';
    assert.equal(seen(markdownTree(html)), html.replace("\n\n", ""));
  });
});

describe("links in a message", () => {
  const linkOf = (source: string): Extract<Inline, { type: "link" }> => {
    const link = runsOf(source).find((run) => run.type === "link");
    assert.ok(link, `${source} has a link`);
    return link;
  };

  it("lead to http and https only", () => {
    for (const url of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "java&#115;cript:alert(1)",
      "data:text/html,<script>",
      "vbscript:x",
      "file:///etc/passwd",
      "command:workbench.action.quit",
      "vscode://ext/x",
      "//evil.example",
      "/local",
      "#hash",
      "mailto:a@b.example",
      "https://",
    ]) {
      for (const source of [`[a](${url})`, `![a](${url})`, `[a](<${url}>)`, `<${url}>`, `[a]: ${url}`]) {
        const runs = runsOf(source);
        assert.ok(!JSON.stringify(runs).includes('"url"'), source);
        assert.equal(seen(markdownTree(source)), source.replace("&#115;", "s"));
      }
    }
  });

  it("are told as they are written, with the address that a browser reads", () => {
    assert.deepEqual(runsOf('see [*it*](HTTPS://A.example/b c) [it](http://a.example/ä "why").'), [
      text("see ["),
      { type: "emphasis", children: [text("it")] },
      text("]("),
      {
        type: "link",
        url: "https://a.example/b",
        title: undefined,
        host: undefined,
        children: [text("HTTPS://A.example/b")],
      },
      text(" c) "),
      { type: "link", url: "http://a.example/%C3%A4", title: "why", host: undefined, children: [text("it")] },
      text("."),
    ]);
    assert.deepEqual(linkOf("[ ](https://a.example)").children, [text("https://a.example/")]);
  });

  it("are found without brackets where they begin with their scheme", () => {
    assert.equal(linkOf("(https://a.example/b_c_d*).").url, "https://a.example/b_c_d");
    for (const source of ["www.a.example", "a.example", "a@b.example", "ftp://a.example"]) {
      assert.deepEqual(runsOf(source), [text(source)]);
    }
  });

  it("say where they lead when their text says another place", () => {
    assert.equal(linkOf("[bank.example](https://evil.example/)").host, "evil.example");
    assert.equal(
      linkOf("[https://bank.example/a](https://bank.example.evil.example/)").host,
      "bank.example.evil.example",
    );
    assert.equal(linkOf("[the docs](https://a.example/)").host, undefined);
    assert.equal(linkOf("https://a.example/b").host, undefined);
    assert.equal(linkOf("[bank](https://bank.example@evil.example/b)").host, "evil.example");
    assert.equal(linkOf("http://bаnk.example").host, "xn--bnk-6cd.example", "a Cyrillic letter");
  });

  it("stand for pictures, which are never loaded", () => {
    assert.deepEqual(runsOf("![a *b*](https://a.example/p.png)"), [
      { type: "image", url: "https://a.example/p.png", alt: "a *b*" },
    ]);
  });

  it("do not take definitions out of the text", () => {
    assert.equal(seen(markdownTree("[a]: https://a.example 'hidden'\n\n[a]")), "[a]: https://a.example 'hidden'[a]");
  });
});

describe("formulas in a message", () => {
  it("stay as they are written", () => {
    for (const formula of ["$a_1*b_2*$", "$$x_1\\\\ y_2$$", "\\(a_1 \\* b_1\\)", "\\[ \\{a_1\\}\n*b* \\]"]) {
      assert.deepEqual(runsOf(`so ${formula} it is`), [
        text("so "),
        { type: "formula", text: formula },
        text(" it is"),
      ]);
    }
  });

  it("may stand alone, with lines that would be lists", () => {
    for (const formula of ["$$\na_1\n- b_1\n+ c\n\n= d\n$$", "\\[\n# a\n\\]", "$$ a_1 $$"]) {
      assert.deepEqual(markdownTree(`before\n${formula}\nafter`), [
        { type: "paragraph", tight: false, children: [text("before")] },
        { type: "paragraph", tight: false, children: [{ type: "formula", text: formula }] },
        { type: "paragraph", tight: false, children: [text("after")] },
      ]);
    }
  });

  it("are not made of prices, shell variables or a lone delimiter", () => {
    assert.equal(runsOf("a low of **$2**, then **US$** only")[1]?.type, "strong");
    for (const prices of ["$5 and $10", "from $5-$10", "$HOME and $PATH", "$$", "a $ b", "\\[ a"]) {
      assert.equal(seen(markdownTree(prices)), prices.replace("\\[", "["));
      assert.ok(!JSON.stringify(markdownTree(prices)).includes("formula"), prices);
    }
  });
});

describe("a hostile message", () => {
  it("is shown whole, however deep it is nested", () => {
    const deep = [
      `${">".repeat(5000)} end`,
      `${"- ".repeat(5000)}end`,
      Array.from({ length: 200 }, (_, depth) => `${" ".repeat(2 * depth)}- a${depth}`).join("\n"),
      `${"*a **b ".repeat(200)}${"** *".repeat(200)}`,
      `${"[".repeat(3000)}end${"](https://a.example)".repeat(3000)}`,
    ];
    for (const source of deep) {
      const shown = seen(markdownTree(source));
      for (const word of new Set(source.match(/\w+/g))) assert.ok(shown.includes(word), word);
    }
  });

  it("is plain text above 150,000 characters", () => {
    const long = "**a** ".repeat(25_001);
    assert.deepEqual(markdownTree(long), [{ type: "plain", text: long }]);
  });

  it("is read whatever its names are", () => {
    const source = "[__proto__] [constructor][toString]\n\n```__proto__\na\n```\n\n| constructor |\n|-|\n| valueOf |";
    const shown = seen(markdownTree(source));
    for (const word of ["proto", "constructor", "toString", "valueOf"]) assert.ok(shown.includes(word), word);
  });

  it("shows the character that ends strings elsewhere", () => {
    assert.deepEqual(runsOf("a\0b"), [text("a␀b")]);
  });
});

describe("any message", () => {
  const pieces = [
    ..."*_`~$\\[](){}<>!#|>-+=.:\"'&\n\n\n  \t".split(""),
    ..."abc1".split(""),
    "```",
    "$$",
    "\\(",
    "\\]",
    "](https://a.example/",
    "![",
    "1. ",
    "- ",
    "> ",
    "|-|-|\n",
    "&lt;",
    "&#0;",
    "https://a.example/",
    "javascript:",
    "<script>",
    "\u202e",
    "\0",
    "\ud800",
    "😀",
  ];

  /** Reproducible numbers from 0 to 1. */
  function* numbers(seed: number): Generator<number> {
    for (let state = seed; ;) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      yield state / 2 ** 32;
    }
  }

  it("is read without losing a word, and links nowhere else", () => {
    const random = numbers(5);
    const next = (): number => random.next().value;
    for (let round = 0; round < 3000; round++) {
      const source = Array.from({ length: 2 + next() * 40 }, () => pieces[Math.floor(next() * pieces.length)]).join("");
      const blocks = markdownTree(source);
      const shown = seen(blocks).replaceAll(/\s/g, "");
      for (const word of source.match(/[a-z]{4,}|\u202e/gi) ?? []) {
        const isMarkup = word === "https" || word === "example";
        assert.ok(isMarkup || shown.includes(word), JSON.stringify([word, source, blocks]));
      }
      for (const [, url] of JSON.stringify(blocks).matchAll(/"url":"([^"]*)/g)) assert.match(url ?? "", /^https:\/\//);
    }
  });
});
