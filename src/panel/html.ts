import { randomBytes } from "node:crypto";

export type PageAddresses = { cspSource: string; script: string; style: string };

/** A nonce from the system's random source; 16 bytes. */
export function newNonce(): string {
  return randomBytes(16).toString("base64");
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * The page's HTML. It holds no data: everything comes by message. Nothing is allowed but our own script and style, and
 * media that are in the log itself, so recorded content can neither run nor call anybody. A script that only some logs
 * need has its nonce from the page's script: import() hands it on, and an added element is given `document.currentScript.nonce`.
 */
export function pageHtml(
  { cspSource, script, style }: PageAddresses,
  nonce: string,
  language: string,
  title: string,
): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    "img-src data: blob:",
    "media-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${escapeHtml(style)}">
</head>
<body>
<main id="log"></main>
<script nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}
