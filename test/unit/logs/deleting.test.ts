import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { CloudflareClient } from "../../../src/cloudflare/client.ts";
import { CloudflareError } from "../../../src/cloudflare/errors.ts";
import { parseFilter } from "../../../src/cloudflare/filter-text.ts";
import type { Log } from "../../../src/cloudflare/schema.ts";
import type { LogQuery } from "../../../src/local/conditions.ts";
import type { NewLog } from "../../../src/local/store.ts";
import { calendarFor } from "../../../src/logs/days.ts";
import { deletableOf, type Deletable } from "../../../src/logs/deletable.ts";
import { deleteSubset } from "../../../src/logs/deleting.ts";
import { amongDeleted, previewOf, type DeletionPreview } from "../../../src/logs/deletionPreview.ts";
import { filterOfGroup } from "../../../src/logs/subset.ts";
import { aLog, CANARY, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";

/** @ts-expect-error All logs of a gateway cannot be written down as what is to be deleted. */
const ALL: Deletable = { type: "fitting", gateway: GATEWAY, filter: { conditions: [], here: [], words: [] } };

/** @ts-expect-error Nor can none. */
const NONE: Deletable = { type: "chosen", gateway: GATEWAY, logIds: [] };

const DAY = Date.UTC(2026, 10, 20);

/** Looks again at once, until the local gateway has done what it was asked for. */
const pauses = Array.from({ length: 2000 }, () => 1);

describe("deleting", () => {
  let gateway: TestGateway;

  beforeEach(async () => {
    gateway = await startTestGateway({
      deleteDelayMs: 1,
      keepTotalsMs: 600_000,
      tokens: [{ value: `${CANARY}reads`, kind: "user", permissions: ["ai-gateway:read"] }],
    });
  });

  afterEach(async () => {
    const filtered = sent().map(({ filters }) => JSON.parse(filters ?? "[]") as unknown[]);
    assert.ok(
      filtered.every(({ length }) => length > 0),
      "no DELETE without a condition",
    );
    await gateway.close();
  });

  /** What each DELETE asked for. */
  const sent = () =>
    gateway.calls
      .filter(({ method }) => method === "DELETE")
      .map(({ url }) => Object.fromEntries(new URLSearchParams(url.split("?")[1])));

  const fill = (count: number, fields: (index: number) => Partial<NewLog> = () => ({})) =>
    gateway.store.insert(
      Array.from({ length: count }, (_, index) =>
        aLog({ id: `log-${index}`, createdAt: new Date(DAY + index * 20_000), ...fields(index) }),
      ),
    );

  const everything: LogQuery = { conditions: [], orderBy: "created_at", direction: "asc" };
  const kept = () => gateway.store.list(GATEWAY, everything, 5000, 0).map(({ id }) => id);

  /** What a line of the query line means. */
  const fitting = (line: string): Deletable => {
    const filter = parseFilter(line, new Date(), "utc");
    assert.deepEqual(filter.problems, []);
    return deletableOf({ type: "fitting", gateway: GATEWAY, filter }) ?? assert.fail("a condition");
  };

  const clientWith = (fetch: typeof globalThis.fetch, token = gateway.token) =>
    new CloudflareClient({ baseUrl: gateway.baseUrl, token: () => Promise.resolve(token), fetch });

  async function look(deletable: Deletable, client = gateway.client): Promise<DeletionPreview> {
    const preview = await previewOf(client, deletable, { signal: new AbortController().signal });
    return preview ?? assert.fail("something fits");
  }

  /** Deletes what was previewed; gives how it ended and which logs were told to be gone, batch by batch. */
  async function run(preview: DeletionPreview, client = gateway.client, onGone?: (abort: AbortController) => void) {
    const batches: string[][] = [];
    const abort = new AbortController();
    const { signal } = abort;
    const outcome = await deleteSubset(client, preview, {
      signal,
      pauses,
      onGone: (logs) => {
        batches.push(logs.map(({ id }) => id));
        onGone?.(abort);
      },
    });
    return { outcome, batches };
  }

  const idsOf = (logs: readonly Log[]) => logs.map(({ id }) => id);

  it("takes 2,500 logs in three batches, each verified while the counts lag behind", async () => {
    fill(2500);
    gateway.store.insert([aLog({ id: "other", provider: "anthropic", createdAt: new Date(DAY) })]);
    const preview = await look(fitting("provider:openai"));
    assert.equal(gateway.takeCalls().length, 2);
    assert.deepEqual([preview.count, preview.newest.id, preview.oldest.id], [2500, "log-2499", "log-0"]);
    assert.deepEqual(
      idsOf(preview.sample),
      Array.from({ length: 10 }, (_, index) => `log-${2499 - index}`),
    );
    const { outcome, batches } = await run(preview);
    assert.deepEqual(outcome, { end: "done", gone: 2500, left: [] });
    assert.deepEqual(
      sent().map(({ limit }) => limit),
      ["1000", "1000", "500"],
    );
    assert.deepEqual(
      batches.map(({ length }) => length),
      [1000, 1000, 500],
    );
    assert.deepEqual(kept(), ["other"]);
    // The API itself still says that they are there.
    assert.notEqual((await gateway.client.listLogs(GATEWAY, { perPage: 1 })).total, 1);
  });

  it("leaves what comes after the preview, though it fits", async () => {
    fill(120);
    const preview = await look(fitting("provider:openai"));
    gateway.store.insert([aLog({ id: "new", createdAt: new Date(DAY + 3_600_000) })]);
    const { outcome } = await run(preview);
    assert.equal(outcome.end, "done");
    assert.deepEqual(kept(), ["new"]);
  });

  it("stops when something comes with an older time, or goes, between the preview and the deletion", async () => {
    for (const change of [
      () => gateway.store.insert([aLog({ id: "late", createdAt: new Date(DAY + 5) })]),
      () => gateway.store.insert([aLog({ id: "older", createdAt: new Date(DAY - 5) })]),
      () => gateway.store.remove(gateway.store.select(GATEWAY, everything, 1)),
    ]) {
      fill(60);
      const preview = await look(fitting("provider:openai"));
      change();
      const before = kept();
      const { outcome } = await run(preview);
      assert.ok(outcome.end === "failed" && outcome.error instanceof CloudflareError);
      assert.deepEqual([outcome.error.reason, outcome.gone, outcome.left], ["changed", 0, []]);
      assert.deepEqual(kept(), before);
      gateway.store.remove(gateway.store.select(GATEWAY, everything, 100));
    }
    assert.deepEqual(sent(), []);
  });

  it("deletes nothing when the API ignores the filter", async () => {
    fill(60, (index) => ({ provider: index % 2 ? "openai" : "anthropic" }));
    const careless = clientWith((input, init) => fetch((input as string).replace(/filters=/, "filter="), init));
    const preview = await look(fitting("provider:openai"));
    const { outcome } = await run(preview, careless);
    assert.ok(outcome.end === "failed" && outcome.error instanceof CloudflareError);
    assert.equal(outcome.error.reason, "filterIgnored");
    await assert.rejects(look(fitting("provider:openai"), careless), { reason: "filterIgnored" });
    const chosen = { type: "chosen", gateway: GATEWAY, logIds: ["log-3"] } as const;
    await assert.rejects(look(chosen, careless), { reason: "filterIgnored" });
    assert.deepEqual(sent(), []);
  });

  it("stops before the next batch when it is cancelled, and tells what is gone", async () => {
    fill(1500);
    const preview = await look(fitting("provider:openai"));
    const { outcome } = await run(preview, gateway.client, (abort) => abort.abort());
    assert.deepEqual(outcome, { end: "cancelled", gone: 1000, left: [] });
    assert.deepEqual([sent().length, kept().length], [1, 500]);
  });

  it("looks once more after a batch that is on its way when it is cancelled", async () => {
    fill(1500);
    const abort = new AbortController();
    const cancelled = clientWith(async (input, init) => {
      const answer = await fetch(input, init);
      if (init?.method === "DELETE") {
        await gateway.settled();
        abort.abort();
      }
      return answer;
    });
    const preview = await look(fitting("provider:openai"), cancelled);
    let told = 0;
    const onGone = (logs: readonly Log[]) => (told += logs.length);
    const outcome = await deleteSubset(cancelled, preview, { signal: abort.signal, pauses, onGone });
    assert.deepEqual([outcome, told], [{ end: "cancelled", gone: 1000, left: [] }, 1000]);
    assert.deepEqual([sent().length, kept().length], [1, 500]);
  });

  it("tells of a refusal, with nothing gone", async () => {
    fill(3);
    const reader = clientWith(fetch, `${CANARY}reads`);
    const { outcome } = await run(await look(fitting("provider:openai"), reader), reader);
    assert.ok(outcome.end === "failed" && outcome.error instanceof CloudflareError);
    assert.deepEqual([outcome.error.reason, outcome.gone, outcome.left], ["forbidden", 0, []]);
    assert.equal(kept().length, 3);
  });

  it("tells of a log that does not go, and takes no other batch", async () => {
    fill(1100);
    const stubborn = clientWith(async (input, init) => {
      const answer = await fetch(input, init);
      if (init?.method === "DELETE") {
        await gateway.settled();
        gateway.store.insert([aLog({ id: "log-7", createdAt: new Date(DAY + 7 * 20_000) })]);
      }
      return answer;
    });
    const preview = await look(fitting("provider:openai"), stubborn);
    const { signal } = new AbortController();
    const outcome = await deleteSubset(stubborn, preview, { signal, pauses: [1, 1], onGone: () => undefined });
    assert.deepEqual([outcome.end, outcome.gone, idsOf(outcome.left)], ["stuck", 999, ["log-7"]]);
    assert.equal(sent().length, 1);
  });

  it("tells what it does not know when the connection is lost after a batch was asked for", async () => {
    fill(5);
    const preview = await look(fitting("provider:openai"));
    let isSent = false;
    const losing = clientWith(async (input, init) => {
      if (isSent) throw Object.assign(new Error("lost"), { code: "ECONNRESET" });
      isSent = init?.method === "DELETE";
      return fetch(input, init);
    });
    const { outcome } = await run(preview, losing);
    assert.deepEqual([outcome.end, outcome.gone, outcome.left.length], ["failed", 0, 5]);
  });

  it("takes chosen logs by their ids, in short calls, and says which are not there any more", async () => {
    fill(100);
    const [first, ...others] = Array.from({ length: 90 }, (_, index) => `log-${index}`);
    assert.ok(first);
    const preview = await look({ type: "chosen", gateway: GATEWAY, logIds: [first, ...others, "gone"] });
    assert.deepEqual([preview.by.type, preview.count, preview.passedOver], ["ids", 90, 1]);
    const { outcome } = await run(preview);
    assert.deepEqual(outcome, { end: "done", gone: 90, left: [] });
    assert.deepEqual(
      sent().map(({ limit }) => limit),
      ["40", "40", "10"],
    );
    assert.deepEqual(
      kept(),
      Array.from({ length: 10 }, (_, index) => `log-${90 + index}`),
    );
    const nothing = { type: "chosen", gateway: GATEWAY, logIds: ["gone"] } as const;
    assert.equal(await previewOf(gateway.client, nothing, { signal: new AbortController().signal }), undefined);
  });

  it("takes what only rows tell by ids that were checked", async () => {
    fill(130, (index) => ({ statusCode: index % 3 ? 200 : 429, path: index % 2 ? "embeddings" : "chat/completions" }));
    const preview = await look(fitting("status:429 path:embeddings provider:openai"));
    assert.deepEqual([preview.by.type, preview.count], ["ids", 22]);
    await run(preview);
    assert.equal(kept().length, 108);
    assert.ok(sent().every(({ filters = "" }) => filters.startsWith('[{"key":"id"')));
  });

  it("takes what a search found only where the row shows it: a search may be ignored", async () => {
    fill(60, (index) => ({ metadata: index % 4 ? {} : { topic: "Blue frames" } }));
    const preview = await look(fitting("blue"));
    assert.deepEqual([preview.by.type, preview.count, preview.passedOver], ["ids", 15, 0]);
    const careless = clientWith((input, init) => fetch((input as string).replace(/search=/, "find="), init));
    const doubtful = await look(fitting("blue"), careless);
    assert.deepEqual([doubtful.count, doubtful.passedOver], [15, 45]);
    await run(doubtful);
    assert.equal(kept().length, 45);
    const none = previewOf(careless, fitting("nowhere"), { signal: new AbortController().signal });
    assert.equal(await none, undefined);
  });

  it("takes a tag by ids: the API does not pair the key with the value", async () => {
    fill(50, (index) => ({ metadata: index % 2 ? { user: "42", env: "7" } : { user: "7", env: "42" } }));
    const preview = await look(fitting("meta.user:42"));
    assert.deepEqual([preview.by.type, preview.count], ["ids", 25]);
    await run(preview);
    assert.equal(kept().length, 25);
  });

  it("takes a day, and not the log of the second before it that the API finds too", async () => {
    fill(70);
    gateway.store.insert([
      aLog({ id: "before", createdAt: new Date(DAY - 400) }),
      aLog({ id: "after", createdAt: new Date(DAY + 86_400_000) }),
    ]);
    const empty = { conditions: [], search: "", here: [] };
    const filter = filterOfGroup(empty, "day", "2026-11-20", calendarFor("utc"));
    const deletable = deletableOf({ type: "fitting", gateway: GATEWAY, filter });
    assert.ok(deletable);
    const preview = await look(deletable);
    assert.deepEqual([preview.by.type, preview.count], ["ids", 70]);
    assert.equal((await run(preview)).outcome.end, "done");
    assert.deepEqual(kept(), ["before", "after"]);
  });

  it("leaves what does not show that it fits", async () => {
    fill(3);
    // No row says whether it was made in compatibility mode.
    const options = { signal: new AbortController().signal };
    const careless = clientWith((input, init) => fetch((input as string).replace(/filters=/, "filter="), init));
    assert.equal(await previewOf(careless, fitting("compatibilityMode"), options), undefined);
  });

  it("cannot be asked for all logs of a gateway", () => {
    assert.deepEqual([ALL.type, NONE.type], ["fitting", "chosen"]);
    for (const line of ["", '""']) {
      const filter = parseFilter(line, new Date());
      assert.equal(deletableOf({ type: "fitting", gateway: GATEWAY, filter }), undefined);
    }
  });

  it("knows a row that is among those that go", async () => {
    fill(5);
    const { logs } = await gateway.client.listLogs(GATEWAY, {});
    const [newest] = logs;
    assert.ok(newest);
    const byFilter = amongDeleted(await look(fitting("provider:openai")));
    const byIds = amongDeleted(await look({ type: "chosen", gateway: GATEWAY, logIds: ["log-1"] }));
    assert.ok(logs.every(byFilter));
    assert.deepEqual(idsOf(logs.filter(byIds)), ["log-1"]);
    assert.ok(!byFilter({ ...newest, createdAt: new Date(newest.createdAt.getTime() + 5000) }));
  });
});
