import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import { RefreshSchedule } from "../../../src/logs/refresh-schedule.ts";
import { SourceError } from "../../../src/source/errors.ts";
import { RateLimit } from "../../../src/sources/verifywise/rate-limit.ts";
import { collectionOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { limiterOf, type LimiterOptions } from "../../verifywise-limiter.ts";
import { startVerifyWise, type VerifyWiseServer } from "../../verifywise-server.ts";

const START = Date.UTC(2026, 10, 1);

const answer = (headers: Record<string, string>, status = 200) => ({ status, headers: new Headers(headers) });

const separate = (limit: number, remaining: number, reset: number) => ({
  "RateLimit-Limit": String(limit),
  "RateLimit-Remaining": String(remaining),
  "RateLimit-Reset": String(reset),
});

describe("the calls that are left", () => {
  let now: number;
  let limit: RateLimit;
  beforeEach(() => {
    now = START;
    limit = new RateLimit(() => now);
  });

  it("make no difference until an answer tells of them", () => {
    for (const headers of [{}, { "RateLimit-Remaining": "3" }, { RateLimit: "none" }, separate(100, 99, Number.NaN)])
      limit.learn(answer(headers));
    assert.deepEqual([limit.pollSeconds, limit.heldUntil], [10, undefined]);
  });

  it("are half auto refresh's, by either form of the headers", () => {
    for (const headers of [separate(100, 90, 899), { RateLimit: "limit=100, remaining=90, reset=899" }]) {
      limit.learn(answer(headers));
      assert.deepEqual([limit.pollSeconds, limit.heldUntil], [20, undefined]);
      limit = new RateLimit(() => now);
    }
    limit.learn(answer(separate(300, 299, 59)));
    assert.equal(limit.pollSeconds, 10);
  });

  it("are the user's if they are few, until the reset", () => {
    limit.learn(answer(separate(100, 10, 600)));
    assert.equal(limit.heldUntil?.getTime(), START + 601_000);
    assert.equal(limit.pollSeconds, 601);
    now += 601_000;
    assert.deepEqual([limit.pollSeconds, limit.heldUntil], [10, undefined]);
  });

  it("count those under way", () => {
    limit.learn(answer(separate(100, 12, 600)));
    const ends = [limit.begin(), limit.begin()];
    assert.ok(limit.heldUntil);
    for (const end of ends) end();
    assert.equal(limit.heldUntil, undefined);
  });

  it("are none after a refusal, until the time that it names", () => {
    for (const [headers, seconds] of [
      [{ "Retry-After": "30", ...separate(100, 0, 90) }, 31],
      [separate(100, 0, 90), 91],
      [{}, 61],
    ] as const) {
      limit = new RateLimit(() => now);
      limit.learn(answer(headers, 429));
      // What another answer says of its limit ends no refusal.
      limit.learn(answer(separate(1000, 999, 900)));
      assert.equal(limit.heldUntil?.getTime(), now + seconds * 1000);
      assert.equal(limit.pollSeconds, seconds);
      now += seconds * 1000;
      assert.equal(limit.heldUntil, undefined);
    }
  });

  it("are believed for a day at most, whatever a server says", () => {
    limit.learn(answer({ "Retry-After": "9".repeat(400) }, 429));
    limit.learn(answer(separate(100, 0, 1e20)));
    assert.ok((limit.heldUntil?.getTime() ?? Infinity) <= START + 86_401_000);
  });
});

/** Refreshes by schedule for a while, as auto refresh does; calls `also` every now and then. */
function refreshing(options: LimiterOptions, setting: number, hours: number, also?: (call: () => boolean) => void) {
  let now = START;
  const limit = new RateLimit(() => now);
  const limiter = limiterOf({ ...options, now: () => now });
  const schedule = new RefreshSchedule(() => Math.max(setting, limit.pollSeconds) * 1000);
  const told = { reads: 0, refused: 0, fewest: Infinity };
  const call = (): boolean => {
    const { isRefused, headers } = limiter.take();
    limit.learn(answer(headers, isRefused ? 429 : 200));
    return isRefused;
  };
  for (now = START; now < START + hours * 3_600_000; now = Math.max(now + 1, schedule.dueAt("a", now))) {
    also?.(call);
    const held = limit.heldUntil;
    if (held) {
      schedule.failed("a", new SourceError("rateLimited", "held", { retryAt: held }), now);
      continue;
    }
    const isRefused = call();
    told.reads++;
    if (isRefused) told.refused++;
    told.fewest = Math.min(told.fewest, limiter.left);
    if (isRefused)
      schedule.failed("a", new SourceError("rateLimited", "429", { retryAt: limit.heldUntil ?? new Date(now) }), now);
    else schedule.read("a", now);
  }
  return told;
}

describe("auto refresh alone", () => {
  it("is never refused, and always leaves calls to the user", () => {
    const random = new Random(11);
    for (let round = 0; round < 300; round++) {
      const options = {
        limit: random.pick([2, 3, 5, 10, 60, 100, 300, random.between(2, 1000)]),
        windowMs: random.pick([60_000, 900_000, random.between(10_000, 3_600_000)]),
        restarts: random.chance(0.5),
        headers: random.pick(["separate", "combined"] as const),
      };
      const setting = random.pick([1, 5, 10, 60, 600]);
      const hours = 3;
      const { reads, refused, fewest } = refreshing(options, setting, hours);
      const what = JSON.stringify({ ...options, setting, reads, fewest });
      assert.equal(refused, 0, what);
      assert.ok(fewest >= 1, what);
      const pace = Math.max(setting * 1000, options.windowMs + 2000, 12_000);
      assert.ok(reads >= (hours * 3_600_000) / pace - 1, what);
    }
  });

  it("goes on with what a user leaves", () => {
    const random = new Random(12);
    for (let round = 0; round < 100; round++) {
      const options = { limit: random.pick([20, 100, 300]), windowMs: random.pick([60_000, 900_000]) };
      let mine = 0;
      const click = (call: () => boolean) => {
        for (let n = random.pick([0, 0, 0, 1, 3]); n > 0; n--) if (!call()) mine++;
      };
      const { reads, refused } = refreshing(options, 10, 2, click);
      assert.ok(reads > 10 && mine > 10, JSON.stringify({ ...options, reads, mine }));
      assert.equal(refused, 0);
    }
  });
});

describe("a VerifyWise server that limits all calls", () => {
  let server: VerifyWiseServer;
  beforeEach(async () => {
    server = await startVerifyWise(2);
    server.add({ createdAt: new Date(START) });
  });
  afterEach(() => server.close());

  const open = () => {
    const { baseUrl, token } = server;
    const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
    const of = { sourceId: "vw", collectionId: collectionOf(baseUrl) };
    return { source, list: (priority?: "background") => source.list(of, {}, undefined, priority ? { priority } : {}) };
  };

  for (const headers of ["separate", "combined"] as const)
    it(`is asked less often, and the last calls are the user's: ${headers} headers`, async () => {
      server.limiter = limiterOf({ limit: 10, windowMs: 900_000, headers });
      const { source, list } = open();
      assert.equal(source.lists.pollSeconds, 10);
      await list();
      assert.ok(source.lists.pollSeconds >= 200, String(source.lists.pollSeconds));
      for (let left = 9; left > 1; left--) await list("background");
      const before = Date.now();
      await assert.rejects(list("background"), (error) => {
        assert.ok(error instanceof SourceError);
        assert.ok((error.retryAt?.getTime() ?? 0) > before + 800_000);
        return error.reason === "rateLimited" && error.service === "VerifyWise" && error.status === undefined;
      });
      assert.equal(server.calls.length, 9);
      await list();
      await assert.rejects(list(), { reason: "rateLimited", status: 429 });
      assert.equal(server.calls.length, 11, "a click is always sent");
      assert.equal(open().source.lists.pollSeconds, 10, "another source knows nothing of it");
    });

  it("is left alone in the background after it refused, in whatever form", async () => {
    server.limiter = limiterOf({ limit: 1, windowMs: 900_000, headers: "none" });
    const { source, list } = open();
    await list("background");
    await assert.rejects(list("background"), { reason: "rateLimited", status: 429 });
    await assert.rejects(list("background"), { reason: "rateLimited", status: undefined });
    assert.equal(server.calls.length, 2);
    assert.ok(source.lists.pollSeconds > 800);
  });
});
