import type { LogIdNames } from "../source/names.ts";
import { isKey, isSecretAt } from "./secret-context.ts";

/** A log to find: by its own or its event's ID, which look alike, and its stated gateway. */
export type LogIdCandidate = { logId: string; collectionId?: string; sourceId?: string };

type Place = Omit<LogIdCandidate, "logId">;

/** Limit on a text's characters, for a pasted file. */
const MOST_TEXT = 100_000;
/** Limit on IDs: each is a call, and a pasted page must not cause a thousand. */
const MOST_IDS = 5;

/** Limit on white space: a map may be printed over several lines. */
const SPACE = /\s{0,100}/.source;
/** A list in a map may start with its type and its first index: `[]string{"…`, `Array ( [0] => …`, `List(…`. */
const TYPE =
  /(?:\[\]string(?: len: \d{1,4}, cap: \d{1,4},)?|(?:array|list|arraylist|immutablelist|vector|set|seq|some|just|optional|string|bytes|headervalue)(?:\(\d{1,4}\)|:\d{1,4})?(?=\s{0,100}[[({"'<]))/
    .source;
/**
 * The start of a list; not the next key, which PHP prints in brackets after a name without a value: `[a] =>⏎ [b] => …`.
 */
const OPEN = /[[({<](?<!=>[ \t]{0,9}\r?\n[ \t]{0,100}\[(?=[a-z]))/.source;
const INDEX = /(?:\[\d{1,4}\](?:\s{0,4}=>)?|\d{1,4}\s{0,4}=>)/.source;
/** The value of an entry with separate name and value: `{name: …, value: …}`, `[value] => …`. */
const MEMBER = `(?:[[:"'\`\\\\]{0,4}value["'\`\\\\\\]]{0,4}${SPACE}(?:=>|[:=])${SPACE})`;
/**
 * The text between a name and its value in a header, an assignment, JSON, a table, browser developer tools, and maps as
 * Go, Java, Ruby, PHP, Python, Rust, Elixir, Swift and .NET print them. All repetition is bounded, because it's tried
 * at every name of an arbitrary text.
 */
const BETWEEN = `["'\`\\\\\\])>]{0,4}${SPACE}(?:(=>|->|[:=,|])${SPACE})?(${MEMBER}?(?:(?:${TYPE}|${INDEX}|${OPEN})${SPACE}){0,6})(?:[bu@&](?=["'])|)["'\`\\\\]{0,4}`;
/** A value can't start like one of the service's headers: after an empty value comes the next name. */
const namedBy = ({ headers, binding, prefix }: LogIdNames): RegExp =>
  new RegExp(
    `(?<![\\w-])(?:${headers.source}|(${binding})|(log|event)_?id)(?![\\w-])${BETWEEN}(?!${prefix.source})([^\\s"'\`,;&|<>{}()[\\]\\\\]+)`,
    "gi",
  );
/** In order of priority: a log ID, which a binding gives, identifies a single log. */
const KINDS = ["log", "event", "request"];

/** The gateway's ID formats so far: UUIDs, ULIDs, 64 hexadecimal digits (API notes: Log IDs). */
const KNOWN_SHAPE =
  /(?<![\w-])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-7][0-9a-hjkmnp-tv-z]{25}|[0-9a-f]{64})(?![\w-])/gi;
const SHAPED = new RegExp(`^(?:${KNOWN_SHAPE.source})$`, "i");
const TOKEN = /^[\w-]{8,128}$/;

/** An ID in a text and its range; `sure`: under a name that only the gateway and its bindings use. */
export type LocatedLogId = { id: string; start: number; end: number; sure: boolean };

/** How languages print a missing value, or only its type. */
const NO_VALUE = /^(?:null|nil|none|undefined|value|array|string)$/i;
/** Another header's name, with or without its value. */
const HEADER = /:$|^[a-z]+(?:-[a-z]+)+:/i;

function namedIn(text: string, names: RegExp): (LocatedLogId & { kind: number })[] {
  return [...text.matchAll(names)].flatMap((match) => {
    const [, header, binding, member, sign, opening = "", value = ""] = match;
    const isAssigned = sign !== undefined || /[[{<]|value/i.test(opening);
    const isValue = isAssigned ? !NO_VALUE.test(value) : TOKEN.test(value) && /\d/.test(value);
    const end = match.index + match[0].length;
    // After an empty value, the match is the next line, which begins with a name.
    if (!isValue || HEADER.test(value)) return [];
    const kind = binding ? 0 : KINDS.indexOf((header ?? member ?? "").toLowerCase());
    // A match ends with its value.
    return [{ id: value, start: end - value.length, end, sure: member === undefined, kind }];
  });
}

const shapedIn = (text: string): Omit<LocatedLogId, "sure">[] =>
  [...text.matchAll(KNOWN_SHAPE)].map(({ 0: id, index: start }) => ({ id, start, end: start + id.length }));

/** Whether a text is exactly an ID in one of the gateway's formats so far. */
export const isShapedId = (text: string): boolean => SHAPED.test(text);

/** Returns words that may be an ID if there is nothing better; those with a digit first. */
function guessed(text: string): string[] {
  const words = text
    .split(/\s+/)
    .filter((word) => !/[/@]/.test(word))
    .flatMap((word) => word.split(/[^\w-]+/))
    .filter((word) => TOKEN.test(word));
  const withDigits = words.filter((word) => /\d/.test(word));
  return withDigits.length > 0 ? withDigits : words;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The IDs in texts, by the names that a service has for them. */
export class LogIds {
  readonly names: LogIdNames;
  readonly #name: RegExp;
  readonly #named: RegExp;
  readonly #page: RegExp;
  readonly #call: RegExp;
  readonly #account: RegExp;

  constructor(names: LogIdNames) {
    const { page, call, account } = names.addresses;
    this.names = names;
    this.#name = new RegExp(`^:?(?:${names.headers.source})$`, "i");
    this.#named = namedBy(names);
    this.#page = new RegExp(page, "gi");
    this.#call = new RegExp(call, "i");
    this.#account = new RegExp(account, "gi");
  }

  /** Whether a text is a name that only the service uses: a header's, in any case and language, or a binding's. */
  isName(text: string): boolean {
    return text === this.names.binding || this.#name.test(text);
  }

  /**
   * Finds every ID in a text, in order: by name or format. The text wasn't pasted for this, so a word without a digit
   * isn't an ID, even under a name: it may be `missing`, or the type of a collapsed value. Shortened IDs and secrets are
   * also skipped. `before`: already searched text before it, which may name the first word as a secret.
   */
  locate(text: string, before = ""): LocatedLogId[] {
    const named = namedIn(text, this.#named)
      .filter(({ id }) => /\d/.test(id) && /^[!-~]{8,128}$/.test(id) && !id.includes("..."))
      .map(({ id, start, end, sure }) => ({ id, start, end, sure }));
    const shaped = shapedIn(text)
      .filter(({ start, end }) => !named.some((other) => start < other.end && end > other.start))
      .map((one) => Object.assign(one, { sure: false }));
    const whole = before + text;
    return [...named, ...shaped]
      .filter(({ id, start, end, sure }) =>
        // The gateway's own name takes precedence over the context.
        sure ? !isKey(id) : !isSecretAt(whole, before.length + start, before.length + end),
      )
      .sort((a, b) => a.start - b.start);
  }

  /**
   * Returns the IDs in a pasted text, the likeliest first: values of the headers with IDs and the like, the log in an address,
   * anything in an ID format; else, because IDs are opaque, with `guess` any word of 8 to 128 letters, digits, _ and -.
   * Without `guess`, nothing that may be a secret. An address in the text gives the gateway for all of them.
   */
  find(text: string, guess = true): LogIdCandidate[] {
    const read = text.slice(0, MOST_TEXT);
    const place = this.#placeIn(read);
    const withoutAddresses = () => read.replaceAll(this.#page, " ").replaceAll(this.#account, " ");
    const byKind = () => namedIn(read, this.#named).sort((a, b) => a.kind - b.kind);
    const sources = [
      () => byKind().map(({ id }) => id),
      () => [...read.matchAll(this.#page)].flatMap(([, , , logId]) => (logId === undefined ? [] : [decoded(logId)])),
      () => {
        const rest = withoutAddresses();
        return shapedIn(rest).flatMap(({ id, start, end }) => (guess || !isSecretAt(rest, start, end) ? [id] : []));
      },
      () => (guess ? guessed(read) : []),
    ];
    for (const source of sources) {
      const ids = [...new Set(source())].slice(0, MOST_IDS);
      if (ids.length > 0) return ids.map((logId) => Object.assign({ logId }, place));
    }
    return [];
  }

  #placeIn(text: string): Place {
    const [page] = text.matchAll(this.#page);
    const [account] = text.matchAll(this.#account);
    const [, sourceId, collectionId] = page ?? this.#call.exec(text) ?? account ?? [];
    return { ...(sourceId ? { sourceId: sourceId.toLowerCase() } : {}), ...(collectionId ? { collectionId } : {}) };
  }
}
