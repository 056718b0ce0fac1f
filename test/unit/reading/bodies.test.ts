import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { SourceError } from "../../../src/source/errors.ts";
import { Bodies } from "../../../src/reading/bodies.ts";
import { aLog, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";

describe("Bodies", () => {
  let gateway: TestGateway;
  let bodies: Bodies;
  const ref = (logId: string) => ({ ...GATEWAY, logId });

  beforeEach(async () => {
    gateway = await startTestGateway();
    bodies = new Bodies(() => Promise.resolve(gateway.source));
    gateway.store.insert([
      aLog({ id: "a", createdAt: new Date() }),
      aLog({ id: "bare", createdAt: new Date(), request: null }),
      ...Array.from({ length: 8 }, (_, index) =>
        aLog({
          id: `big-${index}`,
          createdAt: new Date(),
          response: "x".repeat(9_000_000),
          responseContentType: "text/plain",
        }),
      ),
    ]);
  });

  afterEach(() => gateway.close());

  it("asks once for a body", async () => {
    const first = await bodies.get(ref("a"), "request");
    assert.equal(await bodies.get(ref("a"), "request"), first);
    assert.equal(gateway.takeCalls().length, 1);
  });

  it("tells the two bodies of a log, and equal ids of two gateways, apart", async () => {
    bodies.keep(ref("a"), "response", { body: "kept" });
    assert.match(String((await bodies.get(ref("a"), "request"))?.body), /blue frame/);
    await assert.rejects(
      bodies.get({ ...ref("a"), collectionId: "other" }, "response").then((body) => assert.ok(body)),
    );
  });

  it("says that none is stored, and asks again later", async () => {
    assert.equal(await bodies.get(ref("bare"), "request"), undefined);
    gateway.store.storeBodies(GATEWAY, "bare", { request: "late" });
    assert.equal((await bodies.get(ref("bare"), "request"))?.body, "late");
  });

  it("does not keep more than it should", async () => {
    for (let index = 0; index < 8; index++) await bodies.get(ref(`big-${index}`), "response");
    gateway.takeCalls();
    await bodies.get(ref("big-7"), "response");
    assert.equal(gateway.takeCalls().length, 0);
    await bodies.get(ref("big-0"), "response");
    assert.equal(gateway.takeCalls().length, 1);
  });

  it("keeps nothing that was asked for before it was cleared", async () => {
    const asked = bodies.get(ref("a"), "request");
    bodies.clear();
    assert.ok(await asked);
    await bodies.get(ref("a"), "request");
    assert.equal(gateway.takeCalls().length, 2);
  });

  it("has nothing left after it was cleared, and nothing for an account that is signed out", async () => {
    await bodies.get(ref("a"), "request");
    bodies.clear();
    await bodies.get(ref("a"), "request");
    assert.equal(gateway.takeCalls().length, 2);
    const signedOut = new Bodies(() => Promise.resolve(undefined));
    await assert.rejects(
      signedOut.get(ref("a"), "request"),
      (error) => error instanceof SourceError && error.reason === "signedOut",
    );
  });
});
