// Recorded text as Markdown that cannot reach beyond its own place.

const LINE_END = /\r\n|\n|\r/;

/** What a text may have before the mark that makes a block of its line: indentation, quotes and list items. */
const CONTAINERS = String.raw`^[ \t>*+\d.)-]*`;
const HEADING = new RegExp(String.raw`${CONTAINERS}#{1,6}(?:\s|$)`, "m");
const UNDERLINE = /^[ \t>*+\d.)=-]*[=-][ \t]*$/m;
const NESTED_FENCE = new RegExp(`${CONTAINERS}(?:\`{3}|~{3})`);

/** HTML, images, link and footnote definitions, footnote marks and formulas work outside the block they stand in. */
const FAR_REACHING = /<[a-z/!?]|!\[|\]:|\[\^|\$\$/i;

/**
 * A text as Markdown. Left as it is where it cannot disturb what stands around it; quoted where it has headings or
 * fences of its own that would; shown as its source, in a fence, where it has what a quote does not hold in (HTML,
 * images to be loaded, definitions).
 */
export function prose(text: string): string {
  const outside = withoutFences(text);
  if (FAR_REACHING.test(outside ?? text)) return fence(text, "markdown");
  return outside === undefined || HEADING.test(outside) || UNDERLINE.test(outside) ? quote(text) : text;
}

/** A text word for word in a fence longer than any run of backticks in it. `language`: of our own choice. */
export function fence(text: string, language = ""): string {
  const marks = "`".repeat(longestRun(text, 2) + 1);
  return `${marks}${language}\n${text}${text.endsWith("\n") ? "" : "\n"}${marks}`;
}

/** Markdown as a quote, each of its lines marked. */
export function quote(markdown: string): string {
  const lines = markdown.split(LINE_END);
  return lines.map((line) => (line === "" ? ">" : `> ${line}`)).join("\n");
}

/** A name or an identifier as code within a line. */
export function code(text: string): string {
  const line = oneLine(text);
  if (line === "") return "(empty)";
  if (!line.includes("`")) return `\`${line}\``;
  const marks = "`".repeat(longestRun(line, 0) + 1);
  return `${marks} ${line} ${marks}`;
}

/** A few words within a line, shown as they are. */
export function words(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>&#|~$!^]/g, String.raw`\$&`);
}

/** A web address as a link, any other as code; the content of a `data:` URL is only counted. */
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

/** A text without its fenced blocks; undefined where a fence is left open or it takes a parser to tell its end. */
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
