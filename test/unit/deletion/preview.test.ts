import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { parseFilter } from "../../../src/query/query-line.ts";
import { requestOf, type DeletionRequest } from "../../../src/deletion/core/request.ts";
import { isPreviewed, previewOf } from "../../../src/deletion/core/preview.ts";
import { calendarFor } from "../../../src/logs/days.ts";
import { filterOfGroup } from "../../../src/logs/subset.ts";
import { aLog, GATEWAY } from "../../gateway.ts";
import { DAY, fitting, idsOf, startDeletions } from "./deletions.ts";

const NO_FILTER = { conditions: [] as [], clientSide: [] as [], words: [] as [] };
/** @ts-expect-error A deletion of all logs of a gateway can't be expressed. */
const ALL: DeletionRequest = { type: "fitting", gateway: GATEWAY, filter: NO_FILTER };

/** @ts-expect-error Nor can none. */
const NONE: DeletionRequest = { type: "chosen", gateway: GATEWAY, logIds: [] };

describe("a preview of a deletion", () => {
  let logs: Awaited<ReturnType<typeof startDeletions>>;

  beforeEach(async () => {
    logs = await startDeletions();
  });

  afterEach(() => logs.close());

  it("takes what only rows tell by ids that were checked", async () => {
    logs.fill(130, (index) => ({
      statusCode: index % 3 ? 200 : 429,
      path: index % 2 ? "embeddings" : "chat/completions",
    }));
    const preview = await logs.look(fitting("status:429 path:embeddings provider:openai"));
    assert.equal(preview.ids.length, 22);
    await logs.run(preview);
    assert.equal(logs.kept().length, 108);
    assert.ok(logs.sent().every(({ filters = "" }) => filters.startsWith('[{"key":"id"')));
  });

  it("takes what a search found only where the row shows it: a search may be ignored", async () => {
    logs.fill(60, (index) => ({ metadata: index % 4 ? {} : { topic: "Blue frames" } }));
    const preview = await logs.look(fitting("blue"));
    assert.deepEqual([preview.ids.length, preview.passedOver], [15, 0]);
    const careless = logs.sourceWith((input, init) => fetch((input as string).replace(/search=/, "find="), init));
    const doubtful = await logs.look(fitting("blue"), careless);
    assert.deepEqual([doubtful.ids.length, doubtful.passedOver], [15, 45]);
    await logs.run(doubtful);
    assert.equal(logs.kept().length, 45);
    const none = previewOf(careless, fitting("nowhere"), { signal: new AbortController().signal });
    assert.equal(await none, undefined);
  });

  it("takes a tag by ids: the API does not pair the key with the value", async () => {
    logs.fill(50, (index) => ({ metadata: index % 2 ? { user: "42", env: "7" } : { user: "7", env: "42" } }));
    const preview = await logs.look(fitting("meta.user:42"));
    assert.equal(preview.ids.length, 25);
    await logs.run(preview);
    assert.equal(logs.kept().length, 25);
  });

  it("takes a day, and not the log of the second before it that the API finds too", async () => {
    logs.fill(70);
    logs.gateway.store.insert([
      aLog({ id: "before", createdAt: new Date(DAY - 400) }),
      aLog({ id: "after", createdAt: new Date(DAY + 86_400_000) }),
    ]);
    const empty = { conditions: [], search: "", clientSide: [] };
    const filter = filterOfGroup(empty, "day", "2026-11-20", calendarFor("utc"));
    const request = requestOf({ type: "fitting", gateway: GATEWAY, filter });
    assert.ok(request);
    const preview = await logs.look(request);
    assert.equal(preview.ids.length, 70);
    assert.equal((await logs.run(preview)).outcome.end, "done");
    assert.deepEqual(logs.kept(), ["before", "after"]);
  });

  it("leaves what does not show that it fits", async () => {
    logs.fill(3);
    // Rows don't show compatibility mode.
    const options = { signal: new AbortController().signal };
    const careless = logs.sourceWith((input, init) => fetch((input as string).replace(/filters=/, "filter="), init));
    assert.equal(await previewOf(careless, fitting("compatibilityMode"), options), undefined);
  });

  it("cannot be asked for all logs of a gateway", () => {
    assert.deepEqual([ALL.type, NONE.type], ["fitting", "chosen"]);
    for (const line of ["", '""']) {
      const filter = parseFilter(line, new Date());
      assert.equal(requestOf({ type: "fitting", gateway: GATEWAY, filter }), undefined);
    }
  });

  it("knows a row that is among those that go", async () => {
    logs.fill(5);
    const page = await logs.gateway.client.listLogs(GATEWAY, {});
    const isShown = isPreviewed(await logs.look({ type: "chosen", gateway: GATEWAY, logIds: ["log-1"] }));
    assert.deepEqual(idsOf(page.logs.filter(isShown)), ["log-1"]);
  });
});
