import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { SourceError } from "../../../src/source/errors.ts";
import type { Log } from "../../../src/source/log.ts";
import { previewOf } from "../../../src/deletion/core/preview.ts";
import { aLog, CANARY, GATEWAY } from "../../gateway.ts";
import { DAY, EVERYTHING, fitting, idsOf, startDeletions } from "./deletions.ts";

describe("a deletion", () => {
  let logs: Awaited<ReturnType<typeof startDeletions>>;

  beforeEach(async () => {
    logs = await startDeletions();
  });

  afterEach(() => logs.close());

  it("takes 2,500 logs by their ids in batches, each verified while the counts lag behind", async () => {
    logs.fill(2500);
    logs.gateway.store.insert([aLog({ id: "other", provider: "anthropic", createdAt: new Date(DAY) })]);
    const preview = await logs.look(fitting("provider:openai"));
    assert.deepEqual([preview.ids.length, preview.newest.id, preview.oldest.id], [2500, "log-2499", "log-0"]);
    assert.deepEqual(
      idsOf(preview.sample),
      Array.from({ length: 10 }, (_, index) => `log-${2499 - index}`),
    );
    logs.gateway.takeCalls();
    const { outcome, batches } = await logs.run(preview);
    assert.deepEqual(outcome, { end: "done", gone: 2500, absent: 0, left: [] });
    // The first DELETE takes one log: an API that ignores the filter costs no more.
    assert.deepEqual(
      logs.sent().map(({ limit }) => Number(limit)),
      [1, 49, ...Array.from({ length: 49 }, () => 50)],
    );
    assert.ok(logs.sent().every(({ filters = "" }) => filters.startsWith('[{"key":"id"')));
    assert.deepEqual(
      batches.map(({ length }) => length),
      logs.sent().map(({ limit }) => Number(limit)),
    );
    assert.deepEqual(logs.kept(), ["other"]);
    // The API itself still lists them.
    assert.notEqual((await logs.gateway.client.listLogs(GATEWAY, { perPage: 1 })).total, 1);
  });

  it("learns from one log that the filter is honored, also where the newest log would go without it", async () => {
    logs.fill(60);
    logs.gateway.store.insert([aLog({ id: "oldest", provider: "anthropic", createdAt: new Date(DAY - 60_000) })]);
    const { outcome } = await logs.run(await logs.look(fitting("provider:openai")));
    assert.deepEqual([outcome.end, outcome.gone], ["done", 60]);
    assert.deepEqual(
      logs.sent().map(({ limit }) => limit),
      ["1", "49", "10"],
    );
  });

  it("leaves what comes after the preview, though it fits", async () => {
    logs.fill(120);
    const preview = await logs.look(fitting("provider:openai"));
    logs.gateway.store.insert([aLog({ id: "new", createdAt: new Date(DAY + 3_600_000) })]);
    const { outcome } = await logs.run(preview);
    assert.equal(outcome.end, "done");
    assert.deepEqual(logs.kept(), ["new"]);
  });

  it("takes only what was seen, whatever comes or goes between the preview and the deletion", async () => {
    logs.fill(60);
    const preview = await logs.look(fitting("provider:openai"));
    logs.gateway.store.insert([
      aLog({ id: "late", createdAt: new Date(DAY + 5) }),
      aLog({ id: "older", createdAt: new Date(DAY - 5) }),
      // Shares its millisecond with the newest one.
      aLog({ id: "twin", createdAt: new Date(DAY + 59 * 20_000) }),
    ]);
    logs.gateway.store.remove(logs.gateway.store.select(GATEWAY, { ...EVERYTHING, direction: "desc" }, 3).slice(1));
    const { outcome } = await logs.run(preview);
    assert.deepEqual([outcome.end, outcome.gone + outcome.absent], ["done", 60]);
    assert.ok(outcome.absent > 0);
    assert.deepEqual(
      logs.kept().filter((id) => !["late", "older", "twin"].includes(id)),
      [],
    );
    assert.ok(logs.kept().includes("late") && logs.kept().includes("older"));
  });

  it("stops after one log when the API ignores the filter of a DELETE, and names it", async () => {
    const careless = logs.sourceWith((input, init) => {
      const isDelete = init?.method === "DELETE";
      return fetch(isDelete ? (input as string).replace(/filters=/, "filter=") : input, init);
    });
    for (const [provider, line, isShown] of [
      ["anthropic", "provider:openai", false],
      ["openai", "provider:openai", true],
    ] as const) {
      logs.fill(60);
      logs.gateway.store.insert([
        aLog({ id: "first", provider, createdAt: new Date(DAY - 60_000) }),
        aLog({ id: "last", provider: "anthropic", createdAt: new Date(DAY + 86_400_000) }),
      ]);
      const preview = await logs.look(fitting(line));
      const { outcome } = await logs.run(preview, careless, { pauses: [1, 1, 20] });
      assert.ok(outcome.end === "ignored");
      assert.deepEqual([outcome.instead.id, outcome.isPreviewed, outcome.gone], ["first", isShown, isShown ? 1 : 0]);
      assert.equal(logs.kept().length, 61);
      logs.gateway.store.remove(logs.gateway.store.select(GATEWAY, EVERYTHING, 100));
    }
    assert.equal(logs.sent().length, 2);
  });

  it("deletes nothing when the API ignores the filter", async () => {
    logs.fill(60, (index) => ({ provider: index % 2 ? "openai" : "anthropic" }));
    const careless = logs.sourceWith((input, init) => fetch((input as string).replace(/filters=/, "filter="), init));
    const preview = await logs.look(fitting("provider:openai"));
    const { outcome } = await logs.run(preview, careless);
    assert.ok(outcome.end === "failed" && outcome.error instanceof SourceError);
    assert.equal(outcome.error.reason, "filterIgnored");
    await assert.rejects(logs.look(fitting("provider:openai"), careless), { reason: "filterIgnored" });
    const chosen = { type: "chosen", gateway: GATEWAY, logIds: ["log-3"] } as const;
    await assert.rejects(logs.look(chosen, careless), { reason: "filterIgnored" });
    assert.deepEqual(logs.sent(), []);
  });

  it("stops before the next batch when it is canceled, and tells what is gone", async () => {
    logs.fill(1500);
    const preview = await logs.look(fitting("provider:openai"));
    const abort = new AbortController();
    const { outcome } = await logs.run(preview, undefined, { signal: abort.signal, onGone: () => abort.abort() });
    assert.deepEqual(outcome, { end: "canceled", gone: 1, absent: 0, left: [] });
    assert.deepEqual([logs.sent().length, logs.kept().length], [1, 1499]);
  });

  it("looks once more after a batch that is on its way when it is canceled", async () => {
    logs.fill(1500);
    const abort = new AbortController();
    const cancelled = logs.sourceWith(async (input, init) => {
      const answer = await fetch(input, init);
      if (init?.method === "DELETE") {
        await logs.gateway.settled();
        abort.abort();
      }
      return answer;
    });
    const preview = await logs.look(fitting("provider:openai"), cancelled);
    let told = 0;
    const onGone = (logs: readonly Log[]) => (told += logs.length);
    const { outcome } = await logs.run(preview, cancelled, { signal: abort.signal, onGone });
    assert.deepEqual([outcome, told], [{ end: "canceled", gone: 1, absent: 0, left: [] }, 1]);
    assert.deepEqual([logs.sent().length, logs.kept().length], [1, 1499]);
  });

  it("tells of a refusal, with nothing gone", async () => {
    logs.fill(3);
    const reader = logs.sourceWith(fetch, `${CANARY}reads`);
    const { outcome } = await logs.run(await logs.look(fitting("provider:openai"), reader), reader);
    assert.ok(outcome.end === "failed" && outcome.error instanceof SourceError);
    assert.deepEqual([outcome.error.reason, outcome.gone, outcome.left], ["forbidden", 0, []]);
    assert.equal(logs.kept().length, 3);
  });

  it("tells of a log that does not go, and takes no other batch", async () => {
    logs.fill(1100);
    const stubborn = logs.sourceWith(async (input, init) => {
      const answer = await fetch(input, init);
      if (init?.method === "DELETE") {
        await logs.gateway.settled();
        if (logs.kept().includes("log-7")) return answer;
        logs.gateway.store.insert([aLog({ id: "log-7", createdAt: new Date(DAY + 7 * 20_000) })]);
      }
      return answer;
    });
    const preview = await logs.look(fitting("provider:openai"), stubborn);
    const { outcome } = await logs.run(preview, stubborn, { pauses: [1, 1] });
    // The newest batches go first.
    assert.deepEqual([outcome.end, outcome.gone, idsOf(outcome.left)], ["stuck", 1099, ["log-7"]]);
    assert.equal(logs.sent().length, 23);
  });

  it("tells what it does not know when the connection is lost after a batch was asked for", async () => {
    logs.fill(5);
    const preview = await logs.look(fitting("provider:openai"));
    let isSent = false;
    const losing = logs.sourceWith(async (input, init) => {
      if (isSent) throw Object.assign(new Error("lost"), { code: "ECONNRESET" });
      isSent = init?.method === "DELETE";
      return fetch(input, init);
    });
    const { outcome } = await logs.run(preview, losing);
    assert.deepEqual([outcome.end, outcome.gone, outcome.left.length], ["failed", 0, 1]);
  });

  it("takes chosen logs by their ids, in short calls, and says which are not there any more", async () => {
    logs.fill(100);
    const [first, ...others] = Array.from({ length: 90 }, (_, index) => `log-${index}`);
    assert.ok(first);
    const preview = await logs.look({ type: "chosen", gateway: GATEWAY, logIds: [first, ...others, "gone"] });
    assert.deepEqual([preview.ids.length, preview.passedOver], [90, 1]);
    const { outcome } = await logs.run(preview);
    assert.deepEqual(outcome, { end: "done", gone: 90, absent: 0, left: [] });
    assert.deepEqual(
      logs.sent().map(({ limit }) => limit),
      ["1", "49", "40"],
    );
    assert.deepEqual(
      logs.kept(),
      Array.from({ length: 10 }, (_, index) => `log-${90 + index}`),
    );
    const nothing = { type: "chosen", gateway: GATEWAY, logIds: ["gone"] } as const;
    assert.equal(await previewOf(logs.gateway.source, nothing, { signal: new AbortController().signal }), undefined);
  });
});
