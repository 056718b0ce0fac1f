// Writes recorded text as Markdown that can't affect what surrounds it.

const LINE_END = /\r\n|\n|\r/;

/** What may precede a block's mark on its line: indentation, quotes and list items. */
const CONTAINERS = String.raw`^[ \t>*+\d.)-]*`;
const HEADING = new RegExp(String.raw`${CONTAINERS}#{1,6}(?:\s|$)`, "m");
const UNDERLINE = /^[ \t>*+\d.)=-]*[=-][ \t]*$/m;
const NESTED_FENCE = new RegExp(`${CONTAINERS}(?:\`{3}|~{3})`);

/** HTML, images, link and footnote definitions, footnote marks and formulas take effect outside their block. */
const FAR_REACHING = /<[a-z/!?]|!\[|\]:|\[\^|\$\$/i;

/**
 * Returns a text as Markdown: unchanged if it can't disturb its surroundings; quoted if it has headings or fences; in a
 * fence, as source, if a quote can't contain it (HTML, remote images, definitions).
 */
export function prose(text: string): string {
  const outside = withoutFences(text);
  if (FAR_REACHING.test(outside ?? text)) return fence(text, "markdown");
  return outside === undefined || HEADING.test(outside) || UNDERLINE.test(outside) ? quote(text) : text;
}

/** Returns a text verbatim in a fence longer than any run of backticks in it. `language`: never recorded content. */
export function fence(text: string, language = ""): string {
  const marks = "`".repeat(longestRun(text, 2) + 1);
  return `${marks}${language}\n${text}${text.endsWith("\n") ? "" : "\n"}${marks}`;
}

/** Quotes Markdown, marking every line. */
export function quote(markdown: string): string {
  const lines = markdown.split(LINE_END);
  return lines.map((line) => (line === "" ? ">" : `> ${line}`)).join("\n");
}

/** Returns a name or an ID as inline code. */
export function code(text: string): string {
  const line = oneLine(text);
  if (line === "") return "(empty)";
  if (!line.includes("`")) return `\`${line}\``;
  const marks = "`".repeat(longestRun(line, 0) + 1);
  return `${marks} ${line} ${marks}`;
}

/** Escapes a short inline text, so that it shows literally. */
export function words(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>&#|~$!^]/g, String.raw`\$&`);
}

/** Returns a web address as a link and any other as code; a `data:` URL only by its size. */
export function link(url: string): string {
  if (/^https?:\/\/[^\s\p{Cc}<>"`\\]+$/iu.test(url)) return `<${url}>`;
  return /^\s*data:/i.test(url) ? `data URL of ${url.length} characters` : code(url);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

function longestRun(text: string, least: number): number {
  let longest = least;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** Returns a text without its fenced blocks; undefined if a fence is left open or only a parser could find its end. */
function withoutFences(text: string): string | undefined {
  let outside = "";
  let open: string | undefined;
  for (const line of text.split(LINE_END)) {
    if (open !== undefined) {
      const close = /^ {0,3}(`+|~+)[ \t]*$/.exec(line)?.[1];
      if (close?.startsWith(open) === true) open = undefined;
      continue;
    }
    open = /^(?:`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[0];
    if (open === undefined) {
      if (NESTED_FENCE.test(line)) return undefined;
      outside += `${line}\n`;
    }
  }
  return open === undefined ? outside : undefined;
}
