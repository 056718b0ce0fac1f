import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { isSome } from "../../../src/deletion/core/request.ts";
import { previewOf } from "../../../src/deletion/core/preview.ts";
import { GATEWAY } from "../../gateway.ts";
import { fitting, simulatedBudget, startDeletions } from "./deletions.ts";

describe("a deletion within the call limit", () => {
  let logs: Awaited<ReturnType<typeof startDeletions>>;

  beforeEach(async () => {
    logs = await startDeletions();
  });

  afterEach(() => logs.close());

  it("waits where the limit is reached, tells until when, and goes on", async () => {
    logs.fill(300);
    const budget = simulatedBudget(10);
    const limited = logs.limitedSource(budget.options);
    const { signal } = new AbortController();
    const preview = await previewOf(limited, fitting("provider:openai"), { signal, onWait: budget.onWait });
    assert.ok(preview);
    const { outcome } = await logs.run(preview, limited, { onWait: budget.onWait });
    assert.deepEqual(outcome, { end: "done", gone: 300, absent: 0, left: [] });
    // Some 30 calls, ten in five minutes.
    assert.ok(budget.waits >= 2 && budget.minutes >= 10);
  });

  it("waits while the selected logs are read for its preview, too", async () => {
    logs.fill(200);
    const budget = simulatedBudget(2);
    const { signal } = new AbortController();
    const [first = "", ...others] = Array.from({ length: 200 }, (_, index) => `log-${index}`);
    const selected = { type: "chosen", gateway: GATEWAY, logIds: [first, ...others] } as const;
    const options = { signal, onWait: budget.onWait };
    const preview = await previewOf(logs.limitedSource(budget.options), selected, options);
    assert.deepEqual([preview?.ids.length, budget.waits], [200, 1]);
  });

  it("is canceled while it waits for the call limit", async () => {
    logs.fill(300);
    const limited = logs.limitedSource({ limit: 12, windowMs: 600_000 });
    const preview = await logs.look(fitting("provider:openai"));
    const abort = new AbortController();
    const onWait = () => abort.abort();
    const { outcome } = await logs.run(preview, limited, { signal: abort.signal, onWait });
    assert.equal(outcome.end, "canceled");
    assert.equal(logs.kept().length, 300 - outcome.gone - outcome.left.length);
  });

  it("tells how far it is, so that it can be continued from there", async () => {
    logs.fill(200);
    const preview = await logs.look(fitting("provider:openai"));
    const abort = new AbortController();
    const places: number[] = [];
    const onProgress = ({ handled }: { handled: number }) => {
      places.push(handled);
      if (handled === 100) abort.abort();
    };
    const { outcome } = await logs.run(preview, undefined, { signal: abort.signal, onProgress });
    assert.deepEqual([outcome.end, places], ["canceled", [50, 100]]);
    const rest = preview.ids.slice(100);
    assert.deepEqual(logs.kept().toSorted(), rest.toSorted());
    assert.ok(isSome(rest));
    assert.equal((await logs.run({ ...preview, ids: rest })).outcome.end, "done");
    assert.deepEqual(logs.kept(), []);
  });
});
