import Markdown, { type MarkdownIt, type StateBlock, type StateInline } from "markdown-it";

/** Characters that a formula may have, and lines of one that stands alone: bounds how far one is looked for in vain. */
const FORMULA_LENGTH = { short: 300, long: 2000 };
const FORMULA_LINES = 100;

/** Quotes and lists within each other; what is deeper is shown as it was written. A list counts twice. */
const MAX_DEPTH = 40;

/** The address as a browser reads it where it is http(s); anything else is not ours to open. */
function httpAddress(url: string): URL | undefined {
  if (!/^https?:\/\//i.test(url)) return undefined;
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

/** A formula's own delimiters at this place, and what ends it. */
function formulaEnd(source: string, at: number): string | undefined {
  if (source.startsWith("\\(", at)) return "\\)";
  if (source.startsWith("\\[", at)) return "\\]";
  if (source.startsWith("$$", at)) return "$$";
  // As Pandoc has it, so that "$5 and $10" stays a sentence.
  return source[at] === "$" && /\S/.test(source[at + 1] ?? " ") ? "$" : undefined;
}

/** Takes a formula as it is written, with the underscores, stars and backslashes in it. */
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

/** Takes a formula that begins a line of its own and may go on over lines that would be lists or rules. */
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
    // Words after it make it part of a paragraph.
    if (found !== text.length - close.length) return false;
    if (!silent) {
      state.push("formula_block", "", 0).content = state.getLines(start, line + 1, state.blkIndent, false);
      state.line = line + 1;
    }
    return true;
  }
  return false;
}

/** Takes what is nested too deep as it is written; the parser itself would leave it out. */
function tooDeep(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  if (silent || state.level < MAX_DEPTH) return false;
  let next = start + 1;
  while (next < end && (state.isEmpty(next) || (state.sCount[next] ?? 0) >= state.blkIndent)) next++;
  state.push("source", "", 0).content = state.getLines(start, next, state.blkIndent, false);
  state.line = next;
  return true;
}

/** A line break as it stands, with the indentation of the line after it. */
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
 * The Markdown of messages: GitHub's, without HTML and without what would hide text or read a model's `---` after a
 * paragraph as a heading (reference definitions, underlined headings). Formulas are taken as they are written; only
 * http(s) addresses are links.
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
