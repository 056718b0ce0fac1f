import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { findLog } from "../../../src/logs/find.ts";
import { LogIds } from "../../../src/logs/log-ids.ts";
import type { CollectionRef } from "../../../src/source/log.ts";
import type { Query } from "../../../src/source/query.ts";
import { checkingRows, readDetail } from "../../../src/source/rows.ts";
import { collectionOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise, type VerifyWiseServer } from "../../verifywise-server.ts";
import { NAMES } from "../../../src/sources/cloudflare/names.ts";

const logIds = new LogIds(NAMES.logIds);

const START = Date.UTC(2026, 10, 1);

for (const build of ["early", 1, 2] as const)
  describe(`logs by their IDs: VerifyWise, ${build === "early" ? "early build" : `generation ${build}`}`, () => {
    let server: VerifyWiseServer;
    let ids: number[];
    beforeEach(async () => {
      server = await startVerifyWise(build === "early" ? 1 : build);
      server.isEarly = build === "early";
      ids = server.add(...Array.from({ length: 5000 }, (_, n) => ({ createdAt: new Date(START + n * 1000) })));
    });
    afterEach(() => server.close());

    const open = () => {
      const { baseUrl, token } = server;
      const source = checkingRows(verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch }));
      return { source, of: { sourceId: "vw", collectionId: collectionOf(baseUrl) } };
    };

    it("are found on any page, and opened without another call", async () => {
      const { source, of } = open();
      const list = (from: CollectionRef, query: Query, signal: AbortSignal) =>
        source.list(from, query, undefined, { signal });
      for (const id of [ids[0], ids[1234], ids[4000], ids[4999]].map(String)) {
        const before = server.calls.length;
        const search = await findLog([of], [{ logId: id }], list, new AbortController().signal);
        assert.deepEqual(search.type === "found" && search.logs.map((log) => log.id), [id]);
        assert.ok(server.calls.length - before <= 4, `${server.calls.length - before} calls`);
      }
      await assert.rejects(readDetail(source, { ...of, logId: "5001" }), { reason: "notFound" });
    });

    it("aren't there once they are purged, and that isn't said of one that is", async () => {
      const { source, of } = open();
      server.purge(new Date(START + 1_000_000));
      for (const id of [1, 500, 1000]) await assert.rejects(readDetail(source, { ...of, logId: String(id) }), /no log/);
      assert.equal((await readDetail(source, { ...of, logId: "1001" })).id, "1001");
      server.isUp = false;
      await assert.rejects(readDetail(source, { ...of, logId: "1001" }), { reason: "serverError" });
    });

    it("aren't asked for by other texts", async () => {
      const { source, of } = open();
      for (const text of ["0198c7a4-5d31-7c22-9c56-0242ac120002", "7f".repeat(32), "0", "-1", "1e3", ""]) {
        for (const key of ["id", "eventId"]) {
          const { logs } = await source.list(of, { conditions: [{ key, operator: "eq", value: [text] }] });
          assert.deepEqual(logs, []);
        }
        await assert.rejects(readDetail(source, { ...of, logId: text }), { reason: "notFound" });
      }
      assert.deepEqual(server.calls, []);
    });

    it("are read with the row that is shown, without a call", async () => {
      const { source, of } = open();
      server.add({ createdAt: new Date(START + 86_400_000), messages: [{ role: "user", content: "Hi" }] });
      const { logs: shown } = await source.list(of, {});
      const before = server.calls.length;
      const [newest] = shown;
      assert.ok(newest);
      const background = { priority: "background" } as const;
      assert.equal((await readDetail(source, { ...of, logId: newest.id }, background)).id, newest.id);
      assert.equal(server.calls.length, before);
    });
  });

describe("a number in a program's output", () => {
  it("is no ID that is looked for", () => {
    for (const text of ["12345678", "took 123456789 ms", "id: 1234567890", "served log 12345678", "user_id=12345678"])
      assert.deepEqual(logIds.locate(text), [], text);
  });
});
