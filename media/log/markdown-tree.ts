import type { MarkdownIt, Token } from "markdown-it";
import { markdownSyntax } from "./markdown-syntax.ts";

/** Inline content of a message. `formula` is source. */
export type Inline =
  | { type: "text" | "code" | "formula"; text: string }
  | { type: "emphasis" | "strong" | "strike"; children: Inline[] }
  /** `host`: set if the text could mislead about the link's target. */
  | { type: "link"; url: string; title: string | undefined; host: string | undefined; children: Inline[] }
  | { type: "image"; url: string; alt: string };

export type Cell = { align: (typeof SIDES)[number] | undefined; children: Inline[] };

/**
 * A block of a message. `plain` is source; a code block's `info` begins with its language; a heading's `depth` skips no
 * level.
 */
export type Block =
  | { type: "paragraph"; tight: boolean; children: Inline[] }
  | { type: "heading"; level: number; depth: number; children: Inline[] }
  | { type: "quote"; children: Block[] }
  | { type: "list"; start: number | undefined; items: Block[][] }
  | { type: "table"; head: Cell[]; rows: Cell[][] }
  | { type: "code"; text: string; info: string }
  | { type: "plain"; text: string }
  | { type: "rule" };

/** Limit on characters to parse as Markdown; a longer text is plain. */
const MAX_LENGTH = 150_000;

/** Limit on nested emphasis; a paragraph with more shows as source. */
const MAX_DEPTH = 30;

const EMPHASIS: Record<string, "emphasis" | "strong" | "strike"> = {
  em_open: "emphasis",
  strong_open: "strong",
  s_open: "strike",
};

const SIDES = ["left", "center", "right"] as const;

/** Created for the first message, and kept. */
let made: MarkdownIt | undefined;

/** Parses a message's text as Markdown. Never throws; linear for practical texts. */
export function markdownTree(text: string): Block[] {
  if (text.length > MAX_LENGTH) return [{ type: "plain", text }];
  const syntax = (made ??= markdownSyntax());
  try {
    // The parser would insert a replacement character.
    const tokens = syntax.parse(text.replaceAll("\0", "\u2400"), {});
    return new TreeBuilder(tokens).blocks();
  } catch {
    return [{ type: "plain", text }];
  }
}

/** Turns the parser's flat tokens into a tree. */
class TreeBuilder {
  readonly #tokens: Iterator<Token>;
  /** Levels of the enclosing headings. */
  #headings: number[] = [];

  constructor(tokens: Token[]) {
    this.#tokens = tokens.values();
  }

  /** Returns the blocks up to a token type, or all. */
  blocks(end?: string): Block[] {
    const blocks: Block[] = [];
    for (const token of this.#until(end)) {
      const block = this.#block(token);
      if (block) blocks.push(block);
    }
    return blocks;
  }

  *#until(end: string | undefined): Generator<Token> {
    for (let next = this.#tokens.next(); !next.done && next.value.type !== end; next = this.#tokens.next()) {
      yield next.value;
    }
  }

  #block(token: Token): Block | undefined {
    switch (token.type) {
      case "paragraph_open":
        return { type: "paragraph", tight: token.hidden, children: this.#inline("paragraph_close") };
      case "heading_open":
        return this.#heading(Number(token.tag.slice(1)));
      case "blockquote_open":
        return { type: "quote", children: this.blocks("blockquote_close") };
      case "bullet_list_open":
        return { type: "list", start: undefined, items: this.#items("bullet_list_close") };
      case "ordered_list_open": {
        const start = Number(token.attrGet("start") ?? 1);
        return { type: "list", start, items: this.#items("ordered_list_close") };
      }
      case "table_open":
        return this.#table();
      case "fence":
        return { type: "code", text: token.content.replace(/\n$/, ""), info: token.info.trim() };
      case "code_block":
        return { type: "code", text: token.content.replace(/\n$/, ""), info: "" };
      case "formula_block":
        return { type: "paragraph", tight: false, children: [{ type: "formula", text: token.content }] };
      case "source":
        return { type: "plain", text: token.content };
      case "hr":
        return { type: "rule" };
      default:
        return undefined;
    }
  }

  #heading(level: number): Block {
    this.#headings = [...this.#headings.filter((above) => above < level), level];
    return { type: "heading", level, depth: this.#headings.length, children: this.#inline("heading_close") };
  }

  #items(end: string): Block[][] {
    const items: Block[][] = [];
    for (const token of this.#until(end))
      if (token.type === "list_item_open") items.push(this.blocks("list_item_close"));
    return items;
  }

  #table(): Block {
    const rows: Cell[][] = [];
    for (const token of this.#until("table_close")) {
      if (token.type === "tr_open") rows.push([]);
      if (token.type !== "th_open" && token.type !== "td_open") continue;
      const style = attribute(token, "style");
      const align = SIDES.find((side) => style.endsWith(side));
      rows.at(-1)?.push({ align, children: this.#inline(token.type.replace("open", "close")) });
    }
    return { type: "table", head: rows[0] ?? [], rows: rows.slice(1) };
  }

  #inline(end: string): Inline[] {
    const runs: Inline[] = [];
    for (const { children, content } of this.#until(end)) {
      const deep = children?.some(({ level }) => level > MAX_DEPTH) ?? true;
      runs.push(...(deep ? [textRun(content)] : inlineTree((children ?? []).values())));
    }
    return runs;
  }
}

const textRun = (text: string): Inline => ({ type: "text", text });

/** Returns the inline content up to a token type, or all. */
function inlineTree(tokens: Iterator<Token>, end?: string): Inline[] {
  const runs: Inline[] = [];
  const addText = (text: string): void => {
    const last = runs.at(-1);
    if (last?.type === "text") last.text += text;
    else if (text !== "") runs.push(textRun(text));
  };
  for (let next = tokens.next(); !next.done && next.value.type !== end; next = tokens.next()) {
    const token = next.value;
    const emphasis = EMPHASIS[token.type];
    if (emphasis) runs.push({ type: emphasis, children: inlineTree(tokens, token.type.replace("open", "close")) });
    else if (token.type === "link_open") runs.push(linkRun(token, inlineTree(tokens, "link_close")));
    else if (token.type === "image") runs.push({ type: "image", url: attribute(token, "src"), alt: token.content });
    else if (token.type === "code_inline") runs.push({ type: "code", text: token.content });
    else if (token.type === "formula") runs.push({ type: "formula", text: token.content });
    else addText(token.type === "softbreak" || token.type === "hardbreak" ? "\n" : token.content);
  }
  return runs;
}

const attribute = (token: Token, name: string): string => String(token.attrGet(name) ?? "");

function linkRun(token: Token, children: Inline[]): Inline {
  const url = attribute(token, "href");
  const title = attribute(token, "title");
  const text = textOf(children);
  return {
    type: "link",
    url,
    title: title === "" ? undefined : title,
    host: hostUnsaid(text, url),
    children: text.trim() === "" ? [textRun(url)] : children,
  };
}

/** Returns only the text of inline content. */
function textOf(runs: Inline[]): string {
  return runs.map((run) => ("text" in run ? run.text : run.type === "image" ? run.alt : textOf(run.children))).join("");
}

/** Returns a link's host if its text names another, or its address begins with something that looks like one. */
function hostUnsaid(text: string, url: string): string | undefined {
  const { hostname, username } = new URL(url);
  const named = /^\s*(?:https?:\/\/)?([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)/iu.exec(text.slice(0, 300))?.[1];
  const isOther = named !== undefined && named.toLowerCase() !== hostname;
  return isOther || username !== "" ? hostname : undefined;
}
