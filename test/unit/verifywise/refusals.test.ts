import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import { SourceError, type ErrorReason } from "../../../src/source/errors.ts";
import { collectionOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise } from "../../verifywise-server.ts";

const logsOf = ({ baseUrl }: { baseUrl: string }) => ({ sourceId: "vw", collectionId: collectionOf(baseUrl) });

const TOKEN = "tok_CANARY_verifywise_refused";

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
  ["no token", json(400, { message: "Bad Request", data: { message: "Token not found" } }), "unauthorized"],
  ["a token without an ID", json(400, { message: "Invalid token" }), "unauthorized"],
  ["a request that a proxy refuses", html(400), "rejected"],
  ["a missing organization", json(400, { detail: "Missing organization id" }), "rejected"],
  ["a wrong parameter", json(422, { detail: [{ loc: ["query", "limit"], msg: TOKEN }] }), "rejected"],
  ["an address without an API", html(404), "badAnswer"],
  ["an API without the route", json(404, { detail: "Not Found" }), "notFound"],
  ["a failure in JSON", json(500, { message: "Internal Server Error", error: TOKEN }), "serverError"],
  ["a failure in text", { status: 500, type: "text/plain", body: "Internal Server Error" }, "serverError"],
  ["a gateway that is down", json(200, { data: [] }), "serverError"],
  ["a login page", html(200), "badAnswer"],
  ["something else in JSON", json(200, { rows: "none" }), "badAnswer"],
  ["a call limit in JSON", json(429, { message: TOKEN, statusCode: 429 }), "rateLimited"],
  ["a redirect", html(307, { location: "/elsewhere" }), "badAnswer"],
];

describe("what VerifyWise refuses", () => {
  let close: (() => Promise<void>) | undefined;
  afterEach(() => close?.());

  async function failing(answer: Answer): Promise<{ error: SourceError; cookies: (string | undefined)[] }> {
    const server = await startVerifyWise(1);
    close = () => server.close();
    server.answer = { ...answer, headers: { "set-cookie": "a=b", ...answer.headers } };
    const source = verifywiseSource({ baseUrl: server.baseUrl, token: () => Promise.resolve(TOKEN), fetch });
    const failure: unknown = await source.list(logsOf(server), {}).catch((error: unknown) => error);
    assert.ok(failure instanceof SourceError);
    return { error: failure, cookies: server.cookies };
  }

  for (const [what, answer, reason] of REFUSALS)
    it(`is understood, and tells no token: ${what}`, async () => {
      const { error, cookies } = await failing(answer);
      assert.deepEqual([error.reason, error.service], [reason, "VerifyWise"]);
      assert.doesNotMatch(`${error.stack} ${String(error.cause)}`, /CANARY/);
      // Only a gateway that seems down is looked at again.
      const isDown = what === "a gateway that is down";
      assert.deepEqual(cookies, isDown ? [undefined, undefined] : [undefined], "one call, without a cookie");
    });

  it("isn't an empty list of the early build, whose gateway is up", async () => {
    const server = await startVerifyWise(1);
    close = () => server.close();
    server.isEarly = true;
    const { baseUrl, token } = server;
    const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
    assert.deepEqual((await source.list(logsOf(server), {})).logs, []);
    server.isUp = false;
    await assert.rejects(source.list(logsOf(server), {}), { reason: "serverError", status: 200 });
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
    await assert.rejects(source.list(logsOf(server), {}, undefined, { signal }), { reason: "aborted" });
    await server.close();
    await assert.rejects(source.list(logsOf(server), {}), { reason: "offline" });
  });

  it("sends no token that a header can't take, and none that there isn't", async () => {
    const server = await startVerifyWise(1);
    close = () => server.close();
    for (const token of [`${TOKEN}\n`, "", undefined]) {
      const source = verifywiseSource({ baseUrl: server.baseUrl, token: () => Promise.resolve(token), fetch });
      await assert.rejects(source.list(logsOf(server), {}), { reason: "unauthorized" });
    }
    assert.deepEqual(server.calls, []);
  });

  it("is what the token's state says, in both generations", async () => {
    for (const generation of [1, 2] as const) {
      const server = await startVerifyWise(generation);
      close = () => server.close();
      server.refused.set(`${TOKEN}_a`, "expired").set(`${TOKEN}_b`, "revoked").set(`${TOKEN}_c`, "other organization");
      const reasons: string[] = [];
      for (const end of ["", "_a", "_b", "_c"]) {
        const source = verifywiseSource({ ...server, token: () => Promise.resolve(`${TOKEN}${end}`), fetch });
        const error: unknown = await source.list(logsOf(server), {}).catch((failure: unknown) => failure);
        assert.ok(error instanceof SourceError);
        reasons.push(`${error.status} ${error.reason}`);
      }
      const { baseUrl, token } = server;
      const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
      server.isUp = false;
      await assert.rejects(source.list(logsOf(server), {}), { reason: "serverError", status: 200 });
      server.isUp = true;
      server.answer = { status: 200, body: { message: "OK", data: [] } };
      server.calls.length = 0;
      assert.deepEqual((await source.list(logsOf(server), {})).logs, []);
      assert.equal(server.calls.length, 1, "a message tells that the list is empty");
      server.answer = undefined;
      server.callsLeft = 0;
      await assert.rejects(source.list(logsOf(server), {}), { reason: "rateLimited" });
      assert.deepEqual(reasons, ["401 unauthorized", "406 unauthorized", "401 unauthorized", "403 forbidden"]);
      assert.ok(server.cookies.every((cookie) => cookie === undefined));
      await close();
    }
    close = undefined;
  });

  it("is nothing in the early build, whose rows come without a total", async () => {
    const server = await startVerifyWise(1);
    close = () => server.close();
    server.isEarly = true;
    server.add({ createdAt: new Date(0) }, { createdAt: new Date(1000) });
    const { baseUrl, token } = server;
    const page = await verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch }).list(
      logsOf(server),
      {},
    );
    assert.deepEqual([page.logs.map(({ id }) => id), page.total], [["2", "1"], undefined]);
  });

  it("is canceled while the server takes its time", async () => {
    const leaving = new AbortController();
    const server = createServer(() => leaving.abort());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(TOKEN), fetch });
    await assert.rejects(source.list(logsOf({ baseUrl }), {}, undefined, { signal: leaving.signal }), {
      reason: "aborted",
    });
  });
});
