// Tells secret values from placeholders in code, schemas and prose, and finds their end.

import { isSecretOf, type Kind } from "./names.ts";
import type { Match } from "./rule.ts";

const SCHEME = /^(?:Bearer|Basic|Token|Key|Api-?Key|SSWS|GenieKey|sso-key|Client-ID|OAuth)[\s␠]+/i;
/** Placeholders for a value, and type names. */
const NO_VALUE =
  /^(?:null|nil|none|true|false|undefined|str|string|text|varchar|char|int|integer|number|bool|boolean|bytes|object|any|array|list|dict|required|optional|missing|empty|invalid|valid|incorrect|wrong|changed|hidden|unset|unknown|yes|no|not|the|your|enabled|disabled|inherit|default)\b[.,;:!?)\]}|]*$/i;
/** A variable, a template or a placeholder. */
const REFERENCE =
  /^(?:\$\{[^}]*\}?|\$[A-Za-z_]+|\$\([^)]*\)?|\$?\{\{.*|<[^>]*>?|[*•.…xX_-]+|%\w+%|![a-z]+|@\w+@?|[[({]+)[,;)\]}"'`]*$/;
const CODE =
  /^(?:[A-Za-z_$][\w.]{0,200}[([]|(?:self|this|process|os|env|config|cfg|settings|options|opts|args|params|req|request|ctx|context|user|data|props|state|secrets|vars|event|body|form|credentials|import|await|new|row|input)(?:\.[A-Za-z_]\w*)+[,;)\]}]*$|[{[(]\s*["']?[\w.]*["']?\s*[:,({[])/;

/** Returns how much of the text after a name and its separator is secret, or 0. */
export function valueLength({ secret: value, kept, text, start }: Match, kind: Kind | undefined): number {
  if (kind === undefined) return 0;
  const isQuoted = /["'`]$/.test(kept);
  const length = isQuoted ? value.length : unquotedLength(value);
  const given = value.slice(0, length);
  const secret = given.replace(SCHEME, "");
  if (secret === "" || secret.startsWith("[") || NO_VALUE.test(secret) || REFERENCE.test(secret)) return 0;
  if (kind !== "secret") return isSecretOf(kind, kind === "word" ? given : secret) ? length : 0;
  if (isQuoted || secret !== given) return secret.length >= 3 ? length : 0;
  if (secret.length < 3 || CODE.test(secret)) return 0;
  if (/^[({*]/.test(secret) && !/\d|[^\w({*)}]/.test(secret)) return 0;
  if (kept.endsWith("=") || /[\d@!%^&+~#$]/.test(secret)) return length;
  return length >= 4 && !/[=:]/.test(secret) && isAloneOnLine(kept, text, start, start + length) ? length : 0;
}

/** Returns the end of an unquoted value: before the rest of its sentence, query or list of pairs. */
function unquotedLength(value: string): number {
  const next = /[,;&|](?=\s|$|["'{[]|["']?[\w.$ -]{1,40}["']?\s?[=:])|["'](?=[,;:}\])]|$)/.exec(value.slice(1));
  let length = next ? next.index + 1 : value.length;
  for (; length > 1; length--) {
    const last = value[length - 1] ?? "";
    const opener = { ")": "(", "]": "[", "}": "{" }[last];
    const isLoose = opener === undefined ? /[.,;:!?]/.test(last) : !value.slice(0, length).includes(opener);
    if (!isLoose) break;
  }
  return length;
}

/** Whether a value is alone on its line ("password: swordfish"), except for list marks. */
function isAloneOnLine(kept: string, text: string, start: number, end: number): boolean {
  if (/[\r\n]/.test(kept)) return false;
  const from = start - kept.length;
  const isFirst = /(?:^|\n|["'])[ \t]*(?:[-*+>] |export |set |\d{1,3}[.)] )?["'*_`\w.-]{0,60}$/i.test(
    text.slice(Math.max(0, from - 100), from),
  );
  return isFirst && /^[ \t*_`]{0,8}(?:[\r\n"']|$)/.test(text.slice(end, end + 12));
}
