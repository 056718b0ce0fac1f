import type { RecordedExchange } from "../../src/chat/conversation.ts";
import { readConversation } from "../../src/chat/read.ts";
import { parse } from "../traffic.ts";
import type { Growth } from "./protocol.ts";

type Side = "request" | "response";
/** One way to make one body of an exchange larger. */
type Grower = { name: string; exchange: RecordedExchange; side: Side; grow: (times: number) => string };

/** Characters of the smallest of three compared bodies. */
const BASE = 100_000;
const FACTORS = [1, 4, 16] as const;
/** JSON schemas stay as they are: growing one place shows the growth of all. */
const SCHEMA = /(?:schema|properties|parameters|\$defs)\w*\./i;
/** Growth that is measured again before it's reported. */
const SUSPICIOUS = 2;

/** Returns all ways to grow the exchanges, each kind of body and place in it once. */
export function growths(seeds: RecordedExchange[]): Grower[] {
  const found = new Map<string, Grower>();
  for (const exchange of seeds) {
    for (const side of ["request", "response"] as const) {
      const text = exchange[side];
      if (typeof text !== "string" || text === "" || text.length > BASE) continue;
      const { format } = readConversation({ ...exchange, [side === "request" ? "response" : "request"]: null });
      const value = parse(text);
      const ways = typeof value === "object" ? waysOfJson(value) : waysOfStream(text);
      for (const [name, grow] of ways) {
        const key = `${side} ${format} ${name}`;
        if (!found.has(key)) found.set(key, { name: key, exchange, side, grow });
      }
    }
  }
  return [...found.values()];
}

/** Measures one of them. */
export function growthOf({ name, exchange, side, grow }: Grower): Growth {
  const unit = (grow(201).length - grow(1).length) / 200;
  const times = Math.max(1, Math.ceil(BASE / Math.max(1, unit)));
  const bodies = FACTORS.map((factor) => grow(times * factor));
  const sizes = bodies.map((body) => body.length);
  const least = [Infinity, Infinity, Infinity];
  const parsed = [Infinity, Infinity, Infinity];
  // An object of 50,000 fields costs JSON.parse itself more than its share.
  const ratio = () => growthIn(least, sizes) / Math.max(1, growthIn(parsed, sizes));
  for (let round = 0; round < 6; round++) {
    if (round >= 2 && ratio() < SUSPICIOUS) break;
    for (const [index, body] of bodies.entries()) {
      const started = performance.now();
      readConversation({ ...exchange, [side]: body });
      const read = performance.now();
      parse(body);
      least[index] = Math.min(least[index] ?? Infinity, read - started);
      parsed[index] = Math.min(parsed[index] ?? Infinity, performance.now() - read);
    }
  }
  const three = (list: number[]): [number, number, number] => [list[0] ?? 0, list[1] ?? 0, list[2] ?? 0];
  return { name, sizes: three(sizes), times: three(least), ratio: ratio() };
}

/** Time per character at the largest divided by that at the smallest; less than a millisecond can't be measured. */
function growthIn(times: number[], sizes: number[]): number {
  const [first = 0, , last = 0] = times.map((time) => Math.max(1, time));
  return last / (sizes[2] ?? 1) / (first / (sizes[0] ?? 1));
}

type Way = [name: string, grow: (times: number) => string];

/** Each list with repeated items, each text repeated, each object with more fields; `*` stands for any index. */
function waysOfJson(value: unknown): Way[] {
  return placesIn(value).flatMap(({ name, child, put }): Way[] => {
    if (typeof child === "string") {
      if (child.length < 2) return [];
      return [[`${name} text`, (times) => put(JSON.stringify(child.repeat(times)))]];
    }
    if (!Array.isArray(child)) return [[`${name} fields`, (times) => put(moreFields(child, times))]];
    if (child.length === 0) return [];
    const items = JSON.stringify(child).slice(1, -1);
    return [
      [`${name} items`, (times) => put(`[${`${items},`.repeat(times)}${items}]`)],
      [`${name} distinct items`, (times) => put(`[${repeated(items, times).join(",")}]`)],
    ];
  });
}

function moreFields(record: unknown, times: number): string {
  const fields = JSON.stringify(record).slice(1, -1);
  const more = Array.from({ length: times }, (_unused, index) => `"field ${index}":"value ${index}"`).join(",");
  return `{${fields === "" ? "" : `${fields},`}${more}}`;
}

/** Copies of a JSON text with renumbered and renamed items. */
function repeated(json: string, times: number): string[] {
  return Array.from({ length: times }, (_unused, copy) =>
    json
      .replaceAll(/"(\w*index)":(\d+)/g, (_all, key: string, at: string) => `"${key}":${Number(at) + 100 * (copy + 1)}`)
      .replaceAll(/"(\w*id)":"([^"\\]*)"/g, (_all, key: string, id: string) => `"${key}":"${id}${copy}"`),
  );
}

type Place = { name: string; child: unknown; put: (json: string) => string };

/** Places of a value with distinct names; `put` returns the JSON of the whole with another JSON there. */
function placesIn(whole: unknown): Place[] {
  const MARK = "@here@";
  const places = new Map<string, Place>();
  const visit = (node: unknown, name: string, replace: (by: unknown) => void) => {
    if (typeof node !== "string" && (typeof node !== "object" || node === null)) return;
    if (SCHEMA.test(name)) return;
    if (!places.has(name)) {
      replace(MARK);
      const [before = "", after = ""] = JSON.stringify({ whole: root.value }).slice(9, -1).split(`"${MARK}"`);
      replace(node);
      places.set(name, { name, child: node, put: (json) => before + json + after });
    }
    if (typeof node === "string") return;
    const isList = Array.isArray(node);
    for (const key of Object.keys(node)) {
      visit(Reflect.get(node, key), `${name}.${isList ? "*" : key}`, (by) => void Reflect.set(node, key, by));
    }
  };
  const root = { value: whole };
  visit(whole, "$", (by) => (root.value = by));
  return [...places.values()];
}

/** All events except the first and the last repeated, unchanged and renumbered; and each kind of event. */
function waysOfStream(text: string): Way[] {
  const separator = /\r?\n\r?\n/.exec(text)?.[0] ?? "\n";
  const events = text.split(separator).filter((event) => event !== "");
  const first = events[0] ?? "";
  const last = events.at(-1) ?? "";
  const middle = events.slice(1, -1).join(separator);
  if (middle === "") return [];
  const put = (list: string[]) => [first, ...list, last, ""].join(separator);
  const ways: Way[] = [
    ["all events", (times) => put(Array.from({ length: times }, () => middle))],
    ["all events, distinct", (times) => put(repeated(middle, times))],
  ];
  const kinds = new Map<string, string>();
  for (const event of events.slice(1, -1)) {
    const data = parse(/\{.*/.exec(event)?.[0] ?? "");
    if (typeof data === "object") kinds.set(shapeOf(data, 3), event);
  }
  for (const [kind, event] of kinds) {
    const at = events.indexOf(event);
    const around = (list: string[]) => [...events.slice(0, at), ...list, ...events.slice(at), ""].join(separator);
    ways.push([`event ${kind}`, (times) => around(Array.from({ length: times }, () => event))]);
    ways.push([`event ${kind}, distinct`, (times) => around(repeated(event, times))]);
  }
  return ways;
}

function shapeOf(value: unknown, levels: number): string {
  if (typeof value !== "object" || value === null || levels === 0) return "";
  if (Array.isArray(value)) return `[${shapeOf(value[0], levels - 1)}]`;
  const { type } = value as { type?: unknown };
  if (typeof type === "string") return `${type}${"delta" in value ? shapeOf(value.delta, 1) : ""}`;
  return Object.keys(value)
    .map((key) => `${key}${shapeOf(Reflect.get(value, key), levels - 1)}`)
    .join(" ");
}
