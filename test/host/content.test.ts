import assert from "node:assert/strict";
import { SourceError } from "../../src/source/errors.ts";
import { Bodies } from "../../src/reading/bodies.ts";
import { readLog, type ContentNeeds, type Reading } from "../../src/reading/content.ts";
import { unpackConversation } from "../../src/reading/core/packed.ts";
import { aLog, GATEWAY } from "../gateway.ts";
import { startWorld, type World } from "./world.ts";

describe("reading a log", () => {
  let world: World;
  let needs: ContentNeeds;
  const ref = (logId: string) => ({ ...GATEWAY, logId });
  const { signal } = new AbortController();
  const old = () => new Date(Date.now() - 3_600_000);

  beforeEach(async () => {
    world = await startWorld();
    const { gateway, read, format } = world;
    const bodies = new Bodies(() => Promise.resolve(gateway.source));
    needs = { source: gateway.source, bodies, read, format, looks: [0, 0] };
  });

  afterEach(() => world.close());

  async function readings(logId: string, given: Partial<ContentNeeds> = {}): Promise<Reading[]> {
    const all: Reading[] = [];
    for await (const reading of readLog(ref(logId), { ...needs, ...given }, signal)) all.push(reading);
    return all;
  }

  const missing = (reading: Reading | undefined, side: "request" | "response") => reading?.[side].missing?.text ?? "";

  it("is one call and one snapshot where the detail holds all", async () => {
    world.gateway.store.insert([aLog({ id: "a", createdAt: old() })]);
    const [reading, ...more] = await readings("a");
    assert.deepEqual(more, []);
    assert.deepEqual([reading?.request, reading?.response], [{ stored: true }, { stored: true }]);
    assert.equal(world.gateway.takeCalls().length, 1);
  });

  it("names the headers where a body was not collected", async () => {
    world.gateway.store.insert([aLog({ id: "a", createdAt: old(), response: null })]);
    const [reading, ...more] = await readings("a");
    assert.deepEqual(more, []);
    assert.equal(reading?.response.stored, false);
    assert.match(missing(reading, "response"), /cf-aig-collect-log-payload: false.*cf-aig-collect-log/);
  });

  it("looks again for the bodies of a log that is just being written", async () => {
    world.gateway.store.insert([aLog({ id: "a", createdAt: new Date(), request: null, response: null })]);
    const seen: string[] = [];
    for await (const reading of readLog(ref("a"), needs, signal)) {
      seen.push(missing(reading, "response"));
      if (seen.length === 1)
        world.gateway.store.storeBodies(GATEWAY, "a", { request: "{}", response: '{"choices":[]}' });
    }
    assert.match(seen[0] ?? "", /still writing/);
    assert.deepEqual(seen.slice(1), [""]);
  });

  it("says so when nothing came", async () => {
    world.gateway.store.insert([aLog({ id: "a", createdAt: new Date(), request: null, response: null })]);
    const all = await readings("a");
    assert.equal(all.length, 2);
    assert.match(missing(all[1], "request"), /appear within 30 seconds/);
    assert.equal(all[1]?.request.missing?.retry, true);
  });

  it("shows the head of a body that cannot be had whole, with what came in the way", async () => {
    const response = JSON.stringify({ choices: [{ message: { role: "assistant", content: "y".repeat(600_000) } }] });
    world.gateway.store.insert([aLog({ id: "a", createdAt: old(), response })]);
    const signedOut = new Bodies(() => Promise.resolve(undefined));
    const all = await readings("a", { bodies: signedOut });
    const last = all.at(-1);
    assert.match(missing(last, "response"), /^[\d.]+ KB of [\d.]+ KB are shown\. .*no longer signed in/);
    assert.ok(last?.response.stored && last.response.missing?.openDocument);
    assert.match(JSON.stringify(unpackConversation(last.conversation.packed).answers), /yyyy/);
  });

  it("names the permission in place of bodies that the token may not read", async () => {
    const response = JSON.stringify({ choices: [{ message: { role: "assistant", content: "y".repeat(600_000) } }] });
    world.gateway.store.insert([aLog({ id: "a", createdAt: old(), response })]);
    const refused = new SourceError("forbidden", "Authentication error", { status: 403, method: "GET" });
    const bodies = { get: () => Promise.reject(refused), keep: () => undefined };
    const head = (await readings("a", { bodies })).at(-1);
    assert.match(missing(head, "response"), /KB are shown\. The token can list logs .*AI Gateway Read/);
    assert.deepEqual(head?.request, { stored: true });
    const { source } = world.gateway;
    const changed = {
      ...source,
      read: async () => {
        const log = await source.read(ref("a"));
        return { ...log, request: { size: 9, complete: false }, response: { size: 9, complete: false } };
      },
    };
    const none = (await readings("a", { source: changed, bodies })).at(-1);
    for (const side of ["request", "response"] as const) {
      assert.match(missing(none, side), /^The token can list logs but can't read their bodies\. .*AI Gateway Read/);
      assert.equal(none?.[side].missing?.retry, true);
    }
  });

  it("says that some bytes of a body aren't text, next to the rest of it", async () => {
    const response = Buffer.from('{"choices":[{"message":{"role":"assistant","content":"caf\xe9"}}]}', "latin1");
    world.gateway.store.insert([aLog({ id: "a", createdAt: old(), response })]);
    const reading = (await readings("a")).at(-1);
    assert.match(missing(reading, "response"), /aren't valid UTF-8/);
    assert.match(JSON.stringify(reading && unpackConversation(reading.conversation.packed).answers), /caf\ufffd/);
  });

  it("says that a body is empty, and that one is too large to be stored", async () => {
    world.gateway.store.insert([aLog({ id: "a", createdAt: old(), request: "" })]);
    const [empty] = await readings("a");
    assert.match(missing(empty, "request"), /without a body/);
    const { source } = world.gateway;
    const changed = {
      ...source,
      read: async () => {
        const log = await source.read(ref("a"));
        return { ...log, response: { size: 12_000_000, complete: false } };
      },
    };
    const bodies = { get: () => Promise.resolve(undefined), keep: () => undefined };
    const [large] = await readings("a", { source: changed, bodies });
    assert.match(missing(large, "response"), /11\.4 MB, and the gateway doesn't store logs of more than 10 MB/);
  });
});
