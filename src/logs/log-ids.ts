import { isKey, isSecretAt } from "./secret-context.ts";

/** A log to find: by its own or its event's ID, which look alike, and its stated gateway. */
export type LogIdCandidate = { logId: string; collectionId?: string; sourceId?: string };

type Place = Omit<LogIdCandidate, "logId">;

/** Limit on a text's characters, for a pasted file. */
const MOST_TEXT = 100_000;
/** Limit on IDs: each is a call, and a pasted page must not cause a thousand. */
const MOST_IDS = 5;

/**
 * Names under which the gateway and its bindings give IDs (API notes: Headers; Events and steps). Ruby and Rack use
 * underscores in headers.
 */
const NAME = /(?<![\w-])(?:(?:HTTP_)?cf[-_]aig[-_](log|event|request)[-_]id|aiGateway(log)Id|(log|event)_?id)(?![\w-])/
  .source;
/** A value can't start like this: after an empty value comes the next name. */
const NOT_NAME = /(?!(?:HTTP_)?cf[-_]aig[-_])/.source;
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
const NAMED = new RegExp(`${NAME}${BETWEEN}${NOT_NAME}([^\\s"'\`,;&|<>{}()[\\]\\\\]+)`, "gi");
/** In order of priority: a log ID identifies a single log. */
const KINDS = ["log", "event", "request"];

/** An address of the dashboard or the API, possibly of a log. */
const ADDRESS = /([0-9a-f]{32})\/(?:ai\/)?ai-gateway\/gateways\/([\w-]+)(?:\/logs\/([^\s"'`?#/&<>]+))?/gi;
/** An inference endpoint. */
const ENDPOINT = /\/v1\/([0-9a-f]{32})\/([\w-]+)/i;
const ACCOUNT = /(?:accounts|dash\.cloudflare\.com)\/([0-9a-f]{32})(?![0-9a-z])/i;

/** The gateway's ID formats so far: UUIDs, ULIDs, 64 hexadecimal digits (API notes: Log IDs). */
const KNOWN_SHAPE =
  /(?<![\w-])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-7][0-9a-hjkmnp-tv-z]{25}|[0-9a-f]{64})(?![\w-])/gi;
const SHAPED = new RegExp(`^(?:${KNOWN_SHAPE.source})$`, "i");
const TOKEN = /^[\w-]{8,128}$/;

function placeIn(text: string): Place {
  const [, account, gateway] = [...text.matchAll(ADDRESS)][0] ?? ENDPOINT.exec(text) ?? ACCOUNT.exec(text) ?? [];
  return { ...(account ? { sourceId: account.toLowerCase() } : {}), ...(gateway ? { collectionId: gateway } : {}) };
}

/** An ID in a text and its range; `sure`: under a name that only the gateway and its bindings use. */
export type LocatedLogId = { id: string; start: number; end: number; sure: boolean };

/** How languages print a missing value, or only its type. */
const NO_VALUE = /^(?:null|nil|none|undefined|value|array|string)$/i;
/** Another header's name, with or without its value. */
const HEADER = /:$|^[a-z]+(?:-[a-z]+)+:/i;

function namedIn(text: string): (LocatedLogId & { kind: number })[] {
  return [...text.matchAll(NAMED)].flatMap((match) => {
    const [, header, binding, member, sign, opening = "", value = ""] = match;
    const isAssigned = sign !== undefined || /[[{<]|value/i.test(opening);
    const isValue = isAssigned ? !NO_VALUE.test(value) : TOKEN.test(value) && /\d/.test(value);
    const end = match.index + match[0].length;
    // After an empty value, the match is the next line, which begins with a name.
    if (!isValue || HEADER.test(value)) return [];
    const kind = KINDS.indexOf((header ?? binding ?? member ?? "").toLowerCase());
    // A match ends with its value.
    return [{ id: value, start: end - value.length, end, sure: member === undefined, kind }];
  });
}

const named = (text: string): string[] =>
  namedIn(text)
    .sort((a, b) => a.kind - b.kind)
    .map(({ id }) => id);

/**
 * Finds every ID in a text, in order: by name or format. The text wasn't pasted for this, so a word without a digit
 * isn't an ID, even under a name: it may be `missing`, or the type of a collapsed value. Shortened IDs and secrets are
 * also skipped. `before`: already searched text before it, which may name the first word as a secret.
 */
export function locateLogIds(text: string, before = ""): LocatedLogId[] {
  const named = namedIn(text)
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

/**
 * Returns the IDs in a pasted text, the likeliest first: values of `cf-aig-log-id` and the like, the log in an address,
 * anything in an ID format; else, because IDs are opaque, with `guess` any word of 8 to 128 letters, digits, _ and -.
 * Without `guess`, nothing that may be a secret. An address in the text gives the gateway for all of them.
 */
export function findLogIds(text: string, guess = true): LogIdCandidate[] {
  const read = text.slice(0, MOST_TEXT);
  const place = placeIn(read);
  const withoutAddresses = () => read.replaceAll(ADDRESS, " ").replaceAll(new RegExp(ACCOUNT, "gi"), " ");
  const sources = [
    () => named(read),
    () => [...read.matchAll(ADDRESS)].flatMap(([, , , logId]) => (logId === undefined ? [] : [decoded(logId)])),
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

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
