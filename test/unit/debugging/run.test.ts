import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Run } from "../../../src/debugging/core/run.ts";
import { parseLog } from "../../../src/sources/cloudflare/schema.ts";

const gateway = { sourceId: "a", collectionId: "prod" };
const known = (id: string) => ({
  type: "known" as const,
  gateway,
  log: parseLog({ id, created_at: "2026-11-20T10:00:00Z" }) ?? assert.fail(),
});
const waiting = { type: "waiting" } as const;
const start = () => new Run("1", "Launch", new Date(0));
const shown = (run: Run) => run.calls.map(({ id, state }) => `${id} ${state.type}`);

describe("the calls of a debug session", () => {
  it("are shown at once where the gateway's own name stands with them, others once they are known", () => {
    const run = start();
    run.see({ id: "named", sure: true }, waiting);
    run.see({ id: "maybe", sure: false }, waiting);
    assert.deepEqual(shown(run), ["named waiting"]);
    run.update("maybe", known("maybe"));
    run.update("named", { type: "missing" });
    assert.deepEqual(shown(run), ["named missing", "maybe known"]);
    run.see({ id: "other", sure: false }, waiting);
    run.update("other", { type: "missing" });
    assert.deepEqual(shown(run), ["named missing", "maybe known"]);
  });

  it("are one where two ids are of one log, and stay in the order in which they were seen", () => {
    const run = start();
    for (const id of ["one", "event", "two"]) run.see({ id, sure: true }, waiting);
    run.update("two", known("two"));
    run.update("one", known("one"));
    run.update("event", known("one"));
    assert.deepEqual(shown(run), ["one known", "two known"]);
    assert.ok(run.has({ id: "one" }));
    assert.deepEqual(
      run.known.map(({ state }) => state.log.id),
      ["one", "two"],
    );
  });

  it("are the newest ten thousand, however long a program runs", () => {
    const run = start();
    for (let i = 0; i <= 10_000; i++) run.see({ id: `call-${i}`, sure: true }, waiting);
    assert.deepEqual([run.calls.length, run.calls[0]?.id, run.calls.at(-1)?.id], [10_000, "call-1", "call-10000"]);
  });

  it("know the line that printed them", () => {
    const run = start();
    const line = { path: "/app/main.ts", line: 7 };
    assert.equal(run.see({ id: "a", sure: true }, waiting), true);
    assert.equal(run.see({ id: "a", sure: true }, waiting), false);
    assert.equal(run.see({ id: "a", sure: true }, waiting, line), true);
    assert.deepEqual(run.calls[0]?.printedAt, line);
    assert.equal(run.update("never seen", known("x")), false);
  });
});
