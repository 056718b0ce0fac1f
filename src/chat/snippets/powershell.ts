import { addressOf, bodyBase64, type Call } from "./call.ts";
import { GATEWAY_TOKEN } from "./keys.ts";

/** Printable ASCII as a string in which nothing is expanded. (Beyond ASCII there are other quotes that PowerShell takes for this one.) */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A header's value that is expanded by the shell. `scheme` and `variable` are of our own choice. */
const secret = (scheme: string | undefined, variable: string): string =>
  `"${scheme ? `${scheme} ` : ""}$env:${variable}"`;

/**
 * The call for PowerShell 5.1 and later, in printable ASCII; tokens and keys come from its environment. The body is base64: no character
 * of it can end a string, and what is piped to a program would be encoded anew.
 */
export function powershell(call: Call): string {
  const { key, contentType, provider } = call;
  const headers = {
    "cf-aig-authorization": secret("Bearer", GATEWAY_TOKEN),
    [key.header]: secret(key.scheme, key.variable),
    // Anthropic refuses a call without it; it is not recorded.
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
