import type { Conversation } from "../conversation.ts";
import { ExactNumber, keepSpelling } from "../json/exact-number.ts";
import { isRecord, isVector, parseJson } from "../json/json.ts";
import { assembledBody, mapStreamLines } from "./stream.ts";
import { isOtherNumber } from "./cards.ts";
import { isSecretField, isSecretOf, kindOf } from "./names.ts";
import { CARD_RULES, EMAIL_RULES, KEY_RULES, TOKEN_RULES } from "./rules.ts";
import { isSecretPair } from "./named-rules.ts";
import { applyRules, markOf } from "./rule.ts";

/** What to redact. */
export type RedactionRules = {
  /** API keys of providers and clouds, and private keys. */
  keys?: boolean;
  /** Authorization values, JWTs, cookies, and values named password, secret, token and the like. */
  tokens?: boolean;
  emails?: boolean;
  /** Payment cards. */
  cards?: boolean;
  custom?: readonly CustomRule[];
};

/** `name` appears in the mark: `[redacted: name]`. The pattern's author is responsible for its running time. */
type CustomRule = { name: string; pattern: RegExp };

type Redactor = { text: (text: string) => string; tokens: boolean };

/** Contract fields that aren't recorded text, and the bytes of media. */
const KEPT = new Set(["format", "type", "role", "media", "data", "values", "usage", "complete", "unstored", "shown"]);
/** Contract fields that hold contract objects. */
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

/** Fields that name another field's content, and fields with that content. */
const NAME_KEYS = ["name", "key", "header", "field", "k", "id", "label", "variable", "var"];
const VALUE_KEYS = new Set(["value", "val", "v", "values", "default", "example", "const", "data", "secret", "content"]);
/** Fields that describe a secret. */
const DESCRIBING_KEYS = new Set(
  "type name kind id title label description format version user username login email role roles scope scopes host hostname port region url uri endpoint provider model account created created_at createdAt updated_at expires expires_at expiresAt expires_in enabled required".split(
    " ",
  ),
);
/** Fields that only a JSON schema has. */
const SCHEMA_KEYS = new Set([
  "properties",
  "$ref",
  "anyOf",
  "oneOf",
  "allOf",
  "items",
  "enum",
  "minLength",
  "maxLength",
  "description",
]);
const SCHEMA_TYPES: ReadonlySet<unknown> = new Set([
  "string",
  "number",
  "integer",
  "boolean",
  "object",
  "array",
  "null",
]);
/** Lists of names, possibly of secrets. */
const NAMING_KEYS = new Set(["required", "enum", "fields", "columns", "keys", "scopes", "names"]);

/** Numbers from here on are also checked as card numbers. */
const LEAST_CARD = 1e12;

/**
 * Returns a copy of the conversation with marks like `[redacted: email]` for whatever the rules match, in every string
 * including the keys of recorded objects. Structure (format, roles, part types, the contract's own keys) stays, and so
 * does the base64 data of media: images aren't inspected. Takes linear time, except for custom patterns.
 */
export function redact(conversation: Conversation, rules: RedactionRules): Conversation {
  return contractOf(conversation, redactorOf(rules));
}

/** Returns a copy of a recorded JSON value, redacted like `redact` does. */
export function redactValue<T>(value: T, rules: RedactionRules): T {
  return valueOf(value, redactorOf(rules)) as T;
}

/**
 * Redacts a recorded body: by field if it's JSON or a stream of JSON, which is then serialized again, else as text. A
 * stream with a secret split over several events is returned assembled, as JSON. A body without matches stays byte for
 * byte.
 */
export function redactBody(body: string, rules: RedactionRules): string {
  const redactor = redactorOf(rules);
  const text = (given: string): string => stringOf(given, redactor);
  const conversation = (given: Conversation): Conversation => contractOf(given, redactor);
  const value = parseJson(body);
  const alone = value === undefined ? (mapStreamLines(body, text) ?? text(body)) : redactedJson(body, value, redactor);
  return assembledBody(body, value, alone, { text, conversation }) ?? alone;
}

function redactedJson(text: string, value: unknown, redactor: Redactor): string {
  if (typeof value !== "object" || value === null) return redactor.text(text);
  const redacted = JSON.stringify(valueOf(value, redactor));
  return redacted === JSON.stringify(value) ? text : redacted;
}

const redactorOf = (rules: RedactionRules): Redactor => ({ text: textRedactor(rules), tokens: rules.tokens === true });

function textRedactor({ keys, tokens, emails, cards, custom = [] }: RedactionRules): (text: string) => string {
  // Copies, because a global or sticky pattern remembers its last match.
  const customRules = custom.map(({ name, pattern }) => ({
    mark: markOf(name),
    pattern: new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}g`),
  }));
  const builtIn = [
    ...(keys === true ? KEY_RULES : []),
    ...(tokens === true ? TOKEN_RULES : []),
    ...(emails === true ? EMAIL_RULES : []),
    ...(cards === true ? CARD_RULES : []),
  ];
  return (text) => {
    let result = text;
    for (const { mark, pattern } of customRules) {
      result = result.replace(pattern, (match) => (match === "" ? "" : mark));
    }
    return applyRules(result, builtIn);
  };
}

/** Redacts a contract object: the conversation, a message or a part. */
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

/** The context of a value: under a secret's name; under "tokens", which may be a model's; or neither. */
type Place = "secret" | "token" | undefined;

function valueOf(value: unknown, redactor: Redactor, place?: Place): unknown {
  if (typeof value === "string") return stringOf(value, redactor);
  if (typeof value === "number" || value instanceof ExactNumber) return numberOf(value, redactor);
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? listOf(value, redactor) : recordOf(value, NO_KEYS, redactor, place);
}

/** JSON within a string is also redacted by field. */
function stringOf(text: string, redactor: Redactor): string {
  return redactedJson(text, /^\s*[[{]/.test(text) ? parseJson(text) : undefined, redactor);
}

function listOf(list: readonly unknown[], redactor: Redactor): unknown[] {
  if (isVector(list))
    return keepSpelling(
      list,
      list.some((number) => number >= LEAST_CARD) ? list.map((item) => numberOf(item, redactor)) : [...list],
    );
  const spelled = spelledOf(list, redactor) ?? list;
  if (redactor.tokens && spelled.every(isPair)) return spelled.map((pair) => pairOf(pair, redactor));
  // A loop, because the result must be as long as the list, and `redact` also gets sparse lists.
  const items: unknown[] = [];
  for (const [index, item] of spelled.entries()) {
    const name = redactor.tokens ? spelled[index - 1] : undefined;
    // ["authorization", "…"], also several pairs in one list.
    const isNamed = index % 2 === 1 && spelled.length % 2 === 0 && typeof name === "string" && typeof item === "string";
    items.push(isNamed && isSecretPair(name, item) && !isMark(item) ? markOf("token") : valueOf(item, redactor));
  }
  return keepSpelling(list, items);
}

const isPair = (item: unknown): item is [string, unknown] =>
  Array.isArray(item) && item.length === 2 && typeof item[0] === "string";

/** Redacts one of a list of pairs, such as headers; there any value may be a secret. */
function pairOf(pair: [string, unknown], redactor: Redactor): unknown[] {
  const [name, value] = pair;
  return keepSpelling(pair, [redactor.text(name), memberOf(name, value, redactor, undefined)]);
}

/** Redacts the items of a named list. */
function itemsOf(key: string, list: readonly unknown[], redactor: Redactor, place: Place): unknown[] {
  return keepSpelling(
    list,
    list.map((item) => memberOf(key, item, redactor, place)),
  );
}

/** Joins a model's tokens, as log probabilities list them, to check the text they spell. */
function spelledOf(list: readonly unknown[], redactor: Redactor): unknown[] | undefined {
  if (list.length < 2 || !list.every((item) => isRecord(item) && typeof item.token === "string")) return undefined;
  const tokens = list as { token: string }[];
  const whole = tokens.map(({ token }) => token).join("");
  return redactor.text(whole) === whole ? undefined : tokens.map(() => ({ token: markOf("token") }));
}

function numberOf(value: number | ExactNumber, { text }: Redactor): number | ExactNumber | string {
  if (value.valueOf() < LEAST_CARD || !Number.isInteger(value.valueOf())) return value;
  const redacted = text(String(value));
  return redacted === String(value) ? value : redacted;
}

/** `own`: the contract's own keys. */
function recordOf(record: object, own: ReadonlySet<string>, redactor: Redactor, place?: Place): object {
  const fields: [string, unknown][] = [];
  const counts = new Map<string, number>();
  const entries = Object.entries(record) as [string, unknown][];
  const named = redactor.tokens && place === undefined ? secretNamed(record) : undefined;
  const isSchema =
    place !== undefined &&
    entries.some(([key, value]) => SCHEMA_KEYS.has(key) || (key === "type" && SCHEMA_TYPES.has(value)));
  for (const [key, value] of entries) {
    if (own.has(key)) fields.push([key, valueOf(value, redactor)]);
    else {
      const isInside = place !== undefined && (isSchema ? VALUE_KEYS.has(key) : !DESCRIBING_KEYS.has(key));
      const inside = isInside || (named !== undefined && VALUE_KEYS.has(key)) ? (place ?? "secret") : undefined;
      fields.push([freeKey(redactor.text(key), key, record, counts), memberOf(key, value, redactor, inside)]);
    }
  }
  // fromEntries defines properties, so that a recorded "__proto__" stays a plain key.
  return keepSpelling(record, Object.fromEntries(fields));
}

/** Returns the secret's name that a record has in a separate field: `{name: "x-api-key", value: …}`. */
function secretNamed(record: object): string | undefined {
  for (const key of NAME_KEYS) {
    const name: unknown = Object.hasOwn(record, key) ? Reflect.get(record, key) : undefined;
    if (typeof name === "string" && kindOf(name) !== undefined) return name;
  }
  return undefined;
}

function placeIn(key: string): Place {
  const kind = kindOf(key);
  return kind === "secret" || kind === "token" ? kind : undefined;
}

/** Redacts a field's value, which its name may mark as secret. `place`: it's within a secret. */
function memberOf(key: string, value: unknown, redactor: Redactor, place: Place): unknown {
  if (!redactor.tokens) return valueOf(value, redactor);
  if (Array.isArray(value) && value.some((item) => typeof item === "string")) {
    const isNames = NAMING_KEYS.has(key);
    return isNames || (place === undefined && kindOf(key) === undefined)
      ? valueOf(value, redactor)
      : itemsOf(key, value, redactor, place);
  }
  const isNumber = typeof value === "number" || value instanceof ExactNumber;
  if (typeof value === "object" && value !== null && !isNumber) {
    const inside = place ?? placeIn(key);
    if (Array.isArray(value))
      return inside === undefined ? valueOf(value, redactor) : itemsOf(key, value, redactor, inside);
    return valueOf(value, redactor, inside);
  }
  if (isNumber && isOtherNumber(key)) return value;
  const redacted = isNumber ? numberOf(value, redactor) : valueOf(value, redactor);
  const isText = typeof redacted === "string";
  if (!(isText || typeof redacted === "number" || redacted instanceof ExactNumber) || isMark(redacted)) return redacted;
  const isSecret = isSecretField(key, String(redacted)) || isSecretOf(place, String(redacted));
  return isSecret ? markOf("token") : redacted;
}

function isMark(value: unknown): boolean {
  return typeof value === "string" && /^\[redacted: [^\]]*\]$/.test(value);
}

/** Returns a redacted key that is unique in its record: two addresses as keys must not collide. */
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
