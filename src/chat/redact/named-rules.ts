// Finds values next to the name of a secret: in prose, JSON, YAML, XML, Markdown, tables, forms and code.

import { isRandom } from "./keys.ts";
import { isSecretOf, kindOf, KEY_OWNERS, PASSWORDS } from "./names.ts";
import { type Match, type Rule, wholeIf } from "./rule.ts";
import { secretCellsIn } from "./tables.ts";
import { valueLength } from "./values.ts";

const TOKEN = "token";

/** Between a name and its value, in prose, YAML, Markdown, code, URLs and JSON. */
export const IS = String.raw`["'\`\]*_]{0,3}(?:\s?\([^()\n]{1,30}\))?(?:</[a-z]{1,8}>)?\s{0,3}(?:=>|:=|={1,3}|:|->|→)[*_]{0,2}(?:</[a-z]{1,8}>)?\s{0,8}(?:"{3}|[*_]{0,2}["'\`])?`;

const AFTER_NAME =
  "(?:[_-]?(?:prod(?:uction)?|dev|staging|test|live|base|old|new|value|plain|hash|confirm(?:ation)?|\\d{1,3}))?";
/** A secret's name, or the end of one; `kindOf` decides about the whole name. */
const NAME = `(?<!redacted: )(?:(?:${PASSWORDS})s?|authorization|secrets?|credentials?|cookies?|(?:${KEY_OWNERS})[ _-]?keys?|tokens?|jwt|(?:phpsess|jsession)id|connect\\.sid|(?<![A-Za-z])(?:pass|pw|psk|creds?|auth|pin|otp|cvv|cvc))${AFTER_NAME}`;
/** Part of every name, for a quick check. */
const NAME_HINT =
  /pass|pwd|secret|token|key|auth|cred|cookie|jwt|sess|psk|pw|pin|otp|cv[vc]|kennwort|contrase|senha|wachtwoord|lösen|has[lł]o|heslo|salasana|şifre|пароль|密|パスワード|비밀번호|connect/i;
/** Prose may have words in between: "the password for the server is". */
const FOR = String.raw`(?:\s(?:for|of|to|on|in|at)\s[^\n.:=]{1,40}?)?`;
/** A nested quote: what follows can't follow a closing quote. */
const INNER = String.raw`(?=[^\s,;:}\])>&|/.+])`;
/** A value's characters, by its opening quote. */
const CHARACTERS = {
  '"': String.raw`[^"\r\n]|"${INNER}`,
  "'": String.raw`[^'\r\n]|'${INNER}`,
  "`": "[^`\\r\\n]",
  "": String.raw`[^\s"'\`<>]|["'](?=\w)`,
};
const isQuote = (character: string): character is keyof typeof CHARACTERS => Object.hasOwn(CHARACTERS, character);
/** Enough of a value to decide whether it's secret; the rest is matched only then (`REST`). */
const MOST = 256;
const QUOTED = (['"', "'", "`"] as const).map((quote) => `(?<=${quote})(?:${CHARACTERS[quote]}){1,${MOST}}`).join("|");
const UNQUOTED = `(?:${CHARACTERS[""]}){2,${MOST}}`;
const REST = new Map(
  Object.entries(CHARACTERS).map(([quote, one]) => [quote, new RegExp(`(?:${one}){0,100000}`, "y")]),
);

/** Returns the whole length of a secret that was checked only up to `MOST` characters. */
function wholeLength({ secret, kept, text, start }: Match, length: number): number {
  const quote = kept.slice(-1);
  const rest = REST.get(isQuote(quote) ? quote : "");
  if (length === 0 || length < secret.length || length < MOST || rest === undefined) return length;
  rest.lastIndex = start + length;
  return rest.test(text) ? rest.lastIndex - start : length;
}

const SCHEME = String.raw`(?:(?:Bearer|Basic|Token|Key|Api-?Key|SSWS|GenieKey|sso-key|Client-ID|OAuth)(?:\s{1,3}|␠))`;

/** Returns the kind of the name before a value, if it's one word. */
function kindBefore({ kept, text, start }: Match) {
  const from = start - kept.length;
  const before = /[\p{L}\p{N}_.-]{0,60}$/u.exec(text.slice(Math.max(0, from - 60), from))?.[0] ?? "";
  const name = /^[\p{L}\p{N}_. -]+/u.exec(kept)?.[0] ?? "";
  return kindOf(`${before}${name}`.trim());
}

const named = (match: Match): number => wholeLength(match, valueLength(match, kindBefore(match)));
/** Like `named`, for places where a value can be any word, so it must look like a secret. */
const strong = ({ secret, kept }: Match): number => {
  const word = secret.replace(/[.,;:!?)\]}*_]+$/, "");
  const isQuoted = /["'`]$/.test(kept);
  const looks = /\d/.test(word)
    ? /[^\d.,:/%-]/.test(word) && !/^\w{0,12}-(?:bit|digit|character)/.test(word)
    : /[a-z][A-Z]|[@$!%*?&#^=~]./.test(word);
  return (isQuoted || looks) &&
    word.length >= 4 &&
    !/^(?:sha-?\d|md5|aes|rsa|base64|utf|oauth|https?:|\[redacted)/i.test(word)
    ? word.length
    : 0;
};

const RULES: readonly Rule[] = [
  {
    mark: TOKEN,
    pattern: new RegExp(
      `((?:proxy-)?authorization${IS})((?:Digest|AWS4-HMAC-SHA256|OAuth|Hawk|NTLM|Negotiate|SharedKey(?:Lite)?|GoogleLogin|Signature|hmac)\\s(?:(?!"(?:\\s*[}\\]]|\\s*,\\s*"))[^\\r\\n]){8,2000})`,
      "gi",
    ),
  },
  { mark: TOKEN, pattern: new RegExp(`(cookies?${IS})([^\\s=;"']{1,64}=[^\\r\\n"']+)`, "gi") },
  {
    mark: TOKEN,
    pattern: new RegExp(`(${NAME}${IS})(${SCHEME}?(?:${QUOTED}|${UNQUOTED}))`, "gi"),
    length: named,
    nests: true,
  },
  // Prose.
  {
    mark: TOKEN,
    pattern: new RegExp(
      `(${NAME}${FOR}(?:\\s(?:has|been|got|was|changed|reset|set|updated)){0,4}\\s(?:is|was|are|to|as|ist|es|est|é|是|—|–|-)(?:\\s(?:now|currently|still|just))?:?\\s{1,2}["'\`*_]{0,2})(${UNQUOTED})`,
      "gi",
    ),
    length: (match) => strong(match) || loneWord(match),
    nests: true,
  },
  // netrc and the like: "login ann password x".
  {
    mark: TOKEN,
    pattern: new RegExp(`((?:${PASSWORDS})\\s{1,2})(?=[^\\s"'\`<>:=-])(${UNQUOTED})`, "gi"),
    length: (match) =>
      /(?:login|user(?:name)?|account)\s{1,3}\S{1,60}\s{1,3}$/i.test(before(match))
        ? match.secret.length
        : match.secret.length >= 6
          ? strong(match)
          : 0,
    nests: true,
  },
  // "token x", "API key x", and in a Dockerfile "ENV API_KEY x".
  {
    mark: TOKEN,
    pattern: new RegExp(`(${NAME}\\s{1,2})([\\w.~+/=-]{16,1000})`, "gi"),
    length: wholeIf(isRandom),
    nests: true,
  },
  {
    mark: TOKEN,
    pattern: new RegExp(
      `(^[ \\t]{0,20}(?:ENV|ARG|setenv)[ \\t]{1,4}\\w{0,40}?${NAME}[ \\t]{1,4})(?!=)([^\\s"']{3,1000})`,
      "gim",
    ),
  },
  {
    mark: TOKEN,
    pattern: new RegExp(
      `((?:passphrase|(?:seed|recovery|secret)[ _-]?phrase|mnemonic)${IS})([a-z]{2,12}(?:[ -][a-z]{2,12}){2,24})(?=\\s{0,3}(?:[\\r\\n"'.]|$))`,
      "gi",
    ),
  },
  // {"name": "DB_PASSWORD", "value": …}, <add key="ApiKey" value=…/>, <input type="password" value=…>, and the other way round.
  {
    mark: TOKEN,
    pattern: new RegExp(
      `((?:name|key|header|field|id|k|type|title|label|var|variable)["']?\\s{0,3}[=:]\\s{0,3}["']?[\\w. -]{0,40}?${NAME}["']?[^{}\\r\\n]{0,40}?[\\s,;<](?:["']?(?:value|val|v|content|default|data|secret)["']?\\s{0,3}[=:>]\\s{0,3}["']?))((?<=["'])[^"'\\r\\n]{1,2000}|[^\\s"'\`<>,}]{3,1000})`,
      "gi",
    ),
  },
  {
    mark: TOKEN,
    pattern: new RegExp(
      `((?:name|key|header|field|k)["']?\\s{0,3}:\\s{0,3}["']?[\\w.-]{0,40}?${NAME}["']?[,;]?\\s{1,60}["']?(?:value|val|v)["']?\\s{0,3}:\\s{0,3}["']?)((?<=["'])[^"'\\r\\n]{1,2000}|[^\\s"'\`<>,}]{3,1000})`,
      "gi",
    ),
  },
  {
    mark: TOKEN,
    pattern: new RegExp(
      `((?<![\\w])(?:value|val|v)["']?\\s{0,3}[=:]\\s{0,3}["'])([^"'\\r\\n]{1,1000})(?=["'][^{}<>]{1,40}?(?:name|key|header|field|k)["']?\\s{0,3}[=:]\\s{0,3}["'][\\w. -]{0,40}?${NAME}["'])`,
      "gi",
    ),
  },
  // ["authorization", "Bearer …"], ("password", "…")
  {
    mark: TOKEN,
    pattern: new RegExp(`(["'][\\w.-]{0,40}?${NAME}["']\\s{0,3},\\s{0,3}["'])([^"'\\r\\n]{4,2000})(?=["'])`, "gi"),
    length: ({ secret, kept }) => (isSecretPair(/[\w.-]+/.exec(kept)?.[0] ?? "", secret) ? secret.length : 0),
    nests: true,
  },
  // <password>…</password>, <td>Password</td><td>…</td>, <key>Password</key><string>…</string>
  {
    mark: TOKEN,
    pattern: new RegExp(
      `(<(?:[\\w.-]{1,30}:)?[\\w.-]{0,40}?${NAME}(?:\\s[^<>]{0,200})?>\\s{0,60}(?:<[\\w:.-]{1,40}>\\s{0,20}){0,2}(?:<!\\[CDATA\\[)?)([^<\\]\\s][^<\\]]{0,2000})`,
      "gi",
    ),
    length: ({ secret, kept }) =>
      isSecretOf(kindOf(/[\w.-]+(?=[\s>])/.exec(kept)?.[0] ?? ""), secret.trim()) ? secret.trimEnd().length : 0,
  },
  {
    mark: TOKEN,
    pattern: new RegExp(
      `(>\\s{0,20}[\\w .-]{0,40}?${NAME}:?\\s{0,20}</[\\w:-]{1,30}>\\s{0,60}(?:<[\\w:-]{1,30}(?:\\s[^<>]{0,200})?>\\s{0,20}){1,3})([^<\\s][^<]{2,2000})`,
      "gi",
    ),
    length: ({ secret }) => secret.trimEnd().length,
  },
  // | password | … |
  {
    mark: TOKEN,
    pattern: new RegExp(
      `(\\|[ \\t]{0,20}[*_\`]{0,2}[\\w .-]{0,40}?${NAME}[*_\`]{0,2}[ \\t]{0,20}\\|[ \\t]{0,20}[*_]{0,2}\`?)([^\\s|\`][^|\\r\\n\`]{2,500})`,
      "gi",
    ),
    length: (match) => (/\s/.test(match.secret.trim()) ? 0 : strong({ ...match, secret: match.secret.trim() })),
    nests: true,
  },
  // A form's field in a multipart body.
  {
    mark: TOKEN,
    pattern: new RegExp(
      `(name="[\\w.[\\]-]{0,40}?${NAME}\\]?"\\s{0,2}\\r?\\n(?:[\\w-]{1,40}:[^\\r\\n]{0,200}\\r?\\n)?\\r?\\n)([^\\r\\n]+)`,
      "gi",
    ),
  },
  // YAML: a block, a list, a mapping.
  {
    mark: TOKEN,
    pattern: new RegExp(
      `(^([ \\t]{0,60})(?:- )?["']?[\\w.-]{0,40}?${NAME}["']?:[ \\t]{0,4}[|>][+-]?\\d?[+-]?[ \\t]{0,4}\\r?\\n[ \\t]*)((?:(?<=\\n[ \\t]*)\\S[^\\n]*|\\n\\2[ \\t]+\\S[^\\n]*|\\n[ \\t]{0,60}(?=\\n)){1,500})`,
      "gim",
    ),
  },
  {
    mark: TOKEN,
    pattern: new RegExp(
      `(^([ \\t]{0,60})(?:- )?["']?[\\w.-]{0,40}?${NAME}["']?:[ \\t]{0,4}\\r?\\n)((?:[ \\t]{0,60}- [^\\n]+(?:\\n|$)){1,500})`,
      "gim",
    ),
    length: ({ secret }) =>
      /^\s*- ["']?[a-z_]{1,20}["']?:?(?:\s|$)/.test(secret) && !/\d/.test(secret) ? 0 : secret.trimEnd().length,
  },
  {
    mark: TOKEN,
    pattern: new RegExp(
      `(^([ \\t]{0,60})["']?[\\w.-]{0,40}?(?:passwords|secrets|credentials|tokens|api_?keys)["']?:[ \\t]{0,4}\\r?\\n)((?:\\2[ \\t]+[\\w.-]{1,60}: [^\\n]+(?:\\n|$)){1,500})`,
      "gim",
    ),
    length: ({ secret }) =>
      /^\s*(?:type|description|properties|\$ref|external|file):/m.test(secret) ? 0 : secret.trimEnd().length,
  },
  {
    mark: TOKEN,
    pattern: new RegExp(
      `(^[ \\t]{0,60}["']?[\\w.-]{0,40}?${NAME}["']?:[ \\t]{0,4}\\r?\\n[ \\t]{1,60}(?:value|val|v|data|plain|secret|current)["']?:[ \\t]{1,4}["']?)([^\\r\\n"']+)`,
      "gim",
    ),
  },
  { mark: TOKEN, find: secretCellsIn },
];

/** The text before a match. */
const before = ({ text, kept, start }: Match): string =>
  text.slice(Math.max(0, start - kept.length - 80), start - kept.length);

/** "the password is swordfish.": a single word at the end of a sentence, unless it describes the password. */
function loneWord({ secret, kept, text, start }: Match): number {
  if (!new RegExp(`^(?:${PASSWORDS})`, "i").test(kept) || !/\s(?:is|was|to):?\s{1,2}["'`*_]{0,2}$/i.test(kept))
    return 0;
  const word = /^[A-Za-z]{5,40}(?=[.!,;]?$)/.exec(secret)?.[0];
  const end = start + secret.length;
  if (word === undefined || !/^["'`*_]{0,2}\s{0,3}(?:$|[\r\n])/.test(text.slice(end, end + 8))) return 0;
  return ABOUT.test(word) ? 0 : word.length;
}

const ABOUT =
  /(?:ed|ing|[ai]ble|ly|ous|ful|less)$|^(?:(?:in)?correct|wrong|(?:in)?valid|missing|empty|weak|strong|secure|safe|same|different|blank|null|unknown|secret|private|hidden|mandatory|optional|necessary|important|below|above|there|yours|short|stored|known|stolen|broken|protect|access|change|reset|string|login|account|verify|confirm|match|continue|proceed|something|anything|nothing|plain|plaintext|fine|right|good|great|unique|simple|complex|enough|public|clear|visible|available|default|ready)$/i;

/** Whether a list item names the next item; false in a list of names. */
export function isSecretPair(name: string, value: string): boolean {
  const kind = kindOf(name);
  if (kind === undefined || !isSecretOf(kind, value)) return false;
  if (kind !== "secret" || /^(?:x-|.*authorization|.*cookie|.*api-key)/i.test(name)) return true;
  return !/^[A-Za-z][a-z]*(?:[_ -][a-z]+|[A-Z][a-z]+)*$|^[a-z_]{1,20}\d$/.test(value);
}

/** Rules for named secrets. */
export const NAMED_RULES: readonly Rule[] = RULES.map((rule): Rule => Object.assign(rule, { hint: NAME_HINT }));
