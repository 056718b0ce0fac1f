import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Condition } from "../../../src/source/conditions.ts";
import { cloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { Listing } from "../../../src/logs/listing.ts";
import { UnratedLogs } from "../../../src/logs/unrated.ts";
import { verdictOf } from "../../../src/logs/verdict.ts";
import { ACCOUNT, aLog, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";

const NEWEST = Date.parse("2026-11-20T12:00:00Z");
const { signal } = new AbortController();

describe("the unrated logs of a list", () => {
  let gateway: TestGateway;
  const idOf = (index: number) => `log-${String(index).padStart(3, "0")}`;

  before(async () => {
    gateway = await startTestGateway();
    gateway.store.insert(
      Array.from({ length: 120 }, (_, index) =>
        aLog({
          id: idOf(index),
          createdAt: new Date(NEWEST - index * 1000),
          ...(index % 3 === 0 && { feedback: 1 }),
        }),
      ),
    );
  });

  after(() => gateway.close());

  function unrated(conditions: Condition[] = [], isWanted: (id: string) => boolean = () => true) {
    const query = { conditions, search: "", order: "newest", size: 50 } as const;
    const source = cloudflareSource(gateway.client, ACCOUNT, { now: () => new Date(NEWEST + 1000) });
    const listing = new Listing(source, GATEWAY, query);
    gateway.takeCalls();
    return new UnratedLogs(listing, (log) => verdictOf(log) === undefined && isWanted(log.id));
  }

  const expected = Array.from({ length: 120 }, (_, index) => idOf(index)).filter((_, index) => index % 3 !== 0);

  async function rest(logs: UnratedLogs): Promise<string[]> {
    const ids: string[] = [];
    for (let log = await logs.next(signal); log; log = await logs.next(signal)) ids.push(log.id);
    return ids;
  }

  it("come one after the other, a page only when it is needed", async () => {
    const logs = unrated();
    assert.equal((await logs.next(signal))?.id, idOf(1));
    assert.equal(gateway.takeCalls().length, 1);
    // 33 of the 50 that are read, and 70 that are not.
    assert.deepEqual(logs.left, { count: 32 + 70, isMost: true });
    assert.deepEqual([idOf(1), ...(await rest(logs))], expected);
    assert.equal(gateway.takeCalls().length, 2);
    assert.deepEqual(logs.left, { count: 0, isMost: false });
    assert.equal(await logs.next(signal), undefined);
  });

  it("come again when they are put back, and not when they were rated meanwhile", async () => {
    const done = new Set<string>();
    const logs = unrated([], (id) => !done.has(id));
    const [first, second] = [await logs.next(signal), await logs.next(signal)];
    assert.ok(first && second);
    logs.putBack(second);
    logs.putBack(first);
    assert.deepEqual([(await logs.next(signal))?.id, (await logs.next(signal))?.id], [first.id, second.id]);
    for (const id of expected.slice(2, -1)) done.add(id);
    assert.deepEqual(await rest(logs), expected.slice(-1));
  });

  it("are all found when those that are rated leave the list", async () => {
    const logs = unrated([{ key: "feedback", operator: "eq", value: [null] }]);
    const ids: string[] = [];
    for (let log = await logs.next(signal); log; log = await logs.next(signal)) {
      ids.push(log.id);
      await gateway.client.patchLog({ ...GATEWAY, logId: log.id }, { feedback: -1 });
    }
    assert.deepEqual(ids, expected);
    for (const id of ids) gateway.store.patch(GATEWAY, id, { feedback: null });
  });

  it("go on after a page could not be read", async () => {
    const logs = unrated();
    for (let count = 0; count < 33; count++) await logs.next(signal);
    await gateway.goAway();
    await assert.rejects(logs.next(signal), { reason: "offline" });
    await gateway.comeBack();
    assert.deepEqual(await rest(logs), expected.slice(33));
  });
});
