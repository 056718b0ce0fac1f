// Names of secrets: fields of JSON, headers, variables, options, elements, columns.

/** The form of the secret under a name: any value, or only one that looks like it. */
export type Kind = "secret" | "token" | "word" | "digits";

/** Suffixes of a secret's name: "DB_PASSWORD_PROD", "password2", "secret_key_base". */
const AFTER = new Set(
  "prod production dev development staging stage test testing live sandbox base old new current primary secondary default value val plain plaintext raw string str text env header hash encrypted b64 base64 confirm confirmation repeat again main backup".split(
    " ",
  ),
);

/** Words for a password, as a regular expression source: English, and as forms in other languages use them. */
export const PASSWORDS =
  "passw(?:or)?d|passphrase|passcode|passwort|kennwort|pwd|contrase(?:ñ|n)a|mot ?de ?passe|senha|wachtwoord|lösenord|passord|hasło|heslo|salasana|şifre|пароль|密码|密碼|パスワード|비밀번호";
/** Before "key". */
export const KEY_OWNERS =
  "api|access|account|subscription|private|secret|session|auth|encryption|decryption|master|signing|signature|service|servicerole|shared|storage|admin|license|app|application|consumer|deploy|webhook|hmac|ssh|functions|function|integration|write|xauth";
const TOKEN_OWNERS =
  "api|access|refresh|id|auth|session|bearer|security|csrf|xsrf|bot|oauth|oauth2|user|client|personal|private|service|app|deploy|admin|master|root|github|gitlab|slack|npm|vault|secret|login|reset|device|push|sas|jwt|registry|runner|webhook|account|authentication|identity|azure|aws|cf|cloudflare|hf|huggingface|discord|telegram|twilio|verification|invite|magic";
const SECRET = new RegExp(
  `(?:authorization|${PASSWORDS}|secret|credential|cookie|jwt|(?:${KEY_OWNERS})key|(?:${TOKEN_OWNERS})token|phpsessid|jsessionid|connectsid|clientsecret)s?$`,
  "u",
);
const NOT_SECRET =
  /(?:nextpage|page|continuation|next|cursor|eos|bos|pad|unk|sep|mask|cls|stop|image|audio|special|public)tokens?$/;

/** Names repeat; the cache stops at this size. */
const MOST_KNOWN = 2000;
const known = new Map<string, Kind | undefined>();

/** Splits a name in any style into words: camelCase, snake_case, kebab-case, SCREAMING_CASE. */
function wordsOf(name: string): string[] {
  const words = name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  while (words.length > 1 && (AFTER.has(words.at(-1) ?? "") || /^v?\d{1,4}$/.test(words.at(-1) ?? ""))) words.pop();
  return words;
}

/** Returns the kind of secret that a name indicates; undefined if it doesn't. */
export function kindOf(name: string): Kind | undefined {
  if (name.length > 100) return undefined;
  if (known.has(name)) return known.get(name);
  if (known.size >= MOST_KNOWN) known.clear();
  const kind = readKind(name);
  known.set(name, kind);
  return kind;
}

function readKind(name: string): Kind | undefined {
  const words = wordsOf(name);
  const last = (words.at(-1) ?? "").replace(/(?<=\p{Ll})\d{1,3}$/u, "");
  const joined = [...words.slice(0, -1), last].join("");
  if (NOT_SECRET.test(joined)) return undefined;
  if (SECRET.test(joined)) return "secret";
  if (/^(?:tokens?|.*token)$/.test(last)) return "token";
  if (/^(?:pass|pw|psk|creds?|auth|bearer)$/.test(last)) return "word";
  return /^(?:pin|otp|cvv|cvc|cvv2)$/.test(last) ? "digits" : undefined;
}

/** Whether a field's name and value make the value a secret: `authorization`, `apiKey`, `client_secret`, … */
export function isSecretField(name: string, value: string | number): boolean {
  return isSecretOf(kindOf(name), String(value));
}

/** Whether a value is a secret under a name of that kind. */
export function isSecretOf(kind: Kind | undefined, text: string): boolean {
  if (text.trim() === "") return false;
  switch (kind) {
    case "secret":
      return true;
    case "token":
      return isTokenLike(text);
    case "word":
      return isWordLike(text);
    case "digits":
      return /^\d{3,8}$/.test(text.trim());
    case undefined:
      return false;
  }
}

/** False for model tokens, which are numbers or pieces of words. */
function isTokenLike(value: string): boolean {
  const isWord = value.length < 8 || !/^\S*$/.test(value) || !/[A-Za-z]/.test(value) || /^<.*>$/.test(value);
  return !isWord && (/\d/.test(value) || value.length >= 20);
}

/** "pass" and "auth" are also words of prose and of results. */
function isWordLike(value: string): boolean {
  if (value.length < 4) return false;
  return /^(?:Basic|Bearer|Token|ApiKey) \S/i.test(value) || (/^\S+$/.test(value) && /[\d@$!%*?&#^=]/.test(value));
}
