import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import { SourceError, type ErrorReason } from "../../../src/source/errors.ts";
import { verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise } from "../../verifywise-server.ts";

const TOKEN = "tok_CANARY_verifywise_refused";
const OF = { sourceId: "vw", collectionId: "logs" };

type Answer = { status: number; type: string; body: string; headers?: Record<string, string> };

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  type: "application/json",
  body: JSON.stringify(body),
  headers,
});

const html = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  type: "text/html",
  body: `<pre>Bearer ${TOKEN}</pre>`,
  headers,
});

/** Answers of both generations, and what they mean. */
const REFUSALS: readonly [string, Answer, ErrorReason][] = [
  ["an unknown token", json(401, { message: "Unauthorized", data: { message: TOKEN } }), "unauthorized"],
  ["an expired token", json(406, { message: "Not Acceptable", data: { message: "Token expired" } }), "unauthorized"],
  ["another organization", json(403, { message: "not of it" }), "forbidden"],
  ["no token", json(400, { message: "Bad Request", data: { message: "Token not found" } }), "rejected"],
  ["a wrong parameter", json(422, { detail: [{ loc: ["query", "limit"], msg: TOKEN }] }), "rejected"],
  ["an address without an API", html(404), "badAnswer"],
  ["an API without the route", json(404, { detail: "Not Found" }), "notFound"],
  ["a failure in JSON", json(500, { message: "Internal Server Error", error: TOKEN }), "serverError"],
  ["a failure in text", { status: 500, type: "text/plain", body: "Internal Server Error" }, "serverError"],
  ["a gateway that is down", json(200, { data: [] }), "serverError"],
  ["a login page", html(200), "badAnswer"],
  ["something else in JSON", json(200, { rows: "none" }), "badAnswer"],
  ["a redirect", html(307, { location: "/elsewhere" }), "badAnswer"],
];

describe("what VerifyWise refuses", () => {
  let close: (() => Promise<void>) | undefined;
  afterEach(() => close?.());

  async function failing(answer: Answer): Promise<{ error: SourceError; cookies: (string | undefined)[] }> {
    const cookies: (string | undefined)[] = [];
    const send = (response: ServerResponse) =>
      response
        .writeHead(answer.status, { "content-type": answer.type, "set-cookie": "a=b", ...answer.headers })
        .end(answer.body);
    const server = createServer((request, response) => {
      cookies.push(request.headers.cookie);
      send(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(TOKEN), fetch });
    const failure: unknown = await source.list(OF, {}).catch((error: unknown) => error);
    assert.ok(failure instanceof SourceError);
    return { error: failure, cookies };
  }

  for (const [what, answer, reason] of REFUSALS)
    it(`is understood, and tells no token: ${what}`, async () => {
      const { error, cookies } = await failing(answer);
      assert.deepEqual([error.reason, error.service], [reason, "VerifyWise"]);
      assert.doesNotMatch(`${error.stack} ${String(error.cause)}`, /CANARY/);
      assert.deepEqual(cookies, [undefined], "one call, without a cookie");
    });

  it("says until when, by either header", async () => {
    for (const headers of [{ "retry-after": "59" }, { "ratelimit-reset": "59" }]) {
      const before = Date.now();
      const { error } = await failing(html(429, headers));
      await close?.();
      assert.equal(error.reason, "rateLimited");
      const wait = (error.retryAt?.getTime() ?? 0) - before;
      assert.ok(wait >= 59_000 && wait < 70_000, `${wait} ms`);
    }
    close = undefined;
  });

  it("is offline when nothing answers, and canceled when it's left", async () => {
    const server = await startVerifyWise(1);
    const { baseUrl } = server;
    const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(TOKEN), fetch });
    const signal = AbortSignal.abort();
    await assert.rejects(source.list(OF, {}, undefined, { signal }), { reason: "aborted" });
    await server.close();
    await assert.rejects(source.list(OF, {}), { reason: "offline" });
  });

  it("sends no token that a header can't take, and none that there isn't", async () => {
    const server = await startVerifyWise(1);
    close = () => server.close();
    for (const token of [`${TOKEN}\n`, "", undefined]) {
      const source = verifywiseSource({ baseUrl: server.baseUrl, token: () => Promise.resolve(token), fetch });
      await assert.rejects(source.list(OF, {}), { reason: "unauthorized" });
    }
    assert.deepEqual(server.calls, []);
  });
});
