import Markdown, { type MarkdownIt, type StateBlock, type StateInline } from "markdown-it";

/** Limits on a formula's characters and on a display formula's lines, which bound futile searches. */
const FORMULA_LENGTH = { short: 300, long: 2000 };
const FORMULA_LINES = 100;

/** Limit on nested quotes and lists; deeper ones show as source. A list counts twice. */
const MAX_DEPTH = 40;

/** Returns an address as a browser parses it if it's http(s); other schemes aren't opened. */
function httpAddress(url: string): URL | undefined {
  if (!/^https?:\/\//i.test(url)) return undefined;
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

/** Returns the closing delimiter for the formula that begins here. */
function formulaEnd(source: string, at: number): string | undefined {
  if (source.startsWith("\\(", at)) return "\\)";
  if (source.startsWith("\\[", at)) return "\\]";
  if (source.startsWith("$$", at)) return "$$";
  // Pandoc's rule, so that "$5 and $10" stays a sentence.
  return source[at] === "$" && /\S/.test(source[at + 1] ?? " ") ? "$" : undefined;
}

/** Takes a formula as source, including underscores, asterisks and backslashes. */
function inlineFormula(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  const end = formulaEnd(src, pos);
  if (end === undefined) return false;
  const window = src.slice(pos, Math.min(state.posMax, pos + FORMULA_LENGTH[end === "$" ? "short" : "long"]));
  for (let at = window.indexOf(end, end.length); at !== -1; at = window.indexOf(end, at + 1)) {
    if (end === "$" && (/\s/.test(window[at - 1] ?? "") || /\d/.test(window[at + 1] ?? ""))) continue;
    const inner = window.slice(end.length, at);
    if (inner.trim() === "") continue;
    if (end === "$" && /\n|\*\*/.test(inner)) return false;
    if (!silent) state.push("formula", "", 0).content = window.slice(0, at + end.length);
    state.pos = pos + at + end.length;
    return true;
  }
  return false;
}

const lineOf = (state: StateBlock, line: number): string =>
  state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);

/** Takes a display formula, which may contain lines that look like lists or rules. */
function blockFormula(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const opening = /^(\$\$|\\\[)(.*)$/.exec(lineOf(state, start));
  if (!opening) return false;
  const close = opening[1] === "$$" ? "$$" : "\\]";
  const last = Math.min(end, start + FORMULA_LINES);
  for (let line = start; line < last; line++) {
    if (line > start && (state.sCount[line] ?? 0) < state.blkIndent && !state.isEmpty(line)) return false;
    const text = (line === start ? (opening[2] ?? "") : lineOf(state, line)).trimEnd();
    const found = text.indexOf(close);
    if (found === -1) continue;
    // With text after it, it's part of a paragraph.
    if (found !== text.length - close.length) return false;
    if (!silent) {
      state.push("formula_block", "", 0).content = state.getLines(start, line + 1, state.blkIndent, false);
      state.line = line + 1;
    }
    return true;
  }
  return false;
}

/** Takes content that is nested too deep as source; the parser itself would drop it. */
function tooDeep(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  if (silent || state.level < MAX_DEPTH) return false;
  let next = start + 1;
  while (next < end && (state.isEmpty(next) || (state.sCount[next] ?? 0) >= state.blkIndent)) next++;
  state.push("source", "", 0).content = state.getLines(start, next, state.blkIndent, false);
  state.line = next;
  return true;
}

/** Keeps a line break, with the next line's indentation. */
function lineBreak(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== "\n") return false;
  if (!silent) {
    state.pending = state.pending.trimEnd();
    state.push("softbreak", "br", 0);
  }
  state.pos++;
  return true;
}

/**
 * Markdown of messages: GitHub's, without HTML and without rules that would hide text or turn a model's `---` after a
 * paragraph into a heading (reference definitions, setext headings). Formulas stay source; only http(s) addresses are
 * links.
 */
export function markdownSyntax(): MarkdownIt {
  const syntax = new Markdown({ html: false, linkify: true, breaks: true }).disable(["reference", "lheading"]);
  syntax.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  syntax.normalizeLink = (url) => httpAddress(url)?.href ?? url;
  syntax.normalizeLinkText = (text) => text;
  syntax.validateLink = (url) => httpAddress(url) !== undefined;
  syntax.block.ruler.before("table", "source", tooDeep);
  syntax.block.ruler.before("table", "formula_block", blockFormula, { alt: ["paragraph", "blockquote", "list"] });
  syntax.inline.ruler.before("escape", "formula", inlineFormula);
  syntax.inline.ruler.at("newline", lineBreak);
  return syntax;
}
