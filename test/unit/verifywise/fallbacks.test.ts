import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Cursor } from "../../../src/source/cursor.ts";
import { collectionOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise } from "../../verifywise-server.ts";

const START = Date.UTC(2026, 10, 1);
const HI = [{ role: "user", content: "Hi" }];

type Call = Parameters<Awaited<ReturnType<typeof startVerifyWise>>["add"]>[number];

const failed = (at: number, more: Partial<Call> = {}): Call => ({
  createdAt: new Date(START + at),
  endpoint: "main",
  statusCode: 500,
  messages: HI,
  user: "Ada",
  ...more,
});

const answered = (at: number, more: Partial<Call> = {}): Call => ({
  ...failed(at),
  endpoint: "spare",
  statusCode: 200,
  ...more,
});

/** Lists calls and returns their events with the IDs of their logs, of more than one. */
async function eventsOf(calls: readonly Call[], size = 50): Promise<string[][]> {
  const server = await startVerifyWise(1);
  server.add(...calls);
  const { baseUrl, token } = server;
  const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
  const events = new Map<string, string[]>();
  let next: Cursor | undefined;
  do {
    const page = await source.list({ sourceId: "vw", collectionId: collectionOf(baseUrl) }, { size }, next);
    for (const { id, eventId = id, isEventInferred, step } of page.logs) {
      assert.equal(isEventInferred === true, step !== undefined);
      events.set(eventId, [id, ...(events.get(eventId) ?? [])]);
    }
    next = page.next;
  } while (next);
  await server.close();
  return [...events.values()].filter((ids) => ids.length > 1);
}

describe("a failed call and its fallback", () => {
  it("are one event, which is said to be inferred", async () => {
    assert.deepEqual(await eventsOf([failed(0), answered(34)]), [["1", "2"]]);
  });

  it("are one event when the fallback took its time, and when other calls came between", async () => {
    const between = { ...answered(100), messages: [{ role: "user", content: "Other" }] };
    const calls = [failed(0), between, answered(4000, { latencyMs: 3950 })];
    assert.deepEqual(await eventsOf(calls), [["1", "3"]]);
  });

  it("are one event on two pages", async () => {
    const calls = [answered(-5000), failed(0), answered(34), answered(5000), answered(6000)];
    for (const size of [2, 3, 4]) assert.deepEqual(await eventsOf(calls, size), [["2", "3"]], `pages of ${size}`);
  });

  it("are two calls if anything says otherwise", async () => {
    const others: Partial<Call>[] = [
      { endpoint: "main" },
      { user: "Ben" },
      { messages: [{ role: "user", content: "Hello" }] },
      { messages: null },
      { createdAt: new Date(START + 2000) },
      { createdAt: new Date(START - 10) },
    ];
    for (const other of others) assert.deepEqual(await eventsOf([failed(0), answered(34, other)]), []);
    assert.deepEqual(await eventsOf([failed(0, { messages: null }), answered(34, { messages: null })]), []);
    assert.deepEqual(await eventsOf([answered(0, { endpoint: "main" }), answered(34)]), []);
  });

  it("take one fallback each", async () => {
    const calls = [failed(0), failed(10), answered(34), answered(40)];
    const events = await eventsOf(calls);
    assert.deepEqual(events.flat().sort(), ["1", "2", "3", "4"]);
    assert.deepEqual(
      events.map(({ length }) => length),
      [2, 2],
    );
  });
});
