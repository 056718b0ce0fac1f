import type { RecordedExchange } from "../../../src/chat/conversation.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { parse } from "../../traffic.ts";

/** Material for mutations: whole exchanges, and their keys and short texts. */
export type Corpus = { seeds: RecordedExchange[]; keys: string[]; words: string[] };

type Body = RecordedExchange["request"];

/** No mutation makes a body longer. */
const LONGEST = 2_000_000;
/** Longer exchanges are chosen rarely, because they cost as much as hundreds of others. */
const LONG = 60_000;

const ODD_VALUES = [
  "null",
  "0",
  "-1e400",
  "1e21",
  "9007199254740993",
  '""',
  '"text"',
  '" "',
  '"\\ud800"',
  '"\\u0000\\ufffd"',
  '"data:image/png;base64,"',
  '"data:;base64"',
  '"{\\"a\\":"',
  "[]",
  "{}",
  "true",
  "false",
  "[[[]]]",
  "[null]",
  '{"type":"text"}',
  '{"toString":1,"valueOf":2,"toJSON":3,"then":4,"length":-1}',
  '{"__proto__":{"content":"x","text":"y"}}',
  '["a",1,null,{"type":{"a":1}}]',
  '{"0":"a","length":1e9}',
];
const ODD_KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "toJSON",
  "index",
  "type",
  "content",
  "error",
  "success",
  "result",
];
const DEPTHS = [3, 100, 498, 499, 500, 501, 3000, 20_000];
const CONTENT_TYPES = [
  "",
  "text/html; charset=klingon",
  "application/json; charset=utf-16",
  "text/event-stream",
  "application/vnd.amazon.eventstream",
  "audio/mpeg",
  ";;;",
];
const PATHS = ["", "/", "%E0%A4%A", "chat/completions", "v1/messages", "?".repeat(50), "/".repeat(5000)];

/** Collects the keys and the short texts of the exchanges. */
export function corpusOf(seeds: RecordedExchange[]): Corpus {
  const keys = new Set<string>();
  const words = new Set<string>();
  for (const { request, response } of seeds) {
    for (const body of [request, response]) {
      if (typeof body !== "string" || body.length > LONG) continue;
      for (const [, key = ""] of body.matchAll(/"(\w{1,40})" ?:/g)) keys.add(key);
      for (const [, word = ""] of body.matchAll(/: ?"([\w./-]{1,40})"/g)) words.add(word);
    }
  }
  return { seeds, keys: [...keys], words: [...words] };
}

/** Returns the exchange for a number: one of the corpus, or two crossed, with one to four changes to its bodies. */
export function mutatedExchange(corpus: Corpus, number: number): RecordedExchange {
  const random = new Random(Math.imul(number + 1, 0x9e3779b1));
  const base = pickSeed(corpus, random);
  const exchange = { ...base };
  if (random.chance(0.15)) exchange.request = pickSeed(corpus, random).request;
  if (random.chance(0.15)) exchange.provider = pickSeed(corpus, random).provider;
  if (random.chance(0.2)) exchange.path = random.chance(0.5) ? pickSeed(corpus, random).path : random.pick(PATHS);
  if (random.chance(0.2)) exchange.statusCode = random.pick([0, 200, 400, 500, -1, Number.NaN]);
  if (random.chance(0.2)) exchange.requestContentType = random.pick(CONTENT_TYPES);
  if (random.chance(0.3)) exchange.responseContentType = random.pick(CONTENT_TYPES);
  const sides = random.pick([["response"], ["response"], ["request"], ["request", "response"]] as const);
  for (const side of sides) exchange[side] = mutateBody(exchange[side], corpus, random);
  return exchange;
}

function pickSeed({ seeds }: Corpus, random: Random): RecordedExchange {
  for (;;) {
    const seed = random.pick(seeds);
    if ((seed.request?.length ?? 0) + (seed.response?.length ?? 0) < LONG || random.chance(0.03)) return seed;
  }
}

function mutateBody(body: Body, corpus: Corpus, random: Random): Body {
  if (body === null || body.length === 0) return random.chance(0.5) ? body : random.pick(ODD_VALUES);
  const isBytes = typeof body !== "string";
  let text = isBytes ? Buffer.from(body).toString("latin1") : body;
  for (let times = random.between(1, 4); times > 0; times--) {
    const kind = random.next();
    if (kind < 0.5) text = mutateJson(text, corpus, random);
    else if (kind < 0.7) text = mutateLines(text, random);
    else if (kind < 0.9) text = mutateText(text, random);
    else text = rewrapped(text, corpus, random);
    text = text.slice(0, LONGEST);
  }
  if (isBytes) return new Uint8Array(Buffer.from(text, "latin1"));
  if (random.chance(0.2)) return flipped(Buffer.from(text), random);
  if (random.chance(0.02)) return new Uint8Array(Buffer.from(text, "utf16le"));
  return random.chance(0.02) ? null : text;
}

function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = new Uint8Array(bytes);
  const flips = copy.length === 0 || random.chance(0.5) ? 0 : random.between(1, 8);
  for (let flip = 0; flip < flips; flip++) copy[random.between(0, copy.length - 1)] = random.between(0, 255);
  return copy.subarray(0, random.chance(0.3) ? random.between(0, copy.length) : copy.length);
}

/** Cuts, drops, doubles or spoils some characters. */
function mutateText(text: string, random: Random): string {
  const at = random.between(0, text.length);
  switch (random.between(0, 6)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + random.between(1, 20));
    case 3:
      return text.slice(0, at) + text.slice(Math.max(0, at - random.between(1, 60)), at) + text.slice(at);
    case 4:
      return (
        text.slice(0, at) + random.pick(['"', "\\", "{", "]", "\0", "\uFEFF", "\uD83D", "\r", "\n\n"]) + text.slice(at)
      );
    case 5:
      return text.replaceAll(
        random.pick(["\n", ",", ":", "data: ", "\n\n"]),
        random.pick(["\r\n", "\r", "", " \n", "data:"]),
      );
    default:
      return text.slice(0, at) + String.fromCharCode(random.between(0, 0xffff)) + text.slice(at + 1);
  }
}

/** Drops, doubles, swaps, reverses, cuts or empties lines, or events of a stream. */
function mutateLines(text: string, random: Random): string {
  const separator = text.includes("\r\n\r\n") ? "\r\n\r\n" : random.pick(["\n\n", "\n\n", "\n"]);
  const lines = text.split(separator);
  const at = random.between(0, lines.length - 1);
  const other = random.between(0, lines.length - 1);
  const line = lines[at] ?? "";
  switch (random.between(0, 7)) {
    case 0:
      lines.splice(at, random.between(1, 5));
      break;
    case 1:
      lines.splice(other, 0, line);
      break;
    case 2:
      lines.splice(at, 1, ...Array.from({ length: random.between(2, 200) }, () => line));
      break;
    case 3:
      lines[at] = lines[other] ?? "";
      lines[other] = line;
      break;
    case 4:
      lines.reverse();
      break;
    case 5:
      lines[at] = line.slice(0, random.between(0, line.length));
      break;
    case 6:
      lines.splice(
        at,
        0,
        random.pick([": comment", "data: [DONE]", "data:", "event: error", "retry: 1", "data: null", "{}"]),
      );
      break;
    default:
      lines[at] = line.replace(/^event:.*\n|^data:/, "");
  }
  return lines.join(separator);
}

/** The whole body in another form: wrapped as the gateway does, as a string, twice, in an array, as chunks. */
function rewrapped(text: string, corpus: Corpus, random: Random): string {
  switch (random.between(0, 6)) {
    case 0:
      return `{"success":${random.pick(["true", "false", "1"])},"result":${parse(text) === undefined ? JSON.stringify(text) : text}}`;
    case 1:
      return JSON.stringify(text);
    case 2:
      return text + text;
    case 3:
      return `[${text}]`;
    case 4:
      return `{"streamed_data":[${text
        .split("\n")
        .map((line) => line.replace(/^data: ?/, ""))
        .filter((line) => line.startsWith("{"))
        .join(",")}]}`;
    case 5: {
      const { provider, path } = pickSeed(corpus, random);
      return `[{"provider":${JSON.stringify(provider)},"endpoint":${JSON.stringify(path)},"query":${text}}]`;
    }
    default: {
      const other = pickSeed(corpus, random).response;
      return typeof other === "string" ? text + random.pick(["", "\n", "\n\n"]) + other : text;
    }
  }
}

/** Changes one thing in the JSON of the whole body or of one of its lines. */
function mutateJson(text: string, corpus: Corpus, random: Random): string {
  // Deep nesting by an earlier mutation would overflow the stack here, not in the readers.
  if (text.includes("[[[[[[[[") || text.includes('{"content":{"content":{"content":')) return mutateText(text, random);
  const whole = text.startsWith("{") || text.startsWith("[") ? parse(text) : undefined;
  if (whole !== undefined) return textOf(mutateValue(whole, corpus, random));
  const lines = text.split("\n");
  const first = random.between(0, lines.length - 1);
  for (let step = 0; step < Math.min(lines.length, 30); step++) {
    const at = (first + step) % lines.length;
    const found = /^(data: ?)?([[{].*)$/.exec(lines[at] ?? "");
    const value = found?.[2] === undefined ? undefined : parse(found[2]);
    if (value === undefined) continue;
    lines[at] = (found?.[1] ?? "") + textOf(mutateValue(value, corpus, random));
    return lines.join("\n");
  }
  return mutateText(text, random);
}

const NESTED = /"@nested (\d+) (.)@"/g;

function textOf(value: unknown): string {
  return JSON.stringify(value).replaceAll(NESTED, (_all, depth: string, bracket: string) => {
    const levels = Number(depth);
    if (bracket === "[") return "[".repeat(levels) + "]".repeat(levels);
    return '{"content":'.repeat(levels) + "1" + "}".repeat(levels);
  });
}

function mutateValue(value: unknown, corpus: Corpus, random: Random): unknown {
  const { parent, key } = descend(value, random);
  if (parent === undefined || key === undefined) return value;
  const set = (child: unknown) => void Reflect.set(parent, key, child);
  const child: unknown = Reflect.get(parent, key);
  switch (random.between(0, 12)) {
    case 0:
    case 1:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else Reflect.deleteProperty(parent, key);
      break;
    case 2:
    case 3:
      set(JSON.parse(random.pick(ODD_VALUES)));
      break;
    case 4: {
      const other = descend(value, random);
      set(other.parent === undefined ? null : structuredClone(Reflect.get(other.parent, other.key ?? "")));
      break;
    }
    case 5:
    case 6:
      set(random.pick(corpus.words));
      break;
    case 7: {
      Reflect.deleteProperty(parent, key);
      const name = random.chance(0.3) ? random.pick(ODD_KEYS) : random.pick(corpus.keys);
      Object.defineProperty(parent, name, { value: child, enumerable: true, configurable: true, writable: true });
      break;
    }
    case 8:
      set(`@nested ${random.pick(DEPTHS)} ${random.pick(["[", "{"])}@`);
      break;
    case 9:
      set(
        random.chance(0.9)
          ? random.pick(["x", "é\n", "\\", '"', "<", "[{"]).repeat(random.between(1, 5000))
          : "y".repeat(500_000),
      );
      break;
    case 10:
      set(Array.from({ length: random.chance(0.1) ? random.between(4, 60) : 3 }, () => child));
      break;
    case 11:
      set(random.pick([[child], { [random.pick(corpus.keys)]: child }, JSON.stringify(child)]));
      break;
    default:
      if (Array.isArray(child)) child.reverse();
      else if (typeof child === "number") set(random.pick([-1, 0.5, child + 1, 2 ** 31, 1e300]));
      else set(random.pick([1, true, [], {}]));
  }
  return value;
}

/** A random place within a value. */
function descend(value: unknown, random: Random): { parent?: object; key?: string } {
  let parent: unknown = value;
  for (;;) {
    if (typeof parent !== "object" || parent === null) return {};
    const keys = Object.keys(parent);
    if (keys.length === 0) return {};
    const key = random.pick(keys);
    const child: unknown = Reflect.get(parent, key);
    if (typeof child !== "object" || child === null || Object.keys(child).length === 0 || random.chance(0.25)) {
      return { parent, key };
    }
    parent = child;
  }
}
