import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { SourceError } from "../../../src/source/errors.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { startFaultyServer } from "../../faults.ts";
import { aLog, CANARY, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";
import { startServer } from "../../proxy.ts";

const TOKEN = `${CANARY}0000`;

async function errorOf(promise: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SourceError, `a SourceError, not ${String(error)}`);
  return error;
}

describe("a request to the API", () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
    gateway.store.insert([aLog({ id: "log", createdAt: new Date(Date.UTC(2026, 10, 20)) })]);
  });
  afterEach(() => gateway.close());

  it("goes to an address in which an id is one part, whatever is in it", async () => {
    const random = new Random(14);
    const pieces = ["..", ".", "/", "?", "#", "%", "%2f", "&", "\\", " ", ":", ";", "@", "+", "ü", "\n"];
    const odd = () => `${Array.from({ length: random.between(1, 8) }, () => random.pick(pieces)).join("")}x`;
    for (let round = 0; round < 40; round++) {
      const ref = { sourceId: odd(), collectionId: odd(), logId: odd() };
      gateway.takeCalls();
      await errorOf(gateway.client.getLog(ref));
      const parts = gateway.takeCalls()[0]?.split("/").map(decodeURIComponent);
      const { sourceId, collectionId, logId } = ref;
      assert.deepEqual(parts, ["", "accounts", sourceId, "ai-gateway", "gateways", collectionId, "logs", logId]);
    }
  });

  it("follows no redirect, whoever sends it: a key would go along to another host", async () => {
    const other = await startFaultyServer("otherShape");
    const server = await startServer((request, response) => {
      response.writeHead(request.method === "GET" ? 302 : 307, { location: `${other.baseUrl}${request.url}` }).end();
    });
    const client = new CloudflareClient({
      baseUrl: server.url,
      token: () => Promise.resolve({ email: "team@example.test", key: TOKEN }),
      fetch,
    });
    try {
      const ref = { ...GATEWAY, logId: "log" };
      for (const call of [
        () => client.listAccounts(),
        () => client.getRequest(ref),
        () => client.saveRequest(ref, new WritableStream()),
        () => client.patchLog(ref, { feedback: 1 }),
      ])
        assert.equal((await errorOf(call())).reason, "badAnswer");
      assert.deepEqual(other.state.calls, []);
    } finally {
      await server.close();
      await other.close();
    }
  });

  it("is not made while the API refuses them all", async () => {
    const server = await startFaultyServer("limited");
    const client = new CloudflareClient({ baseUrl: server.baseUrl, token: () => Promise.resolve(TOKEN), fetch });
    try {
      for (let count = 0; count < 3; count++) {
        const { reason, retryAt } = await errorOf(client.listAccounts());
        assert.equal(reason, "rateLimited");
        assert.ok(retryAt && retryAt.getTime() > Date.now() + 60_000);
      }
      assert.equal(server.state.calls.length, 1);
    } finally {
      await server.close();
    }
  });

  it("is made anew after a change, though an equal one of before it is still under way", async () => {
    const ref = { ...GATEWAY, logId: "log" };
    const [answered, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let reads = 0;
    const slow: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (init?.method !== "GET" || ++reads > 1) return answer;
      answered.resolve();
      await held.promise;
      return answer;
    };
    const { baseUrl, token } = gateway;
    const client = new CloudflareClient({ baseUrl, token: () => Promise.resolve(token), fetch: slow });
    const before = client.getLog(ref);
    await answered.promise;
    await client.patchLog(ref, { feedback: 1 });
    const after = client.getLog(ref);
    held.resolve();
    assert.deepEqual([(await before).feedback, (await after).feedback], [undefined, 1]);
  });

  it("brings text only where the body is said to be text and is UTF-8, else its bytes", async () => {
    const stored: [id: string, contentType: string, bytes: Uint8Array, text?: string][] = [
      ["letters", "audio/mpeg", new Uint8Array([0x49, 0x44, 0x33])],
      ["broken", "text/plain", new Uint8Array([0x61, 0xff])],
      ["plain", "text/plain", new Uint8Array([0x61, 0xc3, 0xa4]), "aä"],
    ];
    for (const [id, responseContentType, response, text] of stored) {
      gateway.store.insert([aLog({ id, createdAt: new Date(), response, responseContentType })]);
      const { body } = await gateway.client.getResponse({ ...GATEWAY, logId: id });
      assert.deepEqual(body, text ?? response, id);
    }
  });

  it("brings a text of more bytes than are wanted as text as the bytes that it is, all of them in their order", async () => {
    const text = JSON.stringify(Array.from({ length: 300_000 }, (_, index) => `${index} \u00e4\u{1f6b2}`));
    const bytes = new TextEncoder().encode(text);
    assert.ok(bytes.length > 4_000_000);
    gateway.store.insert([
      aLog({ id: "large", createdAt: new Date(), response: text, responseContentType: "application/json" }),
    ]);
    const ref = { ...GATEWAY, logId: "large" };
    const large = await gateway.client.getResponse(ref, { bytesAbove: bytes.length - 1 });
    assert.ok(large.body instanceof Uint8Array && Buffer.compare(large.body, bytes) === 0);
    assert.ok(large.body.buffer instanceof SharedArrayBuffer, "a thread reads it without a copy");
    for (const options of [{ bytesAbove: bytes.length }, {}])
      assert.equal((await gateway.client.getResponse(ref, options)).body, text);
  });
});
