// Which recordings are kept: by age and size, the oldest go first, of whichever workspace.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it, type TestContext } from "node:test";
import { openRecordings, pruneRecordings, RECORDINGS_ACCOUNT_ID } from "../../../src/local/recordings.ts";
import { aLog } from "../../gateway.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-12-03T12:00:00Z");
const MB = 1_000_000;

/** A database with a call for each age in days, in two workspaces by turns; each has 100 KB that are like no others. */
function recorded(t: TestContext, ages: readonly number[]) {
  const store = openRecordings(":memory:", new Date(NOW));
  t.after(() => store.close());
  const gateways = ["api", "shop"].map((collectionId) => ({ sourceId: RECORDINGS_ACCOUNT_ID, collectionId }));
  for (const { sourceId, collectionId } of gateways)
    store.addGateway({ sourceId, id: collectionId, createdAt: new Date(NOW) });
  store.insert(
    ages.map((age, index) => ({
      ...aLog({ id: `age-${age}`, createdAt: new Date(NOW - age * DAY), response: randomBytes(100_000) }),
      ...(gateways[index % 2] ?? gateways[0]),
    })),
  );
  const left = () =>
    gateways
      .flatMap((of) => store.list(of, { conditions: [], orderBy: "created_at", direction: "asc" }, 1000, 0))
      .map(({ id }) => Number(id.slice("age-".length)))
      .toSorted((a, b) => a - b);
  return { store, left };
}

describe("recordings", () => {
  const ages = Array.from({ length: 60 }, (_, index) => index);

  it("are kept for some days", async (t) => {
    const { store, left } = recorded(t, ages);
    const deleted = await pruneRecordings(store, { since: new Date(NOW - 30.5 * DAY), mostBytes: 1000 * MB });
    assert.deepEqual(left(), ages.slice(0, 31));
    assert.equal(deleted, 29);
  });

  it("are kept up to a size, the newest ones", async (t) => {
    const { store, left } = recorded(t, ages);
    await pruneRecordings(store, { since: new Date(0), mostBytes: 3 * MB });
    assert.ok(store.usedBytes() <= 3 * MB);
    const kept = left();
    assert.ok(kept.length > 0 && kept.length < 30);
    // A batch is of one workspace, so the other one's may be a batch behind.
    assert.ok(Math.max(...kept) < kept.length + 40);
    assert.ok(kept.includes(0));
  });

  it("all stay if they are new and small enough, and none is needed", async (t) => {
    const { store, left } = recorded(t, ages);
    assert.equal(await pruneRecordings(store, { since: new Date(0), mostBytes: 1000 * MB }), 0);
    assert.equal(left().length, 60);
    assert.equal(await pruneRecordings(store, { since: new Date(NOW + DAY), mostBytes: 0 }), 60);
    assert.deepEqual(left(), []);
  });
});
