// What must hold for events of any shape: nothing about them is published.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import { parseEvent } from "../../../src/sources/workers-logs/event.ts";
import { factsOf } from "../../../src/sources/workers-logs/facts.ts";
import { fieldKeys, gatewayOf, heldAs, type EventField } from "../../../src/sources/workers-logs/fields.ts";
import { textOf } from "../../../src/source/parsing.ts";

const KEYS = fieldKeys(undefined);
const FIELDS = Object.keys(KEYS) as EventField[];
const NAMES = [
  ...Object.values(KEYS).flat(),
  "source",
  "$metadata",
  "__proto__",
  "constructor",
  "toString",
  "",
  ".",
  "x",
];
const TEXTS = [
  "",
  "text",
  "12",
  "-0.5",
  "true",
  "{}",
  '{"team":1}',
  '{"cut',
  "2026-12-01T10:00:00Z",
  "\ud800",
  "error",
];
const CUT = ["x".repeat(131_072), "x".repeat(262_144), "é".repeat(65_536)];

function valueOf(random: Random, depth: number): unknown {
  const kind = random.between(0, depth > 0 ? 8 : 5);
  if (kind === 0) return null;
  if (kind === 1) return random.chance(0.5);
  if (kind === 2) return random.pick([0, 200, 500, -1, 0.25, 1e300, 1_796_147_426_009]);
  if (kind <= 5) return random.pick(TEXTS);
  if (kind === 6) return Array.from({ length: random.between(0, 3) }, () => valueOf(random, depth - 1));
  return objectOf(random, depth - 1);
}

/** An object as `JSON.parse` makes it, where `__proto__` is an ordinary member. */
function objectOf(random: Random, depth: number): Record<string, unknown> {
  const entries = Array.from({ length: random.between(0, 8) }, () => {
    const [first = "", ...rest] = random.pick(NAMES).split(".");
    const name = random.chance(0.5) ? [first, ...rest].join(".") : first;
    return [name, valueOf(random, depth)] as const;
  });
  return Object.fromEntries(entries);
}

function eventOf(random: Random): Record<string, unknown> {
  const source = random.chance(0.8) ? objectOf(random, 4) : valueOf(random, 2);
  const event = { ...objectOf(random, 2), timestamp: 1_796_147_426_009, source };
  return random.chance(0.2) ? { ...event, source: JSON.stringify(source) } : event;
}

/** The texts, numbers and booleans in a value, with the names of members; JSON text counts as what it says. */
function leavesOf(value: unknown): string[] {
  if (typeof value === "string" && /^[[{]/.test(value)) {
    try {
      return leavesOf(JSON.parse(value));
    } catch {
      return [value];
    }
  }
  if (typeof value !== "object" || value === null) return [String(value)];
  return Object.values(value).flatMap(leavesOf);
}

const events = (count: number): Record<string, unknown>[] => {
  const random = new Random(20_261_203);
  return Array.from({ length: count }, () => eventOf(random));
};

function parsed(event: unknown, keys = KEYS) {
  const found = parseEvent(event, keys, new Set(["text"]), 1);
  assert.ok(found);
  return found;
}

describe("an event of any shape", () => {
  it("is a row with an ID and its time, and the same one each time", () => {
    for (const event of events(3000)) {
      const before = JSON.stringify(event);
      const found = parsed(event);
      assert.ok(found.eventId !== "" && found.log.id !== "");
      assert.equal(found.log.createdAt.getTime(), 1_796_147_426_009);
      assert.deepEqual(parsed(JSON.parse(before)), found);
      assert.equal(JSON.stringify(event), before);
    }
  });

  it("is whole in its raw view and its bodies", () => {
    let bodies = 0;
    for (const event of events(3000)) {
      const { raw, request, response } = parsed(event).log;
      const kept = new Set([raw, request.head, response.head].flatMap(leavesOf));
      for (const leaf of leavesOf(event)) assert.ok(kept.has(leaf), `${leaf} of ${JSON.stringify(event)}`);
      bodies += Number(request.complete) + Number(response.complete);
    }
    assert.ok(bodies > 500, `${bodies} bodies`);
  });

  it("shows no body in its raw view again, wherever it was", () => {
    const random = new Random(8);
    for (let round = 0; round < 300; round++) {
      const [first = "", ...rest] = random.pick([...KEYS.request, ...KEYS.response]).split(".");
      const body = random.pick(["the body", ["the body"], { text: "the body" }]);
      const flat = { [[first, ...rest].join(".")]: body };
      const nested = rest.length > 0 ? { [first]: { [rest.join(".")]: body, x: 1 } } : flat;
      const members = { x: valueOf(random, 2), ...random.pick([flat, nested]) };
      const [own, outer] = random.pick([[members], [JSON.stringify(members)], [{}, members]] as const);
      const { raw, request, response } = parsed({ timestamp: 1, source: own, ...outer }).log;
      assert.match((request.complete ? request.head : response.head) ?? "", /the body/);
      assert.doesNotMatch(JSON.stringify(raw), /the body/);
    }
  });

  it("is never complete with a cut text, wherever that is in a body", () => {
    const random = new Random(7);
    for (let round = 0; round < 60; round++) {
      const cut = random.pick(CUT);
      const body = random.pick([cut, [cut], { messages: [{ content: cut }] }, { a: { b: cut } }]);
      const source = { [random.pick(KEYS.request)]: body, [random.pick(KEYS.response)]: `${cut}x` };
      const { request, response } = parsed({ timestamp: 1, source }).log;
      assert.deepEqual([request.complete, "size" in request, response.complete], [false, false, true]);
      assert.ok(request.head?.includes(cut));
    }
    for (const flag of ["$cloudflare", "$workers"]) {
      const source = { request: "Hi", response: ["Hello"] };
      const { request, response } = parsed({ timestamp: 1, [flag]: { truncated: true }, source }).log;
      assert.deepEqual(
        [request, response],
        [
          { head: "Hi", complete: false },
          { head: '["Hello"]', complete: false },
        ],
      );
    }
  });

  it("has the values of the setting's keys before all others", () => {
    for (const event of events(300))
      for (const field of FIELDS) {
        const source = { ...(event["source"] as object), "my.own": "7" };
        const { facts } = factsOf({ ...event, source });
        assert.deepEqual(heldAs(facts, fieldKeys({ [field]: "my.own" }), field, textOf), { key: "my.own", value: "7" });
      }
  });

  it("has a gateway that it names itself", () => {
    const known = new Set(["text"]);
    for (const event of events(1000)) {
      const { facts } = factsOf(event);
      const found = gatewayOf(facts, KEYS, known);
      if (found) assert.equal(facts.get(found.key), found.id);
      if (found?.key === "$metadata.service") assert.ok(known.has(found.id));
    }
  });

  it("takes no longer for one that is nested or wide without end", () => {
    const deep = (open: string, close: string): unknown => JSON.parse(open.repeat(60_000) + close.repeat(60_000));
    const nested = JSON.parse(`${'{"request":'.repeat(20_000)}1${"}".repeat(20_000)}`);
    const wide = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, { v: index }]));
    const long = { ["k".repeat(500)]: { ["k".repeat(600)]: 1 } };
    for (const source of [{ request: deep("[", "]") }, nested, wide, { model: "m", body: wide }, long]) {
      const event = { timestamp: 1, source };
      const keys = [...factsOf(event).facts.keys()];
      assert.ok(keys.length <= 5000 && keys.every(({ length }) => length <= 1024));
      assert.equal(parsed(event).log.createdAt.getTime(), 1);
    }
    assert.equal(parsed({ timestamp: 1, source: { body: wide, model: "m" } }).log.model, "m");
  });
});
