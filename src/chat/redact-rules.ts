// What is to be redacted in a text. Each pattern takes time in proportion to the text: what repeats is bounded, or is
// followed by nothing it could give back to, or can start only where no longer run of its characters has started.

import { redactCards } from "./redact-cards.ts";

/** Of a pattern's two groups the first is kept, the second is the secret. */
type Rule = {
  mark: string;
  pattern: RegExp;
  accepts?: (secret: string, kept: string) => boolean;
  /** What is not accepted as a secret may be the name of one: "password: token=…". */
  nests?: true;
};

/** No letter or digit before, unless they are the end of an escape: `\n`, `%20`, `\u0022`. */
const START = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrt]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}))`;

/** Between a name and its value, in prose, YAML, code, URLs and JSON (also JSON within JSON). */
const IS = String.raw`\\{0,3}["']?\s{0,3}(?:=>?|:|%3[AD])\s{0,3}\\{0,3}["']?`;

// Prefixes as the providers document them.
const PREFIXED = [
  "AIza[A-Za-z0-9_-]{30,}",
  "GOCSPX-[A-Za-z0-9_-]{20,}",
  String.raw`ya29\.[A-Za-z0-9_-]{20,}`,
  "A[KS]IA[A-Z0-9]{16}",
  "gh[pousr]_[A-Za-z0-9]{30,}",
  "github_pat_[A-Za-z0-9_]{22,}",
  "glpat-[A-Za-z0-9_-]{20,}",
  "npm_[A-Za-z0-9]{30,}",
  "xox[abeoprs]-[A-Za-z0-9-]{10,}",
  "xapp-[A-Za-z0-9-]{10,}",
  "hf_[A-Za-z0-9]{30,}",
  "r8_[A-Za-z0-9]{30,}",
  "gsk_[A-Za-z0-9]{30,}",
  "pplx-[A-Za-z0-9]{30,}",
  "xai-[A-Za-z0-9]{40,}",
  "csk-[A-Za-z0-9]{30,}",
  "fw_[A-Za-z0-9]{20,}",
  "tgp_v1_[A-Za-z0-9_-]{30,}",
  "nvapi-[A-Za-z0-9_-]{40,}",
  "tvly-[A-Za-z0-9-]{20,}",
  "[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
  "sk_[0-9a-f]{40,}",
  "whsec_[A-Za-z0-9+/=]{24,}",
  "cf(?:k|ut|at)_[A-Za-z0-9]{40,}",
  "v1\\.0-[0-9a-f]{24}-[0-9a-f]{100,}",
].join("|");

const KEY = "API key";
const TOKEN = "token";

/** Keys of APIs and private keys: by the form that their makers give them, or by what stands before them. */
export const KEY_RULES: readonly Rule[] = [
  {
    mark: "private key",
    // With its END, else (cut off) as far as it is base64.
    pattern:
      /()(-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:[^-]{0,20000}(?:-[^-]{1,2000}){0,8}-----END [A-Z0-9 ]{0,40}-----|(?:\s|\\[nr]){0,8}[A-Za-z0-9+/]{40}[A-Za-z0-9+/=\s\\]*))/g,
  },
  // An AWS secret key has no form of its own: 40 characters, after its name or after the key it belongs to.
  {
    mark: KEY,
    pattern: new RegExp(
      String.raw`((?:aws|secret)[A-Za-z_ -]{0,24}key${IS}|(?<=A[KS]IA[A-Z0-9]{16}\W{1,8}))([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])`,
      "gi",
    ),
  },
  // Nor has a Cloudflare token or key of before 2026.
  {
    mark: KEY,
    pattern: new RegExp(
      String.raw`((?:cloudflare|cf|x-auth)[A-Za-z_ -]{0,24}(?:token|key)${IS})([A-Za-z0-9_-]{37,45})(?![A-Za-z0-9_-])`,
      "gi",
    ),
  },
  // The digit tells it from a CSS class.
  { mark: KEY, pattern: new RegExp(`(${START})(sk-[A-Za-z0-9_-]{20,})`, "g"), accepts: (secret) => /\d/.test(secret) },
  { mark: KEY, pattern: new RegExp(`()(${PREFIXED})`, "g") },
];

const NAMES = [
  "passw(?:or)?d",
  "passphrase",
  "pwd",
  "authorization",
  "secret",
  "credentials?",
  "(?:api|access|auth|account|subscription|secret|private|session)[_-]?key",
  "token",
  "jwt",
  "session[_-]?id",
  "(?:phpsess|jsession)id",
  String.raw`connect\.sid`,
  "(?<=[?&])(?:key|sig|signature|x-amz-signature|x-goog-signature)",
].join("|");

const SCHEME = /^(?:Bearer|Basic|Token|ApiKey)\s+/i;

/** Tokens and passwords. */
export const TOKEN_RULES: readonly Rule[] = [
  {
    mark: TOKEN,
    pattern: new RegExp(`(cookie${IS})([^\\s=;"'\\\\]{1,256}=[^\\r\\n"'\\\\]+)`, "gi"),
  },
  {
    mark: TOKEN,
    pattern: new RegExp(
      `((?:${NAMES})${IS})((?:(?:Bearer|Basic|Token|ApiKey)\\s{1,3})?(?:(?<=["'])[^"'\\\\\\r\\n]{4,1000}|[^\\s"'\\\\&;,<>]{4,1000}))`,
      "gi",
    ),
    accepts: isSecretValue,
    nests: true,
  },
  // The lookahead runs once per run of its characters; only then the start within the run is looked for.
  {
    mark: TOKEN,
    pattern: /((?<![\w-])(?=[\w-]+\.eyJ[\w-]{2})[\w-]*?)(eyJ[\w-]{8,}\.eyJ[\w-]{2,}(?:\.[\w-]*){0,3})/g,
  },
  {
    mark: TOKEN,
    pattern: /(Bearer(?:\s{1,3}|%20|\+))([A-Za-z0-9._~+/=-]{8,})/gi,
    accepts: (secret) => /\d|[a-z][A-Z]/.test(secret),
  },
  {
    mark: TOKEN,
    pattern: /(Basic(?:\s{1,3}|%20|\+))([A-Za-z0-9+/_-]{6,}={0,2})/gi,
    accepts: (secret) => /^[\x20-\x7E]*:[\x20-\x7E]*$/.test(Buffer.from(secret, "base64").toString("latin1")),
  },
  { mark: "password", pattern: /(:\/\/[^\s/:@"'<>]{0,128}:)([^\s/@"'<>]{1,256})(?=@)/g },
];

const FILES = /\.(?:png|jpe?g|gif|webp|svg|avif|ico|css|js|ts|json|md)$/i;

/** E-mail addresses. */
export const EMAIL_RULES: readonly Rule[] = [
  {
    mark: "e-mail",
    pattern:
      /((?<![\p{L}\p{N}._%+-]))([\p{L}\p{N}._%+-]+(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,8}\.\p{L}{2,63})/gu,
    // An image for a dense screen (icon@2x.png), and the login that all have who fetch code.
    accepts: (secret) => !FILES.test(secret) && !secret.startsWith("git@"),
  },
];

/** The text with each match of the rules replaced by its mark. */
export function applyRules(text: string, rules: readonly Rule[]): string {
  return rules.reduce(applyRule, text);
}

function applyRule(text: string, { mark, pattern, accepts, nests }: Rule): string {
  let result = "";
  let copied = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [whole, kept = "", secret = ""] = match;
    const start = match.index + kept.length;
    if (accepts?.(secret, kept) ?? true) {
      result += text.slice(copied, start) + markOf(mark);
      copied = match.index + whole.length;
    } else if (nests === true) {
      pattern.lastIndex = start;
    }
  }
  return result + text.slice(copied);
}

/** What stands for something redacted. */
export function markOf(what: string): string {
  return `[redacted: ${what}]`;
}

/** The text with each card number replaced. */
export function applyCards(text: string): string {
  return redactCards(text, markOf("card"));
}

const SECRET_NAME =
  /(?:authorization|apikey|passw(?:or)?d|passphrase|pwd|secret|credentials?|cookies?|jwt|(?:access|account|subscription|private|secret|session|auth)key|(?:api|access|refresh|id|auth|session|bearer|security|csrf|xsrf|bot|oauth|user|client)token|sessionid|(?:phpsess|jsession)id|connectsid)$/;

/** True where a JSON field's name and value make a secret of the value: `authorization`, `apiKey`, `client_secret`, … */
export function isSecretField(name: string, value: string | number): boolean {
  if (name.length > 100 || String(value).trim() === "") return false;
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return plain === "token" ? isTokenLike(String(value)) : SECRET_NAME.test(plain);
}

/** Also where models count and spell: a token of theirs is a number or a piece of a word. */
function isTokenLike(value: string): boolean {
  return value.length >= 8 && /^\S*$/.test(value) && /[A-Za-z]/.test(value) && (/\d/.test(value) || value.length >= 20);
}

/** Tells `password=x` from `password: string` and `token = next()`. */
function isSecretValue(given: string, before: string): boolean {
  const secret = given.replace(SCHEME, "");
  if (/^[[{($%*]/.test(secret) || /^(?:null|none|true|false|undefined|string)\b/i.test(secret)) return false;
  if (/^token/i.test(before)) return isTokenLike(secret);
  const isQuoted = /["']$/.test(before);
  if (isQuoted || secret !== given) return true;
  if (/^[A-Za-z_][\w.]{0,200}[([]/.test(secret)) return false;
  return before.endsWith("=") || /%3d$/i.test(before) || /\d/.test(secret);
}
