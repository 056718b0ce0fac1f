import { isKey, isSecretAt } from "./secret-context.ts";

/** A log that somebody looks for: by its own id or that of its event, which look alike, and where it is said to be. */
export type Wanted = { logId: string; gatewayId?: string; accountId?: string };

type Place = Omit<Wanted, "logId">;

/** What is read of a text: a pasted file is not searched to its end. */
const MOST_TEXT = 100_000;
/** Each is asked for, so that a pasted page must not become a thousand calls. */
const MOST_IDS = 5;

/**
 * Names under which the gateway and its bindings give ids (API notes: Headers; Events and steps). Ruby and Rack write the headers with underscores.
 */
const NAME = /(?<![\w-])(?:(?:HTTP_)?cf[-_]aig[-_](log|event|request)[-_]id|aiGateway(log)Id|(log|event)_?id)(?![\w-])/
  .source;
/** What a value does not begin with: after an empty one comes the next name. */
const NOT_NAME = /(?!(?:HTTP_)?cf[-_]aig[-_])/.source;
/** Up to so much white space: a map may be printed over several lines. */
const SPACE = /\s{0,100}/.source;
/** A list that a map holds has its type and the index of its first value before that: `[]string{"…`, `Array ( [0] => …`, `List(…`. */
const TYPE =
  /(?:\[\]string(?: len: \d{1,4}, cap: \d{1,4},)?|(?:array|list|arraylist|immutablelist|vector|set|seq|some|just|optional|string|bytes|headervalue)(?:\(\d{1,4}\)|:\d{1,4})?(?=\s{0,100}[[({"'<]))/
    .source;
/** A list opens; not the next key, which PHP prints in brackets below a name without a value: `[a] =>⏎ [b] => …`. */
const OPEN = /[[({<](?<!=>[ \t]{0,9}\r?\n[ \t]{0,100}\[(?=[a-z]))/.source;
const INDEX = /(?:\[\d{1,4}\](?:\s{0,4}=>)?|\d{1,4}\s{0,4}=>)/.source;
/** The second member of an entry that names its two: `{name: …, value: …}`, `[value] => …`. */
const MEMBER = `(?:[[:"'\`\\\\]{0,4}value["'\`\\\\\\]]{0,4}${SPACE}(?:=>|[:=])${SPACE})`;
/**
 * What stands between a name and its value in a header, an assignment, JSON, a table, the list of a browser's tools, and maps as Go, Java,
 * Ruby, PHP, Python, Rust, Elixir, Swift and .NET print them. No run of it is without an end, since it is tried at every name of a text
 * that may be anything.
 */
const BETWEEN = `["'\`\\\\\\])>]{0,4}${SPACE}(?:(=>|->|[:=,|])${SPACE})?(${MEMBER}?(?:(?:${TYPE}|${INDEX}|${OPEN})${SPACE}){0,6})(?:[bu@&](?=["'])|)["'\`\\\\]{0,4}`;
const NAMED = new RegExp(`${NAME}${BETWEEN}${NOT_NAME}([^\\s"'\`,;&|<>{}()[\\]\\\\]+)`, "gi");
/** In the order in which they are asked for: a log id means one log only. */
const KINDS = ["log", "event", "request"];

/** An address of the dashboard or of the API, which may go on to a log. */
const ADDRESS = /([0-9a-f]{32})\/(?:ai\/)?ai-gateway\/gateways\/([\w-]+)(?:\/logs\/([^\s"'`?#/&<>]+))?/gi;
/** An address that calls are made to. */
const ENDPOINT = /\/v1\/([0-9a-f]{32})\/([\w-]+)/i;
const ACCOUNT = /(?:accounts|dash\.cloudflare\.com)\/([0-9a-f]{32})(?![0-9a-z])/i;

/** The ids that the gateway has made so far: UUIDs, ULIDs, 64 hexadecimal digits (API notes: Log IDs). */
const KNOWN_SHAPE =
  /(?<![\w-])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-7][0-9a-hjkmnp-tv-z]{25}|[0-9a-f]{64})(?![\w-])/gi;
const SHAPED = new RegExp(`^(?:${KNOWN_SHAPE.source})$`, "i");
const TOKEN = /^[\w-]{8,128}$/;

function placeIn(text: string): Place {
  const [, account, gateway] = [...text.matchAll(ADDRESS)][0] ?? ENDPOINT.exec(text) ?? ACCOUNT.exec(text) ?? [];
  return { ...(account ? { accountId: account.toLowerCase() } : {}), ...(gateway ? { gatewayId: gateway } : {}) };
}

/** An id in a text, and where it stands there; `sure`: under a name that only the gateway and its bindings use. */
export type PlacedId = { id: string; start: number; end: number; sure: boolean };

/** How the languages write that there is no value, or only its type. */
const NO_VALUE = /^(?:null|nil|none|undefined|value|array|string)$/i;
/** The name of another header, with or without its value. */
const HEADER = /:$|^[a-z]+(?:-[a-z]+)+:/i;

function namedIn(text: string): (PlacedId & { kind: number })[] {
  return [...text.matchAll(NAMED)].flatMap((match) => {
    const [, header, binding, member, sign, opening = "", value = ""] = match;
    const isAssigned = sign !== undefined || /[[{<]|value/i.test(opening);
    const isValue = isAssigned ? !NO_VALUE.test(value) : TOKEN.test(value) && /\d/.test(value);
    const end = match.index + match[0].length;
    // After an empty value the next line is read, which begins with a name.
    if (!isValue || HEADER.test(value)) return [];
    const kind = KINDS.indexOf((header ?? binding ?? member ?? "").toLowerCase());
    // The value is what a match ends with.
    return [{ id: value, start: end - value.length, end, sure: member === undefined, kind }];
  });
}

const named = (text: string): string[] =>
  namedIn(text)
    .sort((a, b) => a.kind - b.kind)
    .map(({ id }) => id);

/**
 * Every id in a text and where it stands, in the order of the text: what has a name or the shape of one. Nobody has pasted this text, so
 * a word without a digit is none, whatever its name: it may be `missing`, or the type of what a debugger does not unfold. Nor is one that
 * is shortened, and none is a secret. `before`: what stands in front of the text and has been searched already; it may call the first
 * word a secret.
 */
export function placedIds(text: string, before = ""): PlacedId[] {
  const named = namedIn(text)
    .filter(({ id }) => /\d/.test(id) && /^[!-~]{8,128}$/.test(id) && !id.includes("..."))
    .map(({ id, start, end, sure }) => ({ id, start, end, sure }));
  const shaped = shapedIn(text)
    .filter(({ start, end }) => !named.some((other) => start < other.end && end > other.start))
    .map((one) => Object.assign(one, { sure: false }));
  const whole = before + text;
  return [...named, ...shaped]
    .filter(({ id, start, end, sure }) =>
      // The gateway's own name outweighs what else stands there.
      sure ? !isKey(id) : !isSecretAt(whole, before.length + start, before.length + end),
    )
    .sort((a, b) => a.start - b.start);
}

const shapedIn = (text: string): Omit<PlacedId, "sure">[] =>
  [...text.matchAll(KNOWN_SHAPE)].map(({ 0: id, index: start }) => ({ id, start, end: start + id.length }));

/** Whether a text is an id of a kind that the gateway has made so far, and nothing else. */
export const isShapedId = (text: string): boolean => SHAPED.test(text);

/** Words that may be an id when nothing better is there; those with a digit before all others. */
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
 * The ids that a pasted text names, the likeliest first: values of `cf-aig-log-id` and its like, the log of an address, anything shaped
 * like an id; else, as ids are opaque, with `guess` any word of 8 to 128 letters, digits, _ and -. Without it nothing that may be a secret.
 * An address in the text tells the gateway of them all.
 */
export function idsIn(text: string, guess = true): Wanted[] {
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
