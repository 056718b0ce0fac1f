import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Lookup } from "../../../src/debugging/core/lookup.ts";
import { SourceError, isAborted } from "../../../src/source/errors.ts";
import type { Query } from "../../../src/source/query.ts";
import { parseLog } from "../../../src/sources/cloudflare/schema.ts";
import type { CollectionRef, Log } from "../../../src/source/log.ts";

const gateway = (collectionId: string): CollectionRef => ({ sourceId: "a", collectionId });
const PROD = gateway("prod");
const log = (id: string, fields: object = {}): Log =>
  parseLog({ id, created_at: "2026-11-20T10:00:00Z", ...fields }) ?? assert.fail();
const never = new AbortController().signal;

/** A lookup in gateways with the test's logs, on a clock that the test moves. */
function world({ used = [PROD], others = [] as CollectionRef[], samples = [] as CollectionRef[] } = {}) {
  let guesses = true;
  let now = 1_000_000;
  let timer: { at: number; run: () => void } | undefined;
  const stored = new Map<string, Log[]>();
  const asked: string[] = [];
  const changed: string[] = [];
  const found: string[] = [];
  let failure: unknown;
  let joins = true;
  const list = ({ collectionId }: CollectionRef, { conditions = [] }: Query) => {
    const [condition] = conditions;
    const ids = condition?.value.map(String) ?? [];
    asked.push(`${collectionId} ${condition?.key} ${ids.join()}`);
    if (failure !== undefined) return Promise.reject(failure);
    const wanted = joins || ids.length === 1 ? ids : [];
    const logs = (stored.get(collectionId) ?? []).filter((one) =>
      wanted.includes((condition?.key === "id" ? one.id : one.eventId) ?? ""),
    );
    return Promise.resolve({ logs });
  };
  const lookup = new Lookup({
    list,
    gateways: () => {
      asked.push("gateways");
      return Promise.resolve({ used, others });
    },
    samples: () => Promise.resolve(samples),
    guesses: () => Promise.resolve(() => guesses),
    found: ({ collectionId }) => void found.push(collectionId),
    changed: (ids) => void changed.push(...ids),
    now: () => now,
    after: (ms, run) => {
      const mine = { at: now + ms, run };
      timer = mine;
      return { dispose: () => void (timer === mine && (timer = undefined)) };
    },
  });
  /** Advances time, and runs what is due. */
  const pass = async (ms: number) => {
    const end = now + ms;
    while (timer && timer.at <= end) {
      const { at, run } = timer;
      timer = undefined;
      now = Math.max(now, at);
      run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    now = end;
  };
  return {
    lookup,
    pass,
    changed,
    found,
    put: (where: CollectionRef, ...logs: Log[]) =>
      void stored.set(where.collectionId, [...(stored.get(where.collectionId) ?? []), ...logs]),
    /** Calls for logs since the last time; `all` includes calls for gateways. */
    take: (all = false) => asked.splice(0).filter((call) => all || call !== "gateways"),
    guess: (may: boolean) => void (guesses = may),
    fail: (error?: unknown) => void (failure = error),
    oneByOne: () => void (joins = false),
    isIdle: () => timer === undefined,
  };
}

describe("looking for the logs of ids", () => {
  it("asks for many in one call, and again until they are there", async () => {
    const { lookup, pass, put, take, changed, isIdle } = world();
    for (const id of ["a", "b", "c"]) lookup.want({ id, sure: false });
    put(PROD, log("b"));
    assert.deepEqual(lookup.state("a"), { type: "waiting" });
    await pass(500);
    assert.deepEqual(take(), ["prod id a,b,c"]);
    assert.deepEqual(lookup.state("b"), { type: "known", gateway: PROD, log: log("b") });
    put(PROD, log("a"), log("c"));
    await pass(1000);
    assert.deepEqual(take(), ["prod id a,c"]);
    assert.deepEqual(changed, ["b", "a", "c"]);
    assert.ok(isIdle(), "nothing is asked when nothing waits");
    lookup.want({ id: "a", sure: true });
    assert.ok(isIdle(), "what is known is not asked for again");
  });

  it("stops after a minute, with ever longer pauses, and says so", async () => {
    const { lookup, pass, take, isIdle } = world();
    lookup.want({ id: "a", sure: false });
    await pass(59_000);
    assert.equal(take().length, 6);
    assert.deepEqual(lookup.state("a"), { type: "waiting" });
    await pass(2000);
    assert.equal(take().length, 1);
    assert.deepEqual(lookup.state("a"), { type: "missing" });
    assert.ok(isIdle());
  });

  it("asks for 500 in calls of 50, and for the likely ones first", async () => {
    const { lookup, pass, put, take } = world();
    for (let i = 0; i < 500; i++) {
      lookup.want({ id: `x${i}`, sure: false });
      put(PROD, log(`x${i}`));
    }
    lookup.want({ id: "named", sure: true });
    await pass(300);
    const calls = take();
    assert.equal(calls.length, 11);
    assert.ok(calls[0]?.startsWith("prod id named,x0"));
    assert.equal(lookup.state("x499")?.type, "known");
  });

  it("takes the named ones that are no log for events, whose last step counts", async () => {
    const { lookup, pass, put, take } = world();
    put(PROD, log("s0", { event_id: "e", step: 0 }), log("s1", { event_id: "e", step: 1 }));
    lookup.want({ id: "e", sure: true });
    await pass(300);
    assert.deepEqual(take(), ["prod id e"]);
    await pass(1000);
    assert.deepEqual(take(), ["prod id e", "prod eventId e"]);
    const state = lookup.state("e");
    assert.equal(state?.type === "known" && state.log.id, "s1");
  });

  it("asks the other gateways once, when a log is not where it is expected", async () => {
    const [other, third] = [gateway("other"), gateway("third")];
    const { lookup, pass, put, take, found } = world({ others: [other, third] });
    put(other, log("a"));
    lookup.want({ id: "a", sure: false });
    await pass(3500);
    assert.ok(take().every((call) => call.startsWith("prod")));
    await pass(4000);
    assert.deepEqual(take(), ["prod id a", "other id a", "third id a"]);
    assert.deepEqual(found, ["other"]);
    lookup.want({ id: "nowhere", sure: false });
    await pass(61_000);
    assert.equal(take().filter((call) => call.startsWith("other")).length, 1);
  });

  it("asks all gateways where none is expected", async () => {
    const { lookup, pass, take } = world({ used: [], others: [gateway("one"), gateway("two")] });
    lookup.want({ id: "a", sure: false });
    await pass(300);
    assert.deepEqual(take(), ["one id a", "two id a"]);
  });

  it("finds them one by one where several values do not mean any of them", async () => {
    const { lookup, pass, put, oneByOne } = world();
    oneByOne();
    put(PROD, log("a"), log("b"));
    for (const id of ["a", "b"]) lookup.want({ id, sure: true });
    await pass(61_000);
    assert.equal(lookup.state("a")?.type, "known");
    assert.equal(lookup.state("b")?.type, "known");
  });

  it("asks nothing before the API allows it, and tells why an id could not be asked for", async () => {
    const { lookup, pass, put, take, fail } = world();
    fail(new SourceError("rateLimited", "Too many", { retryAt: new Date(1_000_000 + 20_000) }));
    lookup.want({ id: "a", sure: false });
    await pass(19_000);
    assert.equal(take().length, 1);
    fail();
    put(PROD, log("a"));
    await pass(2000);
    assert.equal(lookup.state("a")?.type, "known");
    const offline = new SourceError("offline", "gone");
    fail(offline);
    lookup.want({ id: "b", sure: false });
    await pass(61_000);
    assert.deepEqual(lookup.state("b"), { type: "missing", error: offline });
  });

  it("finds one at once for somebody who waits, and anew what was not there", async () => {
    const { lookup, pass, put, take } = world({ others: [gateway("other")] });
    const first = lookup.find("a", never);
    await pass(0);
    assert.deepEqual(await first, { type: "missing" });
    assert.deepEqual(take(), ["prod id a", "prod eventId a", "other id a", "other eventId a"]);
    put(PROD, log("a"));
    const again = lookup.find("a", never);
    await pass(0);
    assert.equal((await again).type, "known");
    const abort = new AbortController();
    const given = lookup.find("b", abort.signal);
    abort.abort();
    await assert.rejects(given, isAborted);
  });

  it("asks for so many words that only look like ids and no more, and for all that are named", async () => {
    const { lookup, pass } = world();
    for (let i = 0; i <= 600; i++) lookup.want({ id: `x${i}`, sure: false });
    for (let i = 0; i <= 600; i++) lookup.want({ id: `named${i}`, sure: true });
    assert.deepEqual(lookup.state("x599"), { type: "waiting" });
    assert.equal(lookup.state("x600"), undefined);
    assert.deepEqual(lookup.state("named600"), { type: "waiting" });
    await pass(61_000);
    lookup.want({ id: "x600", sure: false });
    assert.deepEqual(lookup.state("x600"), { type: "waiting" });
  });

  it("asks for what only looks like an id where that may be, and from the moment on at which it may", async () => {
    const { lookup, pass, put, take, guess, isIdle } = world();
    guess(false);
    put(PROD, log("maybe"), log("named"));
    lookup.want({ id: "maybe", sure: false });
    lookup.want({ id: "named", sure: true });
    await pass(2000);
    assert.deepEqual(take(), ["prod id named"]);
    assert.equal(await lookup.mayAsk({ id: "maybe", sure: false }), false);
    guess(true);
    await pass(2000);
    assert.deepEqual(take(), ["prod id maybe"]);
    assert.equal(lookup.state("maybe")?.type, "known");
    guess(false);
    lookup.want({ id: "other", sure: false });
    await pass(61_000);
    assert.deepEqual(take(true), [], "nobody is asked for gateways either");
    assert.ok(isIdle());
    assert.equal(lookup.state("other"), undefined, "it was not asked for, so it is not missing");
    put(PROD, log("other"));
    guess(true);
    lookup.want({ id: "other", sure: false });
    await pass(300);
    assert.equal(lookup.state("other")?.type, "known");
  });

  it("asks the samples for any of them, and no other gateway", async () => {
    const sample = gateway("sample");
    const { lookup, pass, put, take, guess } = world({ others: [sample], samples: [sample] });
    guess(false);
    put(sample, log("here"));
    const found = [lookup.find("here", never, false), lookup.find("nowhere", never, false)];
    await pass(100);
    assert.deepEqual(
      (await Promise.all(found)).map(({ type }) => type),
      ["known", "missing"],
    );
    assert.deepEqual(take(true), ["sample id here,nowhere"]);
    assert.equal(lookup.state("nowhere"), undefined);
  });

  it("asks at once when a person asks for one that was held back", async () => {
    const { lookup, pass, put, take, guess } = world();
    guess(false);
    put(PROD, log("a"));
    lookup.want({ id: "a", sure: false });
    await pass(20_000);
    assert.deepEqual(take(), []);
    lookup.want({ id: "a", sure: true });
    await pass(300);
    assert.deepEqual(take(), ["prod id a"]);
    lookup.want({ id: "b", sure: false });
    const asked = lookup.find("b", never);
    await pass(0);
    assert.equal((await asked).type, "missing");
    assert.deepEqual(take(), ["prod id b", "prod eventId b"]);
  });

  it("forgets all, and what was under way, when other accounts are asked", async () => {
    const { lookup, pass, put, isIdle } = world();
    put(PROD, log("a"));
    lookup.want({ id: "a", sure: true });
    lookup.clear();
    await pass(70_000);
    assert.equal(lookup.state("a"), undefined);
    assert.ok(isIdle());
    lookup.want({ id: "a", sure: true });
    await pass(1000);
    assert.equal(lookup.state("a")?.type, "known");
    lookup.clear();
    assert.equal(lookup.state("a"), undefined);
  });
});
