import { addressOf, bodyBase64, type Call } from "./call.ts";
import { GATEWAY_TOKEN } from "./keys.ts";

/** Bytes that a program can be given in one argument: Linux takes 128 KB. */
const LONGEST_ARGUMENT = 100_000;

/** Characters of a line. A terminal in its line mode, which it is in between two lines of a paste, drops what is beyond 1,024 on macOS. */
const LONGEST_LINE = 900;

/** A body that is given as a word: no control character but newline and tab. */
const isWord = (body: Call["body"]): body is string =>
  typeof body === "string" && Buffer.byteLength(body) <= LONGEST_ARGUMENT && !/[^\P{Cc}\n\t]/u.test(body);

/** Characters as `$'…'`, which bash reads the same in every locale: their bytes in octal. */
const escaped = (text: string): string =>
  `$'${Array.from(Buffer.from(text), (byte) => (byte === 0x0a ? String.raw`\n` : `\\${byte.toString(8).padStart(3, "0")}`)).join("")}'`;

/**
 * A text as one word of bash, in which nothing is expanded. It may be pasted where each byte is a key that is pressed (without bracketed
 * paste, in the locale C): so it is printable ASCII only. Its lines are short, and each closes its quotes, since older versions expand `!` line by line.
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

/** A header that is expanded by the shell. `name`, `scheme` and `variable` are of our own choice. */
const secretHeader = (name: string, scheme: string | undefined, variable: string): string =>
  `-H "${name}: ${scheme ? `${scheme} ` : ""}$${variable}"`;

/** What is written before `curl`, and the argument that gives it the body: byte for byte what was recorded. */
function bodyOf(call: Call): { before: string; argument: string } {
  // `--data-raw` reads no file for a body that begins with @.
  const { body } = call;
  if (isWord(body)) return { before: "", argument: `--data-raw ${quoted(body)}` };
  return { before: `base64 --decode <<'END' | `, argument: `--data-binary @-\n${bodyBase64(call)}\nEND` };
}

/** The call as a command for bash, in printable ASCII; tokens and keys come from its environment. */
export function curl(call: Call): string {
  const { key, contentType, provider } = call;
  const { before, argument } = bodyOf(call);
  return `${[
    `${before}curl ${quoted(addressOf(call))}`,
    secretHeader("cf-aig-authorization", "Bearer", GATEWAY_TOKEN),
    secretHeader(key.header, key.scheme, key.variable),
    // Anthropic refuses a call without it; it is not recorded.
    ...(provider === "anthropic" ? ["-H 'anthropic-version: 2023-06-01'"] : []),
    `-H ${quoted(`Content-Type: ${contentType}`)}`,
    argument,
  ].join(" \\\n  ")}\n`;
}
