import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLog } from "../../../src/sources/cloudflare/schema.ts";
import { eventOf } from "../../../src/panel/steps.ts";

const log = (row: object) =>
  parseLog({ id: "a", created_at: "2026-11-20T10:00:00Z", success: true, ...row }) ?? assert.fail();

describe("eventOf", () => {
  it("is worth a call only where an event has several steps, or may have", () => {
    assert.equal(eventOf(log({})), undefined);
    assert.equal(eventOf(log({ step: 0, event_id: "a" })), undefined);
    assert.equal(eventOf(log({ step: 1, event_id: "a" })), undefined);
    assert.equal(eventOf(log({ event_id: "e" })), undefined);
    assert.equal(eventOf(log({ step: 2 })), undefined);
    assert.equal(eventOf(log({ step: 2, event_id: "a" })), "a");
    assert.equal(eventOf(log({ step: 1, event_id: "a", success: false })), "a");
    assert.equal(eventOf(log({ step: 1, event_id: "e" })), "e");
  });
});
