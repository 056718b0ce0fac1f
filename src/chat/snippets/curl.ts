import { addressOf, type Call } from "./call.ts";
import { GATEWAY_TOKEN } from "./keys.ts";

/** Bytes that a program can be given in one argument: Linux takes 128 KB. */
const LONGEST_ARGUMENT = 100_000;

/** A text as one word of a POSIX shell, in which nothing is expanded. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A header that is expanded by the shell. `name`, `scheme` and `variable` are of our own choice. */
const secretHeader = (name: string, scheme: string | undefined, variable: string): string =>
  `-H "${name}: ${scheme ? `${scheme} ` : ""}$${variable}"`;

/** What is written before `curl`, and the argument that gives it the body: byte for byte what was recorded. */
function bodyOf(body: Call["body"]): { before: string; argument: string } {
  if (typeof body === "string" && !body.includes("\0")) {
    const text = quoted(body);
    // `--data-raw` reads no file for a body that begins with @. printf is the shell's own, so what it is given may be long.
    return Buffer.byteLength(body) <= LONGEST_ARGUMENT
      ? { before: "", argument: `--data-raw ${text}` }
      : { before: `printf '%s' ${text} | `, argument: "--data-binary @-" };
  }
  const lines = Buffer.from(body)
    .toString("base64")
    .replace(/.{76}(?=.)/g, "$&\n");
  return { before: `base64 --decode <<'END' | `, argument: `--data-binary @-\n${lines}\nEND` };
}

/** The call as a command for a POSIX shell; tokens and keys come from its environment. */
export function curl(call: Call): string {
  const { key, contentType, provider, body } = call;
  const { before, argument } = bodyOf(body);
  return `${[
    `${before}curl ${quoted(addressOf(call))}`,
    secretHeader("cf-aig-authorization", "Bearer", GATEWAY_TOKEN),
    secretHeader(key.header, key.scheme, key.variable),
    // Anthropic refuses a call without it; it is not recorded.
    ...(provider === "anthropic" ? ["-H 'anthropic-version: 2023-06-01'"] : []),
    `-H ${quoted(`Content-Type: ${contentType.replace(/[\r\n]+/g, " ")}`)}`,
    argument,
  ].join(" \\\n  ")}\n`;
}
