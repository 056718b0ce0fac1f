import { addressOf, bodyBase64, type Call } from "./call.ts";
import { GATEWAY_TOKEN } from "./keys.ts";

/** Bytes in one argument of a program: Linux allows 128 KB. */
const LONGEST_ARGUMENT = 100_000;

/**
 * Characters per line. Between two lines of a paste a terminal is in canonical mode, where macOS drops anything beyond
 * 1,024.
 */
const LONGEST_LINE = 900;

/** Whether a body can be a shell word: no control characters except newline and tab. */
const isWord = (body: Call["body"]): body is string =>
  typeof body === "string" && Buffer.byteLength(body) <= LONGEST_ARGUMENT && !/[^\P{Cc}\n\t]/u.test(body);

/** Characters as `$'…'`, their bytes in octal, which bash reads the same in every locale. */
const escaped = (text: string): string =>
  `$'${Array.from(Buffer.from(text), (byte) => (byte === 0x0a ? String.raw`\n` : `\\${byte.toString(8).padStart(3, "0")}`)).join("")}'`;

/**
 * Quotes a text as one bash word without expansions. A paste may arrive as key presses (no bracketed paste, locale C),
 * so it's printable ASCII. Lines are short, and each closes its quotes, because older versions expand `!` line by line.
 */
function quoted(text: string): string {
  let width = 0;
  let previous = "";
  const pieces = (text.match(/[ -~]{1,200}|[^ -~]{1,50}/gu) ?? [""]).map((piece) => {
    const written = /^[ -~]*$/.test(piece) ? `'${piece.replaceAll("'", String.raw`'\''`)}'` : escaped(piece);
    const isNewLine = previous.endsWith("\n") || width + written.length > LONGEST_LINE;
    width = isNewLine ? written.length : width + written.length;
    previous = piece;
    return isNewLine ? `\\\n${written}` : written;
  });
  return pieces.join("");
}

/** A header that the shell expands. `name`, `scheme` and `variable` are never recorded content. */
const secretHeader = (name: string, scheme: string | undefined, variable: string): string =>
  `-H "${name}: ${scheme ? `${scheme} ` : ""}$${variable}"`;

/** Returns the text before `curl`, and the argument for the body, byte for byte as recorded. */
function bodyOf(call: Call): { before: string; argument: string } {
  // `--data-raw` doesn't read a file for a body that begins with @.
  const { body } = call;
  if (isWord(body)) return { before: "", argument: `--data-raw ${quoted(body)}` };
  return { before: `base64 --decode <<'END' | `, argument: `--data-binary @-\n${bodyBase64(call)}\nEND` };
}

/** Returns the call as a bash command in printable ASCII; tokens and keys come from the environment. */
export function curl(call: Call): string {
  const { key, tokenHeader, contentType, provider } = call;
  const { before, argument } = bodyOf(call);
  return `${[
    `${before}curl ${quoted(addressOf(call))}`,
    secretHeader(tokenHeader, "Bearer", GATEWAY_TOKEN),
    secretHeader(key.header, key.scheme, key.variable),
    // Anthropic rejects a call without it, and it isn't recorded.
    ...(provider === "anthropic" ? ["-H 'anthropic-version: 2023-06-01'"] : []),
    `-H ${quoted(`Content-Type: ${contentType}`)}`,
    argument,
  ].join(" \\\n  ")}\n`;
}
