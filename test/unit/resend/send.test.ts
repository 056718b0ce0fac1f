import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { test, type TestContext } from "node:test";
import { SourceError } from "../../../src/source/errors.ts";
import { createTransport } from "../../../src/http/transport.ts";
import { resentMetadata, send, type Sending } from "../../../src/resend/send.ts";
import { NAMES } from "../../../src/sources/cloudflare/names.ts";
import { CANARY } from "../../gateway.ts";

const { signal } = new AbortController();

/** A server that answers so, how often it was asked, and a way to send to it. */
async function served(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const transport = createTransport({ timeouts: { headers: 300, body: 300 } });
  t.after(async () => {
    await transport.close();
    server.closeAllConnections();
    server.close();
  });
  const sending: Sending = {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1/a/g/openai/chat/completions`,
    token: `${CANARY}run`,
    contentType: "application/json",
    headers: { "anthropic-version": "1" },
    names: NAMES.headers,
    metadata: { resent_from: "log", city: "Zürich 🚲" },
    body: "{}",
  };
  return {
    asked,
    sending,
    send: (more: Partial<Sending> = {}, given = signal) => send(transport.fetch, { ...sending, ...more }, given),
  };
}

const reason = (wanted: string) => (error: unknown) => error instanceof SourceError && error.reason === wanted;

test("a request is sent with its marks, and answered whatever the status", async (t) => {
  const { asked, send } = await served(t, (_, response) => {
    response.writeHead(418, { "content-type": "text/plain", "cf-aig-log-id": "new" });
    response.write("short and ");
    response.end("stout");
  });
  const answer = await send();
  const [request] = asked;
  assert.equal(request?.headers["cf-aig-authorization"], `Bearer ${CANARY}run`);
  assert.equal(request?.headers.authorization, undefined);
  assert.equal(request?.headers["cf-aig-skip-cache"], "true");
  assert.equal(request?.headers["anthropic-version"], "1");
  assert.deepEqual(JSON.parse(String(request?.headers["cf-aig-metadata"])), {
    resent_from: "log",
    city: "Zürich 🚲",
  });
  assert.equal(new TextDecoder().decode(answer.bytes), "short and stout");
  assert.deepEqual([answer.status, answer.contentType, answer.logId, answer.cut], [418, "text/plain", "new", false]);
});

test("nothing is ever sent twice, and no redirect is followed", async (t) => {
  for (const status of [307, 429, 503]) {
    const { asked, send } = await served(t, (_, response) => {
      response.writeHead(status, { location: "/elsewhere", "retry-after": "0" }).end();
    });
    assert.equal((await send()).status, status);
    assert.equal(asked.length, 1, String(status));
  }
  // With any fetch: the token's header isn't one that every fetch drops on redirects.
  const other = await served(t, (_, response) => void response.end());
  const away = await served(t, (_, response) => void response.writeHead(307, { location: other.sending.url }).end());
  const { status } = await send(fetch, away.sending, signal);
  assert.deepEqual([status, away.asked.length, other.asked.length], [307, 1, 0]);
  const misdirected = await served(t, (_, response) => void response.writeHead(421).end());
  await assert.rejects(misdirected.send(), reason("offline"));
  assert.equal(misdirected.asked.length, 1);
  const broken = await served(t, (request) => request.socket.destroy());
  await assert.rejects(broken.send(), reason("offline"));
  assert.equal(broken.asked.length, 1);
});

test("of an answer ten megabytes are read, of one that is no success 256 KB", async (t) => {
  for (const [status, most] of [
    [200, 10 * 1024 * 1024],
    [500, 256 * 1024],
  ] as const) {
    const { send } = await served(t, (_, response) => response.writeHead(status).end(Buffer.alloc(12 * 1024 * 1024)));
    const { bytes, cut } = await send();
    assert.deepEqual([bytes.length, cut], [most, true]);
  }
});

test("giving up, waiting in vain and no connection are told apart", async (t) => {
  const abort = new AbortController();
  const silent = await served(t, () => abort.abort());
  await assert.rejects(silent.send({}, abort.signal), reason("aborted"));
  const slow = await served(t, () => undefined);
  await assert.rejects(slow.send(), reason("timeout"));
  const stuck = await served(t, (_, response) => void response.writeHead(200).write("data: {}"));
  await assert.rejects(stuck.send(), reason("timeout"));
  await assert.rejects(slow.send({ url: "http://127.0.0.1:1/v1" }), reason("offline"));
});

test("a content type is sent as it was; one that no header can hold is JSON", async (t) => {
  const { asked, send } = await served(t, (_, response) => response.end());
  await send({ contentType: "text/plain; charset=utf-8" });
  assert.equal(asked.shift()?.headers["content-type"], "text/plain; charset=utf-8");
  await send({ contentType: "text/plain\r\nx-evil: 1" });
  assert.deepEqual([asked[0]?.headers["content-type"], asked[0]?.headers["x-evil"]], ["application/json", undefined]);
});

test("the mark comes first, and five entries are all that is sent", () => {
  assert.deepEqual(Object.entries(resentMetadata("new", { resent_from: "old", a: 1, b: true, c: "c", d: 4, e: 5 })), [
    ["resent_from", "new"],
    ["a", 1],
    ["b", true],
    ["c", "c"],
    ["d", 4],
  ]);
});
