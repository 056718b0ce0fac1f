import { randomBytes } from "node:crypto";

/** HTML in which all that came from elsewhere is escaped. */
class EscapedHtml {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

/** HTML in which all that came from elsewhere is escaped: made by `markup` alone. */
export type Markup = EscapedHtml;

/** What can stand in markup: text, which is escaped, and other markup; undefined is left out. */
type Inserted = string | Markup | undefined | readonly Inserted[];

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function htmlOf(value: Inserted): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escapeHtml(value);
  return value instanceof EscapedHtml ? value.html : value.map(htmlOf).join("");
}

/** A template's tag for markup. Values can stand between elements and in attributes in double quotes. */
export const markup = (texts: TemplateStringsArray, ...values: Inserted[]): Markup =>
  new EscapedHtml(texts.map((text, index) => text + htmlOf(values[index])).join(""));

/** What a page is made of: the text of its style and of the script that it begins with, and the address of its script. */
export type PageParts = { style: string; start: string; script: string };

/** A nonce from the system's random source; 16 bytes. */
export function newNonce(): string {
  return randomBytes(16).toString("base64");
}

/**
 * The page's HTML. It holds the style and, escaped, what is known at once (`first`): VS Code shows a page once everything that its
 * HTML waits for is loaded, so it waits for nothing. The script is loaded afterward; the rest comes by message. Nothing is allowed but our own
 * scripts and style, and media that are in the log itself, so recorded content can neither run nor call anybody. A script that
 * only some logs need has its nonce from the page's script: import() hands it on, and an added element is given
 * `document.currentScript.nonce`.
 */
export function pageHtml(
  { style, start, script }: PageParts,
  nonce: string,
  language: string,
  title: string,
  first: Markup,
): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src data: blob:",
    "media-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  // Our own files: what is in these two elements is read as it is, up to their end tag.
  const [ownStyle, ownScript] = [new EscapedHtml(style), new EscapedHtml(start)];
  return markup`<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="preload" as="script" href="${script}" nonce="${nonce}">
<style nonce="${nonce}">${ownStyle}</style>
<script nonce="${nonce}">${ownScript}</script>
</head>
<body>
<main id="log" inert>${first}</main>
</body>
</html>`.html;
}
