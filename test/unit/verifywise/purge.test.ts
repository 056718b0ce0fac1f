import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import { createTransport } from "../../../src/http/transport.ts";
import { SourceError } from "../../../src/source/errors.ts";
import { capabilitiesOf } from "../../../src/source/capabilities.ts";
import type { Purged } from "../../../src/source/source.ts";
import { collectionOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise, type VerifyWiseServer } from "../../verifywise-server.ts";

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

const CALL = "/api/ai-gateway/spend/logs/purge";

describe("purging VerifyWise's old logs", () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function start(generation: 1 | 2): Promise<VerifyWiseServer> {
    const server = await startVerifyWise(generation);
    closing.push(() => server.close());
    return server;
  }

  /** Purges as the extension does, over its own connections. */
  function purge(baseUrl: string, given: { token?: string; collectionId?: string; signal?: AbortSignal } = {}) {
    const { token = "tok_CANARY_verifywise", collectionId = collectionOf(baseUrl), signal } = given;
    const transport = createTransport();
    closing.unshift(() => transport.close());
    const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch: transport.fetch });
    assert.ok(capabilitiesOf(source).includes("canPurge") && source.purge);
    return source.purge({ sourceId: "vw", collectionId }, signal ? { signal } : {});
  }

  const left = (server: VerifyWiseServer) => server.ids("1 = 1", []);

  for (const generation of [1, 2] as const) {
    it(`tells what is gone, and the days if the server does: generation ${generation}`, async () => {
      const server = await start(generation);
      server.purging.retentionDays = 30;
      server.add({ createdAt: daysAgo(31) }, { createdAt: daysAgo(29) }, { createdAt: daysAgo(400) });
      const days = generation === 2 ? { retentionDays: 30 } : {};
      assert.deepEqual(await purge(server.baseUrl), { deleted: 2, ...days, hasMore: false });
      assert.deepEqual(left(server), ["2"]);
      assert.deepEqual(await purge(server.baseUrl), { deleted: 0, ...days, hasMore: false });
      assert.deepEqual(server.calls, [CALL, CALL], "one call each, and nothing else");
    });

    it(`knows the limit on a call: generation ${generation}`, async () => {
      const server = await start(generation);
      server.add(...Array.from({ length: 50_001 }, () => ({ createdAt: daysAgo(91) })));
      const { deleted, hasMore } = await purge(server.baseUrl);
      assert.deepEqual([deleted, hasMore], [50_000, true]);
      const rest = await purge(server.baseUrl);
      assert.deepEqual([rest.deleted, rest.hasMore], [1, false]);
    });

    it(`is refused by one call that isn't repeated: generation ${generation}`, async () => {
      const refusals: [prepare: (server: VerifyWiseServer) => void, reason: string, status: number][] = [
        [(server) => (server.purging.role = "Editor"), "forbidden", 403],
        [(server) => (server.isUp = false), "serverError", 502],
        [(server) => server.refused.set(server.token, "revoked"), "unauthorized", 401],
        [(server) => (server.callsLeft = 0), "rateLimited", 429],
        [(server) => (server.answer = { status: 404, body: "<pre>Cannot POST</pre>" }), "badAnswer", 404],
        [(server) => (server.answer = { status: 503, body: "" }), "serverError", 503],
      ];
      for (const [prepare, reason, status] of refusals) {
        const server = await start(generation);
        server.add({ createdAt: daysAgo(91) });
        prepare(server);
        await assert.rejects(purge(server.baseUrl), { reason, status, method: "POST", service: "VerifyWise" });
        assert.deepEqual([server.calls, left(server)], [[CALL], ["1"]], reason);
      }
    });
  }

  it("counts full batches of the second generation, whatever its limit is", async () => {
    const server = await start(2);
    server.purging.batches = 2;
    server.add(...Array.from({ length: 3000 }, () => ({ createdAt: daysAgo(91) })));
    const more: Purged[] = [await purge(server.baseUrl), await purge(server.baseUrl)];
    assert.deepEqual(
      more.map(({ deleted, hasMore }) => [deleted, hasMore]),
      [
        [2000, true],
        [1000, false],
      ],
    );
  });

  it("fails in builds of the second generation that can't, with a text that is no JSON", async () => {
    const server = await start(2);
    server.purging.isBroken = true;
    server.add({ createdAt: daysAgo(91) });
    await assert.rejects(purge(server.baseUrl), { reason: "serverError", status: 500 });
    assert.deepEqual([server.calls, left(server)], [[CALL], ["1"]]);
  });

  it("takes no answer for a number that isn't one", async () => {
    const server = await start(1);
    const odd = [{}, { data: [] }, { data: { deleted_count: "2" } }, { deleted: -1 }, { deleted: 1.5 }, null];
    for (const body of odd) {
      server.answer = { status: 200, body, type: "application/json" };
      const failure: unknown = await purge(server.baseUrl).catch((error: unknown) => error);
      assert.ok(failure instanceof SourceError, JSON.stringify(body));
      assert.deepEqual([failure.reason, failure.status], ["badAnswer", undefined]);
    }
    server.answer = { status: 200, body: { deleted: 3, retention_days: "soon", batches: null } };
    assert.deepEqual(await purge(server.baseUrl), { deleted: 3, hasMore: false });
  });

  it("sends nothing without a token, for another collection, or once canceled", async () => {
    const server = await start(2);
    await assert.rejects(purge(server.baseUrl, { token: "" }), { reason: "unauthorized" });
    await assert.rejects(purge(server.baseUrl, { collectionId: "other" }), { reason: "notFound" });
    await assert.rejects(purge(server.baseUrl, { signal: AbortSignal.abort() }), { reason: "aborted" });
    assert.deepEqual(server.calls, []);
  });

  it("is canceled while the server deletes, and sent once when the connection breaks", async () => {
    const leaving = new AbortController();
    let calls = 0;
    const server = createServer(({ socket }) => {
      if (calls++ === 0) leaving.abort();
      else socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await assert.rejects(purge(baseUrl, { signal: leaving.signal }), { reason: "aborted" });
    await assert.rejects(purge(baseUrl), { reason: "offline", status: undefined });
    assert.equal(calls, 2);
  });
});
