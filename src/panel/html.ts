import { randomBytes } from "node:crypto";

/** HTML with all external text escaped. */
class EscapedHtml {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

/** HTML with all external text escaped: only `markup` creates it. */
export type Markup = EscapedHtml;

/** Values in markup: text, which is escaped, and other markup; undefined is left out. */
type Inserted = string | Markup | undefined | readonly Inserted[];

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function htmlOf(value: Inserted): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escapeHtml(value);
  return value instanceof EscapedHtml ? value.html : value.map(htmlOf).join("");
}

/** Template tag for markup. Values may be between elements and in attributes in double quotes. */
export const markup = (texts: TemplateStringsArray, ...values: Inserted[]): Markup =>
  new EscapedHtml(texts.map((text, index) => text + htmlOf(values[index])).join(""));

/** The parts of a page: the text of its style and of its start script, and the URL of its main script. */
export type PageParts = { style: string; start: string; script: string };

/** Returns a nonce of 16 bytes from the system's random source. */
export function newNonce(): string {
  return randomBytes(16).toString("base64");
}

/**
 * Returns the page's HTML with the style and, escaped, what is known already (`first`). VS Code shows a page once the
 * resources of its HTML are loaded, so it has none that it waits for: the script is loaded afterward, and the rest
 * comes in messages. The policy allows only our own scripts and style, and media contained in the log, so recorded
 * content can't run code or make requests. A script needed by only some logs gets its nonce from the page's script:
 * import() passes it on, and an added element gets `document.currentScript.nonce`.
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
  // Our own files: the content of these two elements is raw text up to their end tags.
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
