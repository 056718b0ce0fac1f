import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLog } from "../../../src/sources/cloudflare/schema.ts";
import { sentAfter, sentAsSaid, withSent, type Sent } from "../../../src/logs/sent.ts";
import { verdictOf } from "../../../src/logs/verdict.ts";

const SENT_AT = 1000;

/** A row that was asked for at that time. */
function row(readAt: number | undefined, members: Record<string, unknown> = {}) {
  const log = parseLog({ id: "a", created_at: "2026-11-20T10:00:00Z", ...members }, readAt);
  assert.ok(log);
  return log;
}

const shown = (...[log, sent]: Parameters<typeof withSent>) => {
  const { log: now, ours } = withSent(log, sent);
  return [now.feedback, now.score, now.metadata, [...ours].sort()];
};

describe("a log with what was sent of it", () => {
  const sent = sentAfter({}, { feedback: -1, score: 50, metadata: { a: 1 } }, SENT_AT);

  it("is as it was where nothing was sent", () => {
    const log = row(0, { feedback: 1 });
    assert.equal(withSent(log, {}).log, log);
  });

  it("shows what was sent, as ours, while the API does not say it", () => {
    const ours = [-1, 50, { a: 1 }, ["feedback", "metadata", "score"]];
    assert.deepEqual(shown(row(SENT_AT + 1), sent), ours);
    assert.deepEqual(shown(row(SENT_AT + 1, { feedback: null, score: null, metadata: null }), sent), ours);
    const older = row(SENT_AT - 1, { feedback: 1, score: 7, metadata: { b: 2 } });
    assert.deepEqual(shown(older, sent), ours);
    assert.deepEqual(shown(row(undefined, { feedback: 1 }), sent), ours);
    assert.equal(older.feedback, 1, "the row itself stays as it was read");
  });

  it("shows what the API has said since then, each for itself", () => {
    const said = row(SENT_AT, { feedback: 1, metadata: {} });
    assert.deepEqual(shown(said, sent), [1, 50, {}, ["score"]]);
  });

  it("shows nothing where it was taken away", () => {
    const none = sentAfter(sent, { feedback: null, score: null, metadata: null }, SENT_AT + 5);
    assert.deepEqual(shown(row(SENT_AT, { feedback: -1, score: 50, metadata: { a: 1 } }), none), [
      undefined,
      undefined,
      {},
      [],
    ]);
    assert.equal(shown(row(SENT_AT + 5, { feedback: -1 }), none)[0], -1);
  });

  it("shows what is on its way whatever was read", () => {
    const sending = sentAfter(sent, { feedback: 1 }, Infinity);
    assert.deepEqual(shown(row(SENT_AT + 10, { feedback: -1, score: 3 }), sending), [
      1,
      3,
      { a: 1 },
      ["feedback", "metadata"],
    ]);
  });

  it("is not ours any more once the API has said so, whatever it said", () => {
    const learned = sentAsSaid(sent, row(SENT_AT + 1, { metadata: { a: 1, b: 2 } }));
    assert.deepEqual(shown(row(0), learned), [-1, 50, { a: 1, b: 2 }, ["feedback", "score"]]);
    assert.deepEqual(sentAsSaid(sent, row(SENT_AT - 1, { metadata: { b: 2 } })), sent);
    const kept = JSON.parse(JSON.stringify(learned)) as Sent;
    assert.deepEqual(kept, learned, "can be kept");
  });
});

describe("a verdict", () => {
  it("is up, down or none", () => {
    const verdicts = [1, 0.5, 0, -1, undefined].map((feedback) =>
      verdictOf(feedback === undefined ? {} : { feedback }),
    );
    assert.deepEqual(verdicts, ["up", "up", undefined, "down", undefined]);
  });
});
