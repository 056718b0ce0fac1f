import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLog } from "../../../src/cloudflare/schema.ts";
import type { DayLogs } from "../../../src/logs/gatewayLogs.ts";
import { neighbourOf, type Step } from "../../../src/logs/neighbour.ts";

const log = (id: string) => parseLog({ id, created_at: "2026-11-20T10:00:00Z" }) ?? assert.fail();
const day = (name: string, ids: string, hasMore = false): DayLogs => ({
  day: name,
  logs: Array.from(ids, log),
  total: undefined,
  hasMore,
  opened: true,
  malformed: 0,
});

const beside = (days: DayLogs[], hasEarlier: boolean, id: string, step: Step): string | undefined => {
  const found = neighbourOf({ days, hasEarlier }, id, step);
  return found?.type === "log" ? `${found.day} ${found.log.id}` : found && `unread ${found.day ?? "earlier"}`;
};

describe("neighbourOf", () => {
  const whole = [day("3", "ab"), day("2", ""), day("1", "cd")];

  it("goes down and up within a day and over days, past those that are empty", () => {
    assert.equal(beside(whole, false, "a", "next"), "3 b");
    assert.equal(beside(whole, false, "b", "next"), "1 c");
    assert.equal(beside(whole, false, "c", "previous"), "3 b");
    assert.equal(beside(whole, false, "d", "previous"), "1 c");
  });

  it("ends where the list ends", () => {
    assert.equal(beside(whole, false, "a", "previous"), undefined);
    assert.equal(beside(whole, false, "d", "next"), undefined);
    assert.equal(beside(whole, false, "x", "next"), undefined);
  });

  it("wants to read on where a day or the gateway goes on", () => {
    assert.equal(beside([day("3", "ab", true), day("1", "c")], false, "b", "next"), "unread 3");
    assert.equal(beside(whole, true, "d", "next"), "unread earlier");
    assert.equal(beside([day("3", "ab", true), day("1", "c")], true, "c", "previous"), "3 b");
  });
});
