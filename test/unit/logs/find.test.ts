import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import type { CollectionRef } from "../../../src/source/log.ts";
import { findLog, type List } from "../../../src/logs/find.ts";
import { startFaultyServer } from "../../faults.ts";
import { ACCOUNT, aLog, startTestGateway, type TestGateway } from "../../gateway.ts";

const OTHER = "fedcba9876543210fedcba9876543210";
const refs = ["production", "staging", "eu"].map((collectionId) => ({ sourceId: ACCOUNT, collectionId }));
const [production, staging, eu] = refs as [CollectionRef, CollectionRef, CollectionRef];
const never = new AbortController().signal;
const time = new Date("2026-11-19T12:00:00Z");

describe("a log is found", () => {
  let gateway: TestGateway;
  let list: List;

  beforeEach(async () => {
    gateway = await startTestGateway();
    gateway.store.addAccount({ id: OTHER, name: "Other", createdOn: time });
    for (const ref of [staging, eu, { sourceId: OTHER, collectionId: "staging" }])
      gateway.store.addGateway({ sourceId: ref.sourceId, id: ref.collectionId, createdAt: time });
    list = (ref, query, signal) => gateway.source.list(ref, query, undefined, { signal });
    gateway.store.insert([
      aLog({ createdAt: time, id: "in-production" }),
      aLog({ createdAt: time, id: "in-staging", collectionId: "staging" }),
      aLog({ createdAt: new Date(+time + 5000), id: "third", collectionId: "eu", eventId: "chain", step: 2 }),
      aLog({ createdAt: new Date(+time + 1000), id: "first", collectionId: "eu", eventId: "chain", step: 0 }),
      aLog({ createdAt: new Date(+time + 3000), id: "second", collectionId: "eu", eventId: "chain", step: 1 }),
      aLog({ createdAt: time, id: "both", eventId: "both", step: 0 }),
      aLog({ createdAt: time, id: "both-2", eventId: "both", step: 1 }),
    ]);
  });

  afterEach(() => gateway.close());

  const find = async (logId: string, place: Partial<CollectionRef> = {}, gateways = refs) => {
    const search = await findLog(gateways, [{ logId, ...place }], list, never);
    return search.type === "found" ? [search.gateway.collectionId, ...search.logs.map(({ id }) => id)] : search;
  };

  it("by its id, in whichever gateway has it", async () => {
    assert.deepEqual(await find("in-production"), ["production", "in-production"]);
    assert.deepEqual(await find("in-staging"), ["staging", "in-staging"]);
  });

  it("by the id of its event, with all its steps in their order", async () => {
    assert.deepEqual(await find("chain"), ["eu", "first", "second", "third"]);
  });

  it("as itself, where its event has the same id", async () => {
    assert.deepEqual(await find("both"), ["production", "both"]);
  });

  it("and no other is taken for it where the API does not look at what it was asked for", async () => {
    list = (ref, query, signal) => gateway.source.list(ref, { ...query, conditions: [] }, undefined, { signal });
    assert.deepEqual(await find("nowhere"), { type: "none", lookedIn: refs, failed: [] });
    assert.deepEqual(await find("in-staging"), ["staging", "in-staging"]);
  });

  it("with one call where the gateway is named, and that gateway has it", async () => {
    gateway.takeCalls();
    assert.deepEqual(await find("in-staging", { collectionId: "staging" }), ["staging", "in-staging"]);
    const [call = "", ...rest] = gateway.takeCalls();
    assert.deepEqual(rest, []);
    const filters = new URL(call, "http://local").searchParams.get("filters");
    assert.match(call, /\/gateways\/staging\/logs\?/);
    assert.equal(filters, '[{"key":"id","operator":"eq","value":["in-staging"]}]');
  });

  it("in the account that is named, where two gateways have one name", async () => {
    gateway.store.insert([aLog({ createdAt: time, id: "twice", sourceId: OTHER, collectionId: "staging" })]);
    const gateways = [...refs, { sourceId: OTHER, collectionId: "staging" }];
    gateway.takeCalls();
    const search = await findLog(gateways, [{ logId: "twice", sourceId: OTHER }], list, never);
    assert.ok(search.type === "found");
    assert.equal(search.gateway.sourceId, OTHER);
    assert.equal(gateway.takeCalls().length, 1);
  });

  it("elsewhere than named, after the named gateway was asked", async () => {
    assert.deepEqual(await find("in-production", { collectionId: "staging" }), ["production", "in-production"]);
    assert.deepEqual(await find("in-production", { collectionId: "gone" }), ["production", "in-production"]);
  });

  it("by the next of its ids, where the first is nowhere", async () => {
    const search = await findLog(refs, [{ logId: "unknown-1" }, { logId: "chain" }], list, never);
    assert.ok(search.type === "found");
    assert.equal(search.logs.length, 3);
  });

  it("or it is told where it is not, with two calls a gateway", async () => {
    gateway.takeCalls();
    assert.deepEqual(await find("nowhere"), { type: "none", lookedIn: refs, failed: [] });
    assert.equal(gateway.takeCalls().length, 6);
    assert.deepEqual(await find("nowhere", {}, []), { type: "none", lookedIn: [], failed: [] });
  });

  it("though another gateway cannot be asked, which is told only when it is found nowhere", async () => {
    const broken = await startFaultyServer("limited");
    const client = new CloudflareClient({ baseUrl: broken.baseUrl, token: () => Promise.resolve(gateway.token) });
    const elsewhere = cloudflareSource(client, ACCOUNT);
    const whole = list;
    list = (ref, query, signal) =>
      ref === staging ? elsewhere.list(ref, query, undefined, { signal }) : whole(ref, query, signal);
    assert.deepEqual(await find("chain"), ["eu", "first", "second", "third"]);
    const search = await findLog(refs, [{ logId: "nowhere" }], list, never);
    assert.ok(search.type === "none");
    assert.deepEqual(search.lookedIn, [production, eu]);
    assert.deepEqual(
      search.failed.map(({ gateway, error }) => [gateway, (error as { reason?: string }).reason]),
      [[staging, "rateLimited"]],
    );
    await broken.close();
  });

  it("without waiting for a gateway that does not answer, whose call is ended", async () => {
    const mute = await startFaultyServer("neverAnswers");
    const client = new CloudflareClient({ baseUrl: mute.baseUrl, token: () => Promise.resolve(gateway.token) });
    const elsewhere = cloudflareSource(client, ACCOUNT);
    const whole = list;
    let ended: unknown;
    list = (ref, query, signal) => {
      if (ref !== production) return whole(ref, query, signal);
      const call = elsewhere.list(ref, query, undefined, { signal });
      ended = call.catch((error: unknown) => (error as { reason?: string }).reason);
      return call;
    };
    assert.deepEqual(await find("chain"), ["eu", "first", "second", "third"]);
    assert.equal(await ended, "aborted");
    await mute.close();
  });

  it("unless the search is given up", async () => {
    const mute = await startFaultyServer("neverAnswers");
    const client = new CloudflareClient({ baseUrl: mute.baseUrl, token: () => Promise.resolve(gateway.token) });
    const elsewhere = cloudflareSource(client, ACCOUNT);
    const abort = new AbortController();
    const search = findLog(
      refs,
      [{ logId: "chain" }],
      (ref, query, signal) => elsewhere.list(ref, query, undefined, { signal }),
      abort.signal,
    );
    abort.abort();
    await assert.rejects(search, { name: "SourceError", reason: "aborted" });
    await assert.rejects(findLog(refs, [{ logId: "chain" }], list, abort.signal), { reason: "aborted" });
    await mute.close();
  });
});
