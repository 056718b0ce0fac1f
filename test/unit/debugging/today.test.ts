import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { todayOf } from "../../../src/debugging/core/today.ts";
import { aLog, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";

const never = new AbortController().signal;

describe("what happened today at a gateway", () => {
  let gateway: TestGateway;
  const now = Date.parse("2026-11-20T12:00:00Z");
  const since = new Date("2026-11-20T00:00:00Z");

  before(async () => (gateway = await startTestGateway()));
  after(() => gateway.close());

  const insert = (count: number, fields: Partial<Parameters<typeof aLog>[0]>, from = now) =>
    gateway.store.insert(
      Array.from({ length: count }, (_, i) => aLog({ ...fields, createdAt: new Date(from - i * 1000) })),
    );

  it("is nothing where no call was made since", async () => {
    insert(3, { cost: 1 }, since.getTime() - 60_000);
    assert.deepEqual(await todayOf(gateway.source, GATEWAY, undefined, since, never), { total: 0, errors: 0, of: 0 });
  });

  it("is the last call, and how many there were, of them errors, and their costs, in one call", async () => {
    insert(9, { cost: 0.5 });
    insert(1, { cost: 0.25, success: false, statusCode: 429, provider: "anthropic" }, now + 5000);
    gateway.takeCalls();
    const { last, ...today } = await todayOf(gateway.source, GATEWAY, undefined, since, never);
    assert.deepEqual(today, { total: 10, errors: 1, costUsd: 4.75, of: 10 });
    assert.equal(last?.statusCode, 429);
    assert.equal(gateway.takeCalls().length, 1);
    const { total, errors } = await todayOf(gateway.source, GATEWAY, "openai", since, never);
    assert.deepEqual([total, errors], [9, 0]);
  });

  it("of many calls is counted by the API, and costs are those of the newest", async () => {
    insert(300, { cost: 0.01 }, now - 60_000);
    gateway.takeCalls();
    const today = await todayOf(gateway.source, GATEWAY, undefined, since, never);
    assert.deepEqual([today.total, today.errors], [310, 1]);
    // Four pages of 50, each from the last log of the one before.
    assert.ok(today.of > 180 && today.of <= 200);
    assert.ok(Math.abs((today.costUsd ?? 0) - (4.75 + (today.of - 10) * 0.01)) < 1e-9);
    assert.equal(gateway.takeCalls().length, 5);
  });
});
