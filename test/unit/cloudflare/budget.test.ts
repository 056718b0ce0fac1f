import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CallBudget, CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { SourceError } from "../../../src/source/errors.ts";

/** Waits until all pending work that can proceed has done so. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function start(options: { limit?: number; atOnce?: number; reserve?: number } = {}) {
  const clock = { now: 1_000_000 };
  const budget = new CallBudget({
    limit: 10,
    windowMs: 1000,
    atOnce: 2,
    reserve: 0.2,
    now: () => clock.now,
    ...options,
  });
  const begun: string[] = [];
  const begin = (name: string, priority: "person" | "background", signal?: AbortSignal) =>
    budget.take(priority, signal).then((release) => {
      begun.push(name);
      return release;
    });
  const use = async (count: number) => {
    for (let i = 0; i < count; i++) (await budget.take("person"))();
  };
  return { clock, budget, begun, begin, use };
}

async function errorOf(promise: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SourceError);
  return error;
}

describe("CallBudget", () => {
  it("lets so many calls be under way at once, people first, each in its order", async () => {
    const { begun, begin } = start();
    const first = begin("first", "background");
    const second = begin("second", "person");
    const rest = [begin("b1", "background"), begin("p1", "person"), begin("b2", "background"), begin("p2", "person")];
    await settled();
    assert.deepEqual(begun, ["first", "second"]);
    (await first)();
    (await second)();
    await settled();
    assert.deepEqual(begun.slice(2), ["p1", "p2"]);
    (await rest[1])?.();
    (await rest[3])?.();
    await settled();
    assert.deepEqual(begun.slice(4), ["b1"]);
    (await rest[0])?.();
    await settled();
    assert.deepEqual(begun.slice(4), ["b1", "b2"]);
  });

  it("keeps a place for a person when background calls take long", async () => {
    const { begun, begin } = start({ atOnce: 3 });
    for (const name of ["b1", "b2", "b3", "b4"]) void begin(name, "background");
    await settled();
    assert.deepEqual(begun, ["b1", "b2"]);
    await begin("person", "person");
    assert.deepEqual(begun, ["b1", "b2", "person"]);
  });

  it("takes a release that is called twice for one", async () => {
    const { begun, begin } = start({ atOnce: 1 });
    const release = await begin("a", "person");
    void begin("b", "person");
    void begin("c", "person");
    release();
    release();
    await settled();
    assert.deepEqual(begun, ["a", "b"]);
  });

  it("refuses a person's call when the budget is used up, with the time it ends", async () => {
    const { clock, budget, use } = start();
    await use(10);
    const error = await errorOf(budget.take("person"));
    assert.equal(error.reason, "rateLimited");
    assert.equal(error.retryAt?.getTime(), clock.now + 1000);
    clock.now += 1000;
    (await budget.take("person"))();
    assert.equal(budget.used, 1);
  });

  it("lets background calls wait while the last fifth is meant for people", async () => {
    const { budget, begun, begin, use, clock } = start();
    await use(8);
    const abort = new AbortController();
    const waiting = begin("background", "background", abort.signal);
    (await begin("person", "person"))();
    await settled();
    assert.deepEqual(begun, ["person"]);
    clock.now += 1000;
    (await budget.take("person"))();
    await waiting;
    assert.deepEqual(begun, ["person", "background"]);
  });

  it("wakes a waiting background call by itself when there is room", async () => {
    const budget = new CallBudget({ limit: 5, windowMs: 50, reserve: 0.2 });
    for (let i = 0; i < 4; i++) (await budget.take("person"))();
    const keep = setInterval(() => undefined, 1000);
    (await budget.take("background"))();
    clearInterval(keep);
    assert.ok(budget.used <= 5);
  });

  it("gives a waiting call up when it is told to", async () => {
    const { budget, begin, begun } = start({ atOnce: 1 });
    const release = await begin("a", "person");
    const abort = new AbortController();
    const waiting = errorOf(budget.take("person", abort.signal));
    abort.abort();
    assert.equal((await waiting).reason, "aborted");
    release();
    (await begin("b", "person"))();
    assert.deepEqual(begun, ["a", "b"]);
    assert.equal((await errorOf(budget.take("person", AbortSignal.abort()))).reason, "aborted");
  });

  it("counts the calls that the API says were made elsewhere, until it resets", async () => {
    const { clock, budget, use } = start();
    await use(2);
    const reset = new Date(clock.now + 400_000).toUTCString();
    budget.learn(new Headers({ "x-ratelimit-limit": "10", "x-ratelimit-remaining": "3", "x-ratelimit-reset": reset }));
    assert.equal(budget.used, 7);
    await use(3);
    assert.equal((await errorOf(budget.take("person"))).reason, "rateLimited");
    clock.now += 401_000;
    assert.equal(budget.used, 0);
  });

  it("makes no call while the API refuses them all", async () => {
    const { clock, budget } = start();
    const until = new Date(clock.now + 5000);
    budget.block(until);
    for (const priority of ["person", "background"] as const) {
      assert.deepEqual((await errorOf(budget.take(priority))).retryAt, until);
    }
    clock.now += 5001;
    (await budget.take("background"))();
  });
});

describe("CallBudgets", () => {
  it("are one a token", () => {
    const budgets = new CallBudgets();
    assert.equal(budgets.of("a"), budgets.of("a"));
    assert.notEqual(budgets.of("a"), budgets.of("b"));
    assert.ok(!JSON.stringify(budgets).includes('"a"'));
  });
});
