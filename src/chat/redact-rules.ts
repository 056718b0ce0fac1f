// What is to be redacted in a text, which the rules see decoded (redact-view.ts). Each pattern takes time in proportion to the text: what repeats is
// bounded, or is followed by nothing it could give back to, or can start only where no longer run of its characters has started.

import { cardsIn } from "./redact-cards.ts";
import { isRandom, shapesOf } from "./redact-keys.ts";
import { isSecretOf, kindOf, KEY_OWNERS, PASSWORDS } from "./redact-names.ts";
import { secretCellsIn } from "./redact-tables.ts";
import { valueLength } from "./redact-values.ts";
import { viewOf } from "./redact-view.ts";

/** A part of a text: from `start` up to `end`. */
export type Span = { start: number; end: number };
type Found = Span & { mark: string };

/** A secret that a pattern found: `kept` stands before it and stays; `start` is its place in `text`. */
type Match = { secret: string; kept: string; text: string; start: number };

/** The first group of a pattern is kept, the last is the secret. */
type Pattern = {
  pattern: RegExp;
  /** How many characters of the secret are redacted; none where it is no secret after all. All unless given. */
  length?: (match: Match) => number;
  /** What is not accepted as a secret may be the name of one: "password: token=…". */
  nests?: true;
};

/** A rule finds something by a pattern or by going through the text. `hint`: without it, nothing is found. */
export type Rule = { mark: string; hint?: RegExp } & (Pattern | { find: (text: string) => Span[] });

const START = "(?<![A-Za-z0-9])";
/** Apart from base64 too. */
const APART = "(?<![A-Za-z0-9+/])";
/** None of those keys is shorter; words are. */
const LONG = String.raw`(?=[^\s"'<>]{20})`;

const KEY = "API key";
const TOKEN = "token";
const PASSWORD = "password";

const wholeIf =
  (accepts: (secret: string) => boolean) =>
  ({ secret }: Match): number =>
    accepts(secret) ? secret.length : 0;

/** Between a name and its value, in prose, YAML, Markdown, code, URLs and JSON. */
const IS = String.raw`["'\`\]*_]{0,3}(?:\s?\([^()\n]{1,30}\))?\s{0,3}(?:=>|:=|={1,3}|:|->|→)[*_]{0,2}\s{0,3}(?:"{3}|[*_]{0,2}["'\`])?`;

/** Keys of APIs and private keys: by the form that their makers give them, or by what stands before them. */
export const KEY_RULES: readonly Rule[] = [
  {
    mark: "private key",
    hint: /PRIVATE|PuTTY/,
    // With its END, else (cut off) as far as it is base64.
    pattern:
      /()(-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:[^-]{0,20000}(?:-[^-]{1,2000}){0,8}-----END [A-Z0-9 ]{0,40}-----|\s{0,8}[A-Za-z0-9+/]{40}[A-Za-z0-9+/=\s]*)|PuTTY-User-Key-File-\d:[^-]{0,200}(?:[^\n]{0,200}\n){1,12}?Private-Lines: ?\d{1,4}\s{1,4}[A-Za-z0-9+/=\s]{16,}(?:Private-MAC: ?[0-9a-f]{1,128})?)/g,
  },
  {
    mark: "private key",
    hint: /Private-Lines/,
    pattern: /(Private-Lines: ?\d{1,4}\s{1,4})([A-Za-z0-9+/=\s]{16,})/g,
  },
  // An AWS secret key has no form of its own: 40 characters, after its name or after the key it belongs to.
  {
    mark: KEY,
    pattern: new RegExp(
      String.raw`((?:aws|secret)[A-Za-z_ -]{0,24}key${IS}|(?<=A[KS]IA[A-Z0-9]{16}\W{1,8}(?:(?:and|with|the|aws|secret|access|key|is)[\s:=]{1,3}){0,6}))([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])`,
      "gi",
    ),
  },
  // Nor has a Cloudflare token or key of before 2026.
  {
    mark: KEY,
    hint: /cloudflare|cf|x-auth/i,
    pattern: new RegExp(
      String.raw`((?:cloudflare|cf|x-auth)[A-Za-z_ -]{0,24}(?:token|key)${IS})([A-Za-z0-9_-]{37,45})(?![A-Za-z0-9_-])`,
      "gi",
    ),
  },
  { mark: KEY, pattern: new RegExp(`(${START})(${shapesOf("marked")})`, "g") },
  { mark: KEY, pattern: new RegExp(`(${START})(${shapesOf("ambiguous")})`, "g"), length: wholeIf(isRandom) },
  { mark: KEY, pattern: new RegExp(`(${APART})${LONG}(${shapesOf("bare")})`, "g") },
];

const AFTER_NAME =
  "(?:[_-]?(?:prod(?:uction)?|dev|staging|test|live|base|old|new|value|plain|hash|confirm(?:ation)?|\\d{1,3}))?";
/** A name that means secret, or the end of one; `kindOf` decides on the whole of it. */
const NAME = `(?<!redacted: )(?:(?:${PASSWORDS})s?|authorization|secrets?|credentials?|cookies?|(?:${KEY_OWNERS})[ _-]?keys?|tokens?|jwt|(?:phpsess|jsession)id|connect\\.sid|(?<![A-Za-z])(?:pass|pw|psk|creds?|auth|pin|otp|cvv|cvc))${AFTER_NAME}`;
/** Of each name a part, quicker to look for. */
const NAME_HINT =
  /pass|pwd|secret|token|key|auth|cred|cookie|jwt|sess|psk|pw|pin|otp|cv[vc]|kennwort|contrase|senha|wachtwoord|lösen|has[lł]o|heslo|salasana|şifre|пароль|密|パスワード|비밀번호|connect/i;
/** In prose a word may be in between: "the password for the server is". */
const FOR = String.raw`(?:\s(?:for|of|to|on|in|at)\s[^\n.:=]{1,40}?)?`;
/** A quote within quotes, where nothing follows that could follow the last one. */
const INNER = String.raw`(?=[^\s,;:}\])>&|/.+])`;
/** What a value is made of, by the quote in front of it. */
const CHARACTERS = {
  '"': String.raw`[^"\r\n]|"${INNER}`,
  "'": String.raw`[^'\r\n]|'${INNER}`,
  "`": "[^`\\r\\n]",
  "": String.raw`[^\s"'\`<>]|["'](?=\w)`,
};
const isQuote = (character: string): character is keyof typeof CHARACTERS => Object.hasOwn(CHARACTERS, character);
/** As much of a value as tells whether it is secret; the rest of it is looked for only then (`REST`). */
const MOST = 256;
const QUOTED = (['"', "'", "`"] as const).map((quote) => `(?<=${quote})(?:${CHARACTERS[quote]}){1,${MOST}}`).join("|");
const UNQUOTED = `(?:${CHARACTERS[""]}){2,${MOST}}`;
const REST = new Map(
  Object.entries(CHARACTERS).map(([quote, one]) => [quote, new RegExp(`(?:${one}){0,100000}`, "y")]),
);

/** The length of a secret of which only the first `MOST` characters were looked at. */
function wholeLength({ secret, kept, text, start }: Match, length: number): number {
  const quote = kept.slice(-1);
  const rest = REST.get(isQuote(quote) ? quote : "");
  if (length === 0 || length < secret.length || length < MOST || rest === undefined) return length;
  rest.lastIndex = start + length;
  return rest.test(text) ? rest.lastIndex - start : length;
}

const SCHEME = String.raw`(?:(?:Bearer|Basic|Token|Key|Api-?Key|SSWS|GenieKey|sso-key|Client-ID|OAuth)(?:\s{1,3}|␠))`;

/** The name in front of a value, as far as it is written in one word, and how it means secret. */
function kindBefore({ kept, text, start }: Match) {
  const from = start - kept.length;
  const before = /[\p{L}\p{N}_.-]{0,60}$/u.exec(text.slice(Math.max(0, from - 60), from))?.[0] ?? "";
  const name = /^[\p{L}\p{N}_. -]+/u.exec(kept)?.[0] ?? "";
  return kindOf(`${before}${name}`.trim());
}

const named = (match: Match): number => wholeLength(match, valueLength(match, kindBefore(match)));
/** As what `named` finds, where a value may be any word, so that it has to look like a secret. */
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

const NAMED_RULES: readonly Rule[] = [
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
      `(${NAME}${FOR}(?:\\s(?:has|been|got|was|changed|reset|set|updated)){0,4}\\s(?:is|was|are|to|as|ist|es|est|é|是|—|–|-)(?:\\s(?:now|currently|still|just))?\\s{1,2}["'\`*_]{0,2})(${UNQUOTED})`,
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

/** What stands in front of a match. */
const before = ({ text, kept, start }: Match): string =>
  text.slice(Math.max(0, start - kept.length - 80), start - kept.length);

/** "the password is swordfish.": a word alone at the end of what is said, which does not say something about the password. */
function loneWord({ secret, kept, text, start }: Match): number {
  if (!new RegExp(`^(?:${PASSWORDS})`, "i").test(kept) || !/\s(?:is|was|to)\s{1,2}["'`*_]{0,2}$/i.test(kept)) return 0;
  const word = /^[A-Za-z]{5,40}(?=[.!,;]?$)/.exec(secret)?.[0];
  const end = start + secret.length;
  if (word === undefined || !/^["'`*_]{0,2}\s{0,3}(?:$|[\r\n])/.test(text.slice(end, end + 8))) return 0;
  return ABOUT.test(word) ? 0 : word.length;
}

const ABOUT =
  /(?:ed|ing|[ai]ble|ly|ous|ful|less)$|^(?:(?:in)?correct|wrong|(?:in)?valid|missing|empty|weak|strong|secure|safe|same|different|blank|null|unknown|secret|private|hidden|mandatory|optional|necessary|important|below|above|there|yours|short|stored|known|stolen|broken|protect|access|change|reset|string|login|account|verify|confirm|match|continue|proceed|something|anything|nothing|plain|plaintext|fine|right|good|great|unique|simple|complex|enough|public|clear|visible|available|default|ready)$/i;

/** True where an item of a list names the next one: not in a list of names. */
export function isSecretPair(name: string, value: string): boolean {
  const kind = kindOf(name);
  if (kind === undefined || !isSecretOf(kind, value)) return false;
  if (kind !== "secret" || /^(?:x-|.*authorization|.*cookie|.*api-key)/i.test(name)) return true;
  return !/^[A-Za-z][a-z]*(?:[_ -][a-z]+|[A-Z][a-z]+)*$|^[a-z_]{1,20}\d$/.test(value);
}

const URL_PASSWORD = /^[^?#]*(?=@)/;

const COMMANDS = /(?:curl|wget|xh|https?|httpie)\b[\s\S]{0,400}$/;
const PASSWORD_COMMANDS =
  /(?:mysql\w*|mariadb[\w-]*|sshpass|mongo\w*|docker|podman|helm|az|smbclient|sqlplus|sqlcmd|bcp|unzip|zip|7z|htpasswd|redis-cli|ldap\w*|cqlsh|influx)\b[^\n;|]{0,300}$/;

/** Tokens and passwords. */
export const TOKEN_RULES: readonly Rule[] = [
  ...NAMED_RULES.map((rule): Rule => ({ ...rule, hint: NAME_HINT })),
  // In a query or a fragment.
  {
    mark: TOKEN,
    pattern:
      /([?&#;](?:key|sig|signature|code|apikey|auth|ticket|assertion|otp|sid|X-Amz-Signature|X-Amz-Credential|X-Goog-Signature|X-Goog-Credential|SAMLResponse|client_assertion)=)([^\s"'`<>&#]{4,4000})/gi,
    length: ({ secret, kept }) =>
      /code=$/i.test(kept) && !(secret.length >= 10 && /\d/.test(secret)) ? 0 : secret.length,
  },
  // --password x, --api-key=x
  {
    mark: TOKEN,
    hint: /--[a-z]/,
    pattern:
      /((?<=\s|^|["'(`[,])--[a-z][\w-]{1,60}(?:=|\s{1,3}|["'],\s{0,3})["']?)((?<=["'])[^"'\r\n]{1,1000}|[^\s"'`-][^\s"'`]{2,1000})/gi,
    length: ({ secret, kept }) => {
      const kind = kindOf(/[a-z][\w-]*/i.exec(kept)?.[0] ?? "");
      return kind === "word" || isSecretOf(kind, secret) ? secret.length : 0;
    },
    nests: true,
  },
  {
    mark: TOKEN,
    hint: /\s-{1,2}[uU]/,
    pattern:
      /(\s(?:-[uU]|--(?:user|proxy-user))[\s=]{0,3}["']?[^\s:"']{0,100}:)([^\s"']{1,500}|(?<=["'][^\s:"']{0,100}:)[^"'\r\n]{1,500})/g,
    length: (match) =>
      COMMANDS.test(
        match.text.slice(Math.max(0, match.start - match.kept.length - 420), match.start - match.kept.length),
      )
        ? match.secret.length
        : 0,
  },
  {
    mark: TOKEN,
    hint: /\s-[paPw]/,
    pattern: /(\s-(?:p|P|a|w|pw)[\s=]{0,2}["']?)((?<=["'])[^"'\r\n]{1,500}|[^\s"'-][^\s"']{1,500})/g,
    length: (match) => {
      const said = match.text.slice(
        Math.max(0, match.start - match.kept.length - 320),
        match.start - match.kept.length,
      );
      const isPort = /^\d{1,5}(?::\d{1,5}){0,2}(?:\/\w+)?$/.test(match.secret);
      return PASSWORD_COMMANDS.test(said) && !isPort ? match.secret.length : 0;
    },
  },
  // The lookahead runs once per run of its characters; only then the start within the run is looked for. Five parts are a JWE.
  {
    mark: TOKEN,
    hint: /eyJ/,
    pattern:
      /((?<![\w-])(?=[\w-]+\.[\w-]*\.?)[\w-]*?)(eyJ[\w-]{8,}\.(?:eyJ[\w-]{2,}(?:\.[\w-]*){0,3}|[\w-]*(?:\.[\w-]{8,}){3}))/g,
  },
  {
    mark: TOKEN,
    pattern: /(Bearer(?:\s{1,3}|\+|␠))([A-Za-z0-9._~+/=-]{8,})/gi,
    length: wholeIf((secret) => /\d|[a-z][A-Z]/.test(secret)),
  },
  {
    mark: TOKEN,
    pattern: /(Basic(?:\s{1,3}|\+|␠))([A-Za-z0-9+/_-]{6,}={0,2})/gi,
    length: wholeIf((secret) => /^[\x20-\x7E]*:[\x20-\x7E]*$/.test(Buffer.from(secret, "base64").toString("latin1"))),
  },
  // user:password@host; the password may hold what should have been encoded.
  {
    mark: PASSWORD,
    hint: /:\/\//,
    pattern: /((?:^|[^a-z])([a-z][\w.+-]{1,30}):\/\/[^\s/:"'`<>]{0,128}:)((?:(?!:\/\/)[^\s"'`<>]){1,256})(?=@)/gi,
    length: ({ secret, kept }) => {
      if (/^\d{1,5}(?:[/?#]|$)/.test(secret) && /[/?#]/.test(secret)) return 0;
      return /(?:https?|wss?|ftps?):/i.test(kept)
        ? (URL_PASSWORD.exec(`${secret}@`)?.[0] ?? secret).length
        : secret.length;
    },
  },
  { mark: PASSWORD, hint: /:\/\//, pattern: /(:\/\/)(?=[A-Za-z_-]*\d)([\w-]{20,256})(?=@[\w.-])/g },
  {
    mark: PASSWORD,
    hint: /@(?:tcp|unix)\(/,
    pattern: /((?<![\w])[\w.-]{1,40}:)([^\s:"'`]{1,100})(?=@(?:tcp|unix)\()/g,
  },
];

const FILES = /\.(?:png|jpe?g|gif|webp|svg|avif|ico|css|js|ts|json|md)$/i;

/** E-mail addresses. */
export const EMAIL_RULES: readonly Rule[] = [
  {
    mark: "e-mail",
    hint: /@/,
    pattern:
      /((?<![\p{L}\p{N}._%+-]))([\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,8}\.\p{L}{2,63})/gu,
    // An image for a dense screen (icon@2x.png), and the login that all have who fetch code.
    length: wholeIf((secret) => !FILES.test(secret) && !secret.startsWith("git@")),
  },
];

/** Payment cards. */
export const CARD_RULES: readonly Rule[] = [{ mark: "card", hint: /\d[\d\D]{11}/, find: cardsIn }];

/** Longer texts of nothing but base64 are bytes: what they happen to spell is no key. */
const BYTES = /^(?:data:[\w/+.;=-]{0,100},)?[A-Za-z0-9+/=_\r\n-]{1024,}$/;

/** The text with each match of the rules replaced by its mark. */
export function applyRules(text: string, rules: readonly Rule[]): string {
  if (text.length < 3 || (text.length >= 1024 && BYTES.test(text))) return text;
  const view = viewOf(text);
  const hinted = new Map<RegExp, boolean>();
  const found = merged(
    rules.filter(({ hint }) => isHinted(hint, view.text, hinted)).flatMap((rule) => foundBy(rule, view.text)),
  );
  let result = "";
  let copied = 0;
  for (const { start, end, mark } of found) {
    result += text.slice(copied, view.at(start)) + markOf(mark);
    copied = end >= view.text.length ? text.length : view.at(end);
  }
  return result + text.slice(copied);
}

/** Many rules share a hint, which is looked for once. */
function isHinted(hint: RegExp | undefined, text: string, known: Map<RegExp, boolean>): boolean {
  if (hint === undefined) return true;
  const before = known.get(hint);
  if (before !== undefined) return before;
  const is = hint.test(text);
  known.set(hint, is);
  return is;
}

function foundBy(rule: Rule, text: string): Found[] {
  if ("find" in rule) return rule.find(text).map(({ start, end }) => ({ start, end, mark: rule.mark }));
  const { pattern, length, nests, mark } = rule;
  const found: Found[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const kept = match[1] ?? "";
    const secret = match.at(-1) ?? "";
    const start = match.index + kept.length;
    const redacted = /^\s*\[redacted:/.test(secret) ? 0 : (length?.({ secret, kept, text, start }) ?? secret.length);
    if (redacted > 0) {
      found.push({ start, end: start + redacted, mark });
      pattern.lastIndex = Math.max(start + redacted, match.index + 1);
    } else if (nests === true) {
      pattern.lastIndex = Math.max(start, match.index + 1);
    }
  }
  return found;
}

/** In their order; those that overlap as one, with the mark of the one that begins first. */
function merged(found: Found[]): Found[] {
  if (found.length < 2) return found;
  const result: Found[] = [];
  for (const span of found.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end);
    else result.push(span);
  }
  return result;
}

/** What stands for something redacted. */
export function markOf(what: string): string {
  return `[redacted: ${what}]`;
}
