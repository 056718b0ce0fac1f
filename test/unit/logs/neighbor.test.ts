import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLog } from "../../../src/sources/cloudflare/schema.ts";
import type { LogGroup } from "../../../src/logs/log-group.ts";
import { neighborOf, type Step } from "../../../src/logs/neighbor.ts";

const log = (id: string) => parseLog({ id, created_at: "2026-11-20T10:00:00Z" }) ?? assert.fail();
const group = (name: string, ids: string, hasMore = false): LogGroup => ({
  key: name,
  logs: Array.from(ids, log),
  loaded: ids.length,
  total: undefined,
  hasMore,
  opened: true,
  malformed: 0,
});

/** `gap`: the day that others may follow. */
const beside = (groups: LogGroup[], gap: string | undefined, id: string, step: Step): string | undefined => {
  const found = neighborOf({ groups, gaps: gap === undefined ? [] : [gap], hasMore: false }, id, step);
  if (found?.type === "log") return `${found.key} ${found.log.id}`;
  return found && `unread ${found.of === "list" ? "list" : `${found.of} ${found.key}`}`;
};

describe("neighborOf", () => {
  const whole = [group("3", "ab"), group("2", ""), group("1", "cd")];

  it("goes down and up within a day and over days, past those that are empty", () => {
    assert.equal(beside(whole, undefined, "a", "next"), "3 b");
    assert.equal(beside(whole, undefined, "b", "next"), "1 c");
    assert.equal(beside(whole, undefined, "c", "previous"), "3 b");
    assert.equal(beside(whole, undefined, "d", "previous"), "1 c");
  });

  it("ends where the list ends", () => {
    assert.equal(beside(whole, undefined, "a", "previous"), undefined);
    assert.equal(beside(whole, undefined, "d", "next"), undefined);
    assert.equal(beside(whole, undefined, "x", "next"), undefined);
  });

  it("wants to read on where a day or the gateway goes on", () => {
    assert.equal(beside([group("3", "ab", true), group("1", "c")], undefined, "b", "next"), "unread group 3");
    assert.equal(beside(whole, "1", "d", "next"), "unread gap 1");
    assert.equal(beside([group("3", "ab"), group("1", "c")], "3", "b", "next"), "unread gap 3");
    assert.equal(beside([group("3", "ab", true), group("1", "c")], "1", "c", "previous"), "3 b");
  });

  it("goes on in the one list that groups are made of", () => {
    assert.deepEqual(neighborOf({ groups: whole, gaps: [], hasMore: true }, "d", "next"), {
      type: "unread",
      of: "list",
    });
  });
});
