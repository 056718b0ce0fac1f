import type { Conversation } from "./conversation.ts";
import { parseJson } from "./json.ts";
import { applyCards, applyRules, EMAIL_RULES, isSecretField, KEY_RULES, markOf, TOKEN_RULES } from "./redact-rules.ts";

/** What to redact. */
export type RedactionRules = {
  /** API keys of providers and clouds, and private keys. */
  keys?: boolean;
  /** Authorization values, JWTs, cookies, and values that are called password, secret, token and the like. */
  tokens?: boolean;
  emails?: boolean;
  /** Payment cards. */
  cards?: boolean;
  custom?: readonly CustomRule[];
};

/** `name` stands in the mark: `[redacted: name]`. How long `pattern` takes is the matter of who wrote it. */
type CustomRule = { name: string; pattern: RegExp };

type Redactor = { text: (text: string) => string; tokens: boolean };

/** Of the contract: fields that are no recorded text, and the bytes of media. */
const KEPT = new Set(["format", "type", "role", "media", "data", "values", "usage", "complete", "unstored", "shown"]);
/** Of the contract: fields that hold what the contract describes. */
const LISTS = new Set(["messages", "answers", "parts"]);
const RECORDS = new Set(["tools", "steps", "citations"]);
const RECORD_KEYS = new Set([
  "name",
  "description",
  "parameters",
  "details",
  "provider",
  "path",
  "request",
  "text",
  "url",
  "title",
  "message",
  "type",
  "code",
  "shown",
]);
const NO_KEYS: ReadonlySet<string> = new Set();

/** Numbers from here on are read as card numbers too. */
const LEAST_CARD = 1e12;

/**
 * A copy of the conversation in which what the rules match is replaced by marks like `[redacted: e-mail]`, in every
 * string there is, the keys of recorded objects included. What gives the conversation its structure (format, roles,
 * types of parts, the contract's own keys) stays, and so does the base64 data of media: what an image shows is not
 * looked at. Takes time in proportion to the size, but for the custom patterns.
 */
export function redact(conversation: Conversation, rules: RedactionRules): Conversation {
  const redactor: Redactor = { text: textRedactor(rules), tokens: rules.tokens === true };
  return contractOf(conversation, redactor);
}

/** A copy of a recorded JSON value, redacted as `redact` does it. */
export function redactValue<T>(value: T, rules: RedactionRules): T {
  return valueOf(value, { text: textRedactor(rules), tokens: rules.tokens === true }) as T;
}

/**
 * A recorded body, redacted: by its fields where it is JSON, which is then written anew, else as the text it is. What is split over the events of a
 * stream is not found; `redact` finds it, in the conversation. A body in which nothing matches stays as it is, byte for byte.
 */
export function redactBody(body: string, rules: RedactionRules): string {
  const value = parseJson(body);
  if (typeof value !== "object" || value === null) return textRedactor(rules)(body);
  const redacted = JSON.stringify(redactValue(value, rules));
  return redacted === JSON.stringify(value) ? body : redacted;
}

function textRedactor({ keys, tokens, emails, cards, custom = [] }: RedactionRules): (text: string) => string {
  // Copies of our own: a global or sticky pattern remembers where it last matched.
  const customRules = custom.map(({ name, pattern }) => ({
    mark: markOf(name),
    pattern: new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}g`),
  }));
  const builtIn = [
    ...(keys === true ? KEY_RULES : []),
    ...(tokens === true ? TOKEN_RULES : []),
    ...(emails === true ? EMAIL_RULES : []),
  ];
  return (text) => {
    let result = text;
    for (const { mark, pattern } of customRules) {
      result = result.replace(pattern, (match) => (match === "" ? "" : mark));
    }
    result = applyRules(result, builtIn);
    return cards === true ? applyCards(result) : result;
  };
}

/** An object of the contract: the conversation, a message or a part. */
function contractOf<T extends object>(given: T, redactor: Redactor): T {
  const fields: [string, unknown][] = [];
  for (const [key, value] of Object.entries(given) as [string, unknown][]) {
    if (KEPT.has(key)) fields.push([key, value]);
    else if (LISTS.has(key)) fields.push([key, (value as object[]).map((item) => contractOf(item, redactor))]);
    else if (RECORDS.has(key))
      fields.push([key, (value as object[]).map((item) => recordOf(item, RECORD_KEYS, redactor))]);
    else if (key === "error" && typeof value === "object" && value !== null) {
      fields.push([key, recordOf(value, RECORD_KEYS, redactor)]);
    } else fields.push([key, valueOf(value, redactor)]);
  }
  return Object.fromEntries(fields) as T;
}

function valueOf(value: unknown, redactor: Redactor): unknown {
  if (typeof value === "string") return redactor.text(value);
  if (typeof value === "number") return numberOf(value, redactor);
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return recordOf(value, NO_KEYS, redactor);
  const items: unknown[] = [];
  for (const item of value) items.push(valueOf(item, redactor));
  return items;
}

function numberOf(value: number, { text }: Redactor): number | string {
  if (value < LEAST_CARD || !Number.isSafeInteger(value)) return value;
  const redacted = text(String(value));
  return redacted === String(value) ? value : redacted;
}

/** `own`: keys that belong to the contract. */
function recordOf(record: object, own: ReadonlySet<string>, redactor: Redactor): object {
  const fields: [string, unknown][] = [];
  const counts = new Map<string, number>();
  for (const [key, value] of Object.entries(record) as [string, unknown][]) {
    if (own.has(key)) fields.push([key, valueOf(value, redactor)]);
    else fields.push([freeKey(redactor.text(key), key, record, counts), memberOf(key, value, redactor)]);
  }
  // fromEntries defines properties, so that a recorded "__proto__" stays a plain key.
  return Object.fromEntries(fields);
}

/** The value of a field whose name may say that it is secret. */
function memberOf(key: string, value: unknown, redactor: Redactor): unknown {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return value.map((item) => memberOf(key, item, redactor));
  }
  const redacted = valueOf(value, redactor);
  if (!redactor.tokens || (typeof redacted !== "string" && typeof redacted !== "number")) return redacted;
  return isSecretField(key, redacted) && !isMark(redacted) ? markOf("token") : redacted;
}

function isMark(value: string | number): boolean {
  return typeof value === "string" && /^\[redacted: [^\]]*\]$/.test(value);
}

/** A redacted key that no other field of the record has: two addresses as keys must not become one. */
function freeKey(key: string, before: string, record: object, counts: Map<string, number>): string {
  if (key === before) return key;
  let count = counts.get(key) ?? 0;
  let free: string;
  do {
    count++;
    free = count === 1 ? key : `${key} ${count}`;
  } while (Object.hasOwn(record, free));
  counts.set(key, count);
  return free;
}
