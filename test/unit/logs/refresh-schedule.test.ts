import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SourceError } from "../../../src/source/errors.ts";
import { RefreshSchedule } from "../../../src/logs/refresh-schedule.ts";

const offline = new SourceError("offline", "gone");

/** The waits in seconds after each of `count` failures in a row. */
function waits(seconds: number, count: number): number[] {
  const schedule = new RefreshSchedule(() => seconds * 1000);
  let now = 1_000_000;
  return Array.from({ length: count }, () => {
    schedule.failed("a", offline, now);
    const due = schedule.dueAt("a", now);
    const wait = (due - now) / 1000;
    now = due;
    return wait;
  });
}

describe("the refresh schedule", () => {
  it("is the interval as it is now, from when a source was read or first known", () => {
    let interval = 10_000;
    const schedule = new RefreshSchedule(() => interval);
    assert.equal(schedule.dueAt("a", 500), 10_500);
    assert.equal(schedule.dueAt("a", 900), 10_500);
    schedule.read("a", 12_000);
    assert.equal(schedule.dueAt("a", 12_500), 22_000);
    interval = 5000;
    assert.equal(schedule.dueAt("a", 12_500), 17_000);
  });

  it("knows how long ago a source was read, also in vain", () => {
    const schedule = new RefreshSchedule(() => 10_000);
    schedule.dueAt("a", 500);
    assert.equal(schedule.sinceRead("a", 900), Infinity);
    schedule.read("a", 1000);
    assert.equal(schedule.sinceRead("a", 1500), 500);
    schedule.failed("a", offline, 2000);
    assert.equal(schedule.sinceRead("a", 2100), 100);
  });

  it("is each source's own", () => {
    const schedule = new RefreshSchedule((id) => (id === "slow" ? 60_000 : 10_000));
    for (const id of ["slow", "fast"]) schedule.read(id, 0);
    assert.deepEqual([schedule.dueAt("slow", 0), schedule.dueAt("fast", 0)], [60_000, 10_000]);
    schedule.failed("slow", offline, 0);
    assert.equal(schedule.dueAt("slow", 0), 120_000);
  });

  it("doubles the wait with each failure, up to five minutes", () => {
    assert.deepEqual(waits(10, 7), [20, 40, 80, 160, 300, 300, 300]);
    assert.deepEqual(waits(5, 3), [10, 20, 40]);
    assert.ok(waits(10, 2000).every(Number.isFinite));
  });

  it("is not made faster by failing", () => {
    assert.deepEqual(waits(3600, 2), [3600, 3600]);
  });

  it("keeps to the time that the API names, whether that is long or has passed", () => {
    const schedule = new RefreshSchedule(() => 10_000);
    const limited = (retryAt: number) => new SourceError("rateLimited", "wait", { retryAt: new Date(retryAt) });
    schedule.failed("a", limited(900_000), 1000);
    assert.equal(schedule.dueAt("a", 1000), 900_000);
    schedule.failed("b", limited(0), 1000);
    assert.equal(schedule.dueAt("b", 1000), 11_000);
    schedule.failed("c", new SourceError("rateLimited", "wait"), 1000);
    assert.equal(schedule.dueAt("c", 1000), 21_000);
  });

  it("is of each source alone, and as before once it was read", () => {
    const schedule = new RefreshSchedule(() => 10_000);
    schedule.failed("a", offline, 0);
    schedule.failed("a", offline, 20_000);
    schedule.read("b", 20_000);
    assert.deepEqual(schedule.backoffOf("a"), { error: offline, until: 60_000 });
    assert.equal(schedule.backoffOf("b"), undefined);
    assert.equal(schedule.dueAt("b", 20_000), 30_000);
    schedule.read("a", 60_000);
    assert.equal(schedule.backoffOf("a"), undefined);
    schedule.failed("a", offline, 70_000);
    assert.equal(schedule.dueAt("a", 70_000), 90_000);
  });
});
