import assert from "node:assert/strict";
import { test } from "node:test";
import { LogStore } from "../../../src/local/store.ts";
import { GATEWAY, LOGS, logAt, serve } from "./served.ts";

const TIME = "2026-11-01T00:00:00Z";
const NOT_FOUND = { errors: [{ code: 7002, message: "Not Found" }], success: false };

test("bodies come back byte for byte with their content type, in no envelope", async (t) => {
  const bytes = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
  const gateway = await serve(t, [
    logAt(TIME, {
      id: "text",
      request: '{"a" : 1}\n',
      requestContentType: "application/json",
      response: "data: {}\u0000\n\n",
      responseContentType: "text/event-stream; charset=utf-8",
    }),
    logAt(TIME, { id: "binary", request: "", response: bytes, responseContentType: "audio/mpeg" }),
    logAt(TIME, { id: "odd", response: "x", responseContentType: "text/plain\r\nx-evil: 1" }),
  ]);
  const request = await gateway.call(`${LOGS}/text/request`);
  assert.equal(request.text, '{"a" : 1}\n');
  assert.equal(request.headers.get("content-type"), "application/json");
  const response = await gateway.call(`${LOGS}/text/response`);
  assert.equal(response.text, "data: {}\u0000\n\n");
  assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  const raw = await fetch(`${gateway.baseUrl}${LOGS}/binary/response`, {
    headers: { authorization: `Bearer ${gateway.token}` },
  });
  assert.deepEqual(new Uint8Array(await raw.arrayBuffer()), bytes);
  assert.equal(raw.headers.get("content-type"), "audio/mpeg");
  const empty = await gateway.call(`${LOGS}/binary/request`);
  assert.deepEqual([empty.status, empty.text], [200, ""]);
  const odd = await gateway.call(`${LOGS}/odd/response`);
  assert.deepEqual([odd.text, odd.headers.get("content-type"), odd.headers.get("x-evil")], ["x", null, null]);
});

test("no log, no body: 404 with code 7002", async (t) => {
  const gateway = await serve(t, [logAt(TIME, { id: "bare" })]);
  for (const path of ["none", "none/request", "none/response", "bare/request", "bare/response"]) {
    const { status, json } = await gateway.call(`${LOGS}/${path}`);
    assert.equal(status, 404, path);
    assert.deepEqual(json, NOT_FOUND);
  }
  assert.equal((await gateway.call(`${LOGS}/bare`)).status, 200);
});

test("the detail holds the heads: 64 KiB, cut at a whole character", async (t) => {
  const long = `a${"é".repeat(40_000)}`;
  const gateway = await serve(t, [
    logAt(TIME, { id: "short", request: "\uFEFFhello", response: Uint8Array.of(0xff, 0xfe, 0x00) }),
    logAt(TIME, { id: "long", request: long, response: "x".repeat(65_536) }),
    logAt(TIME, { id: "bare" }),
  ]);
  const heads = async (id: string) => {
    const { json } = await gateway.call(`${LOGS}/${id}`);
    const log = json.result as Record<string, unknown>;
    return ["request", "response"].map((name) => [
      log[`${name}_size`],
      log[`${name}_head`],
      log[`${name}_head_complete`],
    ]);
  };
  const [request, response] = await heads("short");
  assert.deepEqual(request, [8, "\uFEFFhello", true]);
  assert.deepEqual([response?.[0], response?.[2]], [3, false], "bytes that are no text are never whole in a head");
  const [cut, whole] = await heads("long");
  assert.deepEqual(cut, [80_001, long.slice(0, 32_768), false]);
  assert.deepEqual(whole, [65_536, "x".repeat(65_536), true]);
  assert.deepEqual(await heads("bare"), [
    [0, null, false],
    [0, null, false],
  ]);
});

test("bodies may follow the row", async (t) => {
  const gateway = await serve(t, [logAt(TIME, { id: "late" })]);
  const head = async () => {
    const { json } = await gateway.call(`${LOGS}/late`);
    return (json.result as Record<string, unknown>)["response_head"];
  };
  assert.equal(await head(), null);
  gateway.store.storeBodies(GATEWAY, "late", { request: "{}", response: "done" });
  assert.equal(await head(), "done");
  assert.equal((await gateway.call(`${LOGS}/late/request`)).text, "{}");
});

test("past the limit of a log's size the row stays and the bodies are not stored", async (t) => {
  const gateway = await serve(t, [], { store: new LogStore(":memory:", { mostBytes: 100 }) });
  gateway.store.insert([
    logAt(TIME, { id: "fits", request: "a".repeat(40), response: "b".repeat(60) }),
    logAt(TIME, { id: "large", request: "a".repeat(41), response: "b".repeat(60) }),
  ]);
  assert.equal((await gateway.call(`${LOGS}/fits/request`)).status, 200);
  assert.equal((await gateway.call(`${LOGS}/large/request`)).status, 404);
  assert.equal((await gateway.call(`${LOGS}/large/response`)).status, 404);
  const { json } = await gateway.call(`${LOGS}/large`);
  const log = json.result as Record<string, unknown>;
  assert.deepEqual([log["response_size"], log["response_head"], log["response_head_complete"]], [60, null, false]);
});

test("a body of ten megabytes passes whole", async (t) => {
  const body = "0123456789abcdef".repeat(655_000);
  const gateway = await serve(t, [logAt(TIME, { id: "large", response: body })]);
  assert.equal((await gateway.call(`${LOGS}/large/response`)).text.length, body.length);
});
