import { randomBytes } from "node:crypto";

export type PageAddresses = { cspSource: string; script: string; style: string };

/** A nonce from the system's random source; 16 bytes. */
export function newNonce(): string {
  return randomBytes(16).toString("base64");
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * The page's HTML. It holds no data: everything comes by message. Nothing is allowed but our own script and style, and
 * images that are in the log itself, so recorded content can neither run nor call anybody.
 */
export function pageHtml({ cspSource, script, style }: PageAddresses, nonce: string, language: string): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    "img-src data:",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>AI Gateway Log</title>
<link rel="stylesheet" href="${escapeHtml(style)}">
</head>
<body>
<main id="log"></main>
<script nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}
