// Rules for secrets in a text, which they see decoded (view.ts). Every pattern takes linear time: repetition is
// bounded, or nothing after it can backtrack into it, or it can start only where no longer run of its characters has
// started.

import { cardsIn } from "./cards.ts";
import { isRandom, shapesOf } from "./keys.ts";
import { IS, NAMED_RULES } from "./named-rules.ts";
import { isSecretOf, kindOf } from "./names.ts";
import { type Rule, wholeIf } from "./rule.ts";

const START = "(?<![A-Za-z0-9])";
/** Also apart from base64. */
const APART = "(?<![A-Za-z0-9+/])";
/** No such key is shorter; words are. */
const LONG = String.raw`(?=[^\s"'<>]{20})`;

const KEY = "API key";
const TOKEN = "token";
const PASSWORD = "password";

/** API keys and private keys: by their format, or by the text before them. */
export const KEY_RULES: readonly Rule[] = [
  {
    mark: "private key",
    hint: /PRIVATE|PuTTY/,
    // Up to its END line, else (truncated) as far as it's base64.
    pattern:
      /()(-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:[^-]{0,20000}(?:-[^-]{1,2000}){0,8}-----END [A-Z0-9 ]{0,40}-----|\s{0,8}[A-Za-z0-9+/]{40}[A-Za-z0-9+/=\s]*)|PuTTY-User-Key-File-\d:[^-]{0,200}(?:[^\n]{0,200}\n){1,12}?Private-Lines: ?\d{1,4}\s{1,4}[A-Za-z0-9+/=\s]{16,}(?:Private-MAC: ?[0-9a-f]{1,128})?)/g,
  },
  {
    mark: "private key",
    hint: /Private-Lines/,
    pattern: /(Private-Lines: ?\d{1,4}\s{1,4})([A-Za-z0-9+/=\s]{16,})/g,
  },
  // An AWS secret key has no format of its own: 40 characters after its name or its key ID.
  {
    mark: KEY,
    hint: /aws|secret|A[KS]IA/i,
    pattern: new RegExp(
      String.raw`((?:aws|secret)[A-Za-z_ -]{0,24}key${IS}|(?<=A[KS]IA[A-Z0-9]{16}\W{1,8}(?:(?:and|with|the|aws|secret|access|key|is)[\s:=]{1,3}){0,6}))([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])`,
      "gi",
    ),
  },
  // Neither does a Cloudflare token or key from before 2026.
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

const URL_PASSWORD = /^[^?#]*(?=@)/;

const COMMANDS = /(?:curl|wget|xh|https?|httpie)\b[\s\S]{0,400}$/;
const PASSWORD_COMMANDS =
  /(?:mysql\w*|mariadb[\w-]*|sshpass|mongo\w*|docker|podman|helm|az|smbclient|sqlplus|sqlcmd|bcp|unzip|zip|7z|htpasswd|redis-cli|ldap\w*|cqlsh|influx)\b[^\n;|]{0,300}$/;

/** Tokens and passwords. */
export const TOKEN_RULES: readonly Rule[] = [
  ...NAMED_RULES,
  // In a query or fragment.
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
  // The lookahead runs once per run of its characters; only then is the start within the run searched. Five parts are a
  // JWE.
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
  // user:password@host; the password may contain unencoded special characters.
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

/** Email addresses. */
export const EMAIL_RULES: readonly Rule[] = [
  {
    mark: "e-mail",
    hint: /@/,
    pattern:
      /((?<![\p{L}\p{N}._%+-]))([\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,8}\.\p{L}{2,63})/gu,
    // A high-resolution image (icon@2x.png), and the shared login for fetching code.
    length: wholeIf((secret) => !FILES.test(secret) && !secret.startsWith("git@")),
  },
];

/** Payment cards. */
export const CARD_RULES: readonly Rule[] = [{ mark: "card", hint: /\d[\d\D]{11}/, find: cardsIn }];
