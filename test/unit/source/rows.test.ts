import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { findLog } from "../../../src/logs/find.ts";
import type { Condition } from "../../../src/source/conditions.ts";
import { Cursors } from "../../../src/source/cursor.ts";
import { SourceError } from "../../../src/source/errors.ts";
import { readExchange } from "../../../src/export/bodies.ts";
import type { Log, LogDetail } from "../../../src/source/log.ts";
import type { Query } from "../../../src/source/query.ts";
import { checkingRows, hasWords, readDetail } from "../../../src/source/rows.ts";
import type { LogSource } from "../../../src/source/source.ts";
import { walk } from "../../../src/source/walk.ts";
import { memorySource } from "../../memory-source.ts";

const OF = { sourceId: "memory", collectionId: "kept" };

const LOGS = Array.from({ length: 45 }, (_, index): Log => ({
  id: `log-${index}`,
  createdAt: new Date(Date.UTC(2026, 10, 20, 12, 0, -index)),
  provider: "openai",
  path: "",
  success: index % 3 !== 0,
  cached: false,
  customCost: false,
  costUsd: index,
  metadata: { team: index % 2 === 0 ? "blue" : "red" },
  raw: { provider: "openai" },
}));

const FAILED: Condition = { key: "success", operator: "eq", value: [false] };
const BLUE: Query = { conditions: [FAILED], search: "BLUE" };
const isBlue = ({ success, metadata }: Log): boolean => !success && metadata["team"] === "blue";
const idsOf = (logs: readonly Log[]): string[] => logs.map(({ id }) => id);

/** A source that takes nothing, with more members. */
function sourceWith(members: Partial<LogSource>): LogSource {
  const { source } = memorySource("memory", LOGS);
  return checkingRows({ ...source, ...members });
}

describe("a source's rows", () => {
  it("are what its own walk and its newer logs are checked in, too", async () => {
    const source = sourceWith({
      walk: async function* () {
        yield* [0, 20, 40].map((start) => ({ logs: LOGS.slice(start, start + 20), unreadable: 0, left: 0 }));
        await Promise.resolve();
      },
      newer: () => Promise.resolve({ logs: LOGS, left: 3, next: new Cursors<number>().to(1) }),
    });
    const walked: Log[] = [];
    for await (const page of walk(source, OF, BLUE, { bound: new Date() })) walked.push(...page.logs);
    assert.deepEqual(idsOf(walked), idsOf(LOGS.filter(isBlue)));
    const newer = await source.newer?.(OF, BLUE, new Date(0));
    assert.deepEqual(idsOf(newer?.logs ?? []), idsOf(LOGS.filter(isBlue)));
    assert.equal(newer?.left, 3);
  });

  it("give a page its rows, and no total", async () => {
    const page = await sourceWith({}).list(OF, BLUE);
    assert.deepEqual(idsOf(page.logs), idsOf(LOGS.slice(0, 10).filter(isBlue)));
    assert.deepEqual([page.rows, page.total], [10, undefined]);
  });

  it("are newest first where an order isn't there, which the page says", async () => {
    const source = sourceWith({});
    assert.equal((await source.list(OF, { order: "newest" })).isSorted, true);
    const page = await source.list(OF, { order: "cost" });
    assert.deepEqual([page.isSorted, page.logs[0]?.id], [false, "log-0"]);
  });

  it("are found by ID on any page, if a log can be read", async () => {
    const read: LogSource["read"] = ({ logId }) => {
      const log = LOGS.find(({ id }) => id === logId);
      const none = { complete: false };
      return log
        ? Promise.resolve({ ...log, request: none, response: none })
        : Promise.reject(new SourceError("notFound", "gone"));
    };
    const source = sourceWith({ read });
    const list = (of: typeof OF, query: Query) => source.list(of, query);
    const { signal } = new AbortController();
    const found = await findLog([OF], [{ logId: "log-44" }], list, signal);
    assert.deepEqual(found.type === "found" && idsOf(found.logs), ["log-44"]);
    assert.equal((await findLog([OF], [{ logId: "log-45" }], list, signal)).type, "none");
    const refused = sourceWith({ read: () => Promise.reject(new SourceError("forbidden", "no")) });
    const ids: Condition = { key: "id", operator: "eq", value: ["log-1"] };
    await assert.rejects(refused.list(OF, { conditions: [ids] }), /no/);
  });

  it("are read without a call while something keeps them, also after they were listed again", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { source } = memorySource("memory", LOGS);
    let calls = 0;
    const copying = checkingRows({
      ...source,
      list: async (...given) => {
        calls++;
        const page = await source.list(...given);
        return { ...page, logs: page.logs.map((log) => ({ ...log })) };
      },
    });
    const { logs: kept } = await copying.list(OF, {});
    await copying.list(OF, {});
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    await new Promise((resolve) => setImmediate(resolve));
    const [first] = kept;
    assert.equal((await readDetail(copying, { ...OF, logId: "log-0" })).id, first?.id);
    assert.equal(calls, 2);
    await readDetail(copying, { ...OF, logId: "log-44" });
    assert.ok(calls > 2, "what nothing shows is looked for");
  });

  it("are read with what is shown of them, if there is more to read and they don't change", async () => {
    const head = "Hello";
    const whole = { head, size: head.length, complete: true };
    const [first, second] = LOGS;
    assert.ok(first && second);
    const answered: LogDetail = { ...second, request: { complete: false }, response: whole };
    const { source } = memorySource("memory", [first, answered]);
    const hints: (string | undefined)[] = [];
    const read: LogSource["read"] = ({ logId }, _, listed) => {
      hints.push(listed?.id);
      return Promise.resolve({ ...first, id: logId, request: whole, response: whole });
    };
    const reading = checkingRows({ ...source, read });
    assert.deepEqual((await readDetail(reading, { ...OF, logId: "log-9" })).request, whole);
    const { logs: kept } = await reading.list(OF, {});
    await readDetail(reading, { ...OF, logId: first.id });
    assert.deepEqual((await readDetail(reading, { ...OF, logId: second.id })).response, whole);
    assert.deepEqual(hints, [undefined, first.id], "none for the one with an answer");
    const changes = { fields: new Set(["score"] as const), send: () => Promise.resolve() };
    const changing = checkingRows({ ...source, read, changes });
    const { logs: changed } = await changing.list(OF, {});
    await readDetail(changing, { ...OF, logId: second.id });
    assert.deepEqual(hints.slice(2), [undefined], "rows that change are read again");
    assert.equal(kept.length, changed.length);
  });

  it("aren't asked for by texts that are no IDs", async () => {
    const { source, asked } = memorySource("memory", LOGS);
    const read: LogSource["read"] = ({ logId }) => Promise.reject(new SourceError("notFound", logId));
    const knowing = checkingRows({ ...source, isId: (text) => text.startsWith("log-"), read });
    const list = (of: typeof OF, query: Query) => knowing.list(of, query);
    const uuid = "0198c7a4-5d31-7c22-9c56-0242ac120002";
    const { signal } = new AbortController();
    assert.deepEqual((await findLog([OF], [{ logId: uuid }], list, signal)).type, "none");
    assert.equal(asked.length, 0);
    for (const value of [[null], [uuid, "log-1"]]) {
      await knowing.list(OF, { conditions: [{ key: "eventId", operator: "eq", value }] });
      await knowing.list(OF, { conditions: [{ key: "id", operator: "neq", value: [uuid] }] });
    }
    assert.equal(asked.length, 4);
  });

  it("are exported with the bodies that they were listed with", async () => {
    const [log] = LOGS;
    assert.ok(log);
    const head = '{"model":"gpt-5"}';
    const request = { head, size: head.length, complete: true };
    const listed: LogDetail = { ...log, request, response: { complete: false } };
    const { source } = memorySource("memory", [listed]);
    const { signal } = new AbortController();
    const exchange = await readExchange(source, OF, listed, signal);
    assert.deepEqual([exchange.request, exchange.response], [head, null]);
    assert.deepEqual((await readDetail(source, { ...OF, logId: log.id })).request, request);
    assert.deepEqual((await readExchange(source, OF, log, signal)).request, null);
  });

  it("have words in any member and in the metadata, in any case", () => {
    const [log] = LOGS;
    assert.ok(log);
    assert.ok(hasWords(log, []) && hasWords(log, ["OpenAI", "team", "Blue"]));
    assert.ok(!hasWords(log, ["openai", "red"]));
  });
});
