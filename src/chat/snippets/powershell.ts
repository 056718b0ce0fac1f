import { addressOf, bodyBase64, type Call } from "./call.ts";
import { GATEWAY_TOKEN } from "./keys.ts";

/** Quotes printable ASCII without expansions. (PowerShell also accepts other quotes, beyond ASCII.) */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A header value that the shell expands. `scheme` and `variable` are never recorded content. */
const secret = (scheme: string | undefined, variable: string): string =>
  `"${scheme ? `${scheme} ` : ""}$env:${variable}"`;

/**
 * Returns the call for PowerShell 5.1 and later in printable ASCII; tokens and keys come from the environment. The body
 * is base64: no character of it can end a string, and piped text would be re-encoded.
 */
export function powershell(call: Call): string {
  const { key, tokenHeader, contentType, provider } = call;
  const headers = {
    [tokenHeader]: secret("Bearer", GATEWAY_TOKEN),
    [key.header]: secret(key.scheme, key.variable),
    // Anthropic rejects a call without it, and it isn't recorded.
    ...(provider === "anthropic" ? { "anthropic-version": "'2023-06-01'" } : {}),
  };
  const lines = [
    "$request = @{",
    "  Method = 'Post'",
    `  Uri = ${quoted(addressOf(call))}`,
    "  Headers = @{",
    ...Object.entries(headers).map(([name, value]) => `    '${name}' = ${value}`),
    "  }",
    `  ContentType = ${quoted(contentType)}`,
    "  Body = [Convert]::FromBase64String('",
    bodyBase64(call),
    "')",
    "}",
    "Invoke-RestMethod @request",
  ];
  return `${lines.join("\n")}\n`;
}
