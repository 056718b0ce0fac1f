import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, describe, test } from "node:test";
import { promisify } from "node:util";
import type { ProxySettings } from "../../../src/http/proxy.ts";
import { createTransport, type TransportOptions } from "../../../src/http/transport.ts";
import { hasAddress, type ProxyOptions, startProxy, startServer } from "../../proxy.ts";
import { createAuthority } from "../../tls.ts";

const company = createAuthority();
const NAME = "api.company.test";
const identity = company.issue(NAME, "localhost", "127.0.0.1", "::1");
const certificates = [company.certificate];
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

/** The API over TLS, a proxy in front of it, and a transport that uses the proxy. */
async function office(
  t: TestContext,
  proxyOptions: Partial<ProxyOptions>,
  settings: ProxySettings = {},
  options: TransportOptions = {},
) {
  const calls: { method: string; authorization: string | undefined; proxyAuthorization: string | undefined }[] = [];
  const api = await startServer(
    (request, response) => {
      const { authorization, "proxy-authorization": proxyAuthorization } = request.headers;
      calls.push({ method: request.method ?? "", authorization, proxyAuthorization });
      response.writeHead(Number(request.url?.slice(1)) || 200).end("from the API");
    },
    { identity },
  );
  const proxy = await startProxy({ to: api.port, ...proxyOptions });
  const transport = createTransport({
    proxy: { url: proxy.url, ...settings },
    certificates,
    retry: { firstDelayMs: 1 },
    ...options,
  });
  t.after(async () => {
    await transport.close();
    await Promise.all([proxy.close(), api.close()]);
  });
  return { api, proxy, transport, calls };
}

async function codeOf(call: Promise<unknown>): Promise<unknown> {
  const error: unknown = await call.then(() => undefined).catch((error: unknown) => error);
  assert.ok(error instanceof Error && error.cause instanceof Error, String(error));
  return "code" in error.cause ? error.cause.code : error.cause.message;
}

/** A fetch in VS Code's place: writes down its calls, and answers or fails. */
function fallbackThat(answers: boolean) {
  const calls: { url: string; init: RequestInit | undefined }[] = [];
  const reasons: string[] = [];
  const fallback = ((url: string, init?: RequestInit) => {
    calls.push({ url, init });
    return answers ? Promise.resolve(new Response("from VS Code")) : Promise.reject(new TypeError("fetch failed"));
  }) as typeof fetch;
  return { calls, reasons, options: { fallback, onFallback: (reason: string) => void reasons.push(reason) } };
}

for (const kind of ["HTTP", "HTTPS"] as const) {
  describe(`an ${kind} proxy`, () => {
    const tls = kind === "HTTPS" ? { identity } : {};

    test("without a password", async (t) => {
      const { proxy, transport, calls } = await office(t, tls);
      const answer = await transport.fetch(`https://${NAME}/`, { headers: { authorization: "Bearer token" } });
      assert.equal(await answer.text(), "from the API");
      assert.deepEqual(proxy.asked, [{ authority: `${NAME}:443`, authorization: undefined }]);
      assert.deepEqual(calls, [{ method: "GET", authorization: "Bearer token", proxyAuthorization: undefined }]);
    });

    test("at an IPv6 address", async (t) => {
      if (!(await hasAddress("::1"))) return t.skip("this machine has no ::1");
      const { proxy, transport } = await office(t, { ...tls, host: "::1" });
      assert.equal(await (await transport.fetch(`https://${NAME}/`)).text(), "from the API");
      assert.equal(proxy.asked.length, 1);
    });

    test("a tunnel serves many calls", async (t) => {
      const { proxy, transport } = await office(t, tls);
      for (let i = 0; i < 20; i++) await (await transport.fetch(`https://${NAME}/`)).text();
      assert.ok(proxy.asked.length <= 6, `${proxy.asked.length} tunnels for 20 calls`);
    });

    test("with a password in its address", async (t) => {
      const authorization = basic("me:p@ss");
      const { api, proxy, calls } = await office(t, { ...tls, authorization });
      const url = proxy.url.replace("//", "//me:p%40ss@");
      const transport = createTransport({ env: { HTTPS_PROXY: url }, certificates });
      t.after(() => transport.close());
      assert.equal(await (await transport.fetch(`https://${NAME}:${api.port}/`)).text(), "from the API");
      assert.deepEqual(proxy.asked, [{ authority: `${NAME}:${api.port}`, authorization }]);
      assert.equal(calls[0]?.proxyAuthorization, undefined);
    });

    test("with http.proxyAuthorization", async (t) => {
      const authorization = "Negotiate abc=";
      const { transport, calls } = await office(t, { ...tls, authorization }, { authorization });
      assert.equal((await transport.fetch(`https://${NAME}/`)).status, 200);
      assert.equal(calls[0]?.proxyAuthorization, undefined);
    });

    test("with a wrong password", async (t) => {
      const settings = { authorization: basic("me:wrong") };
      const { proxy, transport, calls } = await office(t, { ...tls, authorization: basic("me:right") }, settings);
      assert.equal(await codeOf(transport.fetch(`https://${NAME}/`)), "PROXY_407");
      assert.equal(proxy.asked.length, 1);
      assert.equal(calls.length, 0);
    });
  });
}

describe("around the proxy", () => {
  test("http.proxySupport off", async (t) => {
    const { proxy, transport } = await office(t, {}, { support: "off" });
    await assert.rejects(transport.fetch(`https://${NAME}/`));
    assert.equal(proxy.asked.length, 0);
  });

  test("loopback", async (t) => {
    const { api, proxy, transport } = await office(t, {});
    for (const host of ["127.0.0.1", "localhost"]) {
      assert.equal((await transport.fetch(`https://${host}:${api.port}/`)).status, 200);
    }
    assert.equal(proxy.asked.length, 0);
  });

  test("http.noProxy", async (t) => {
    const { proxy, transport } = await office(t, {}, { noProxy: [NAME] });
    await assert.rejects(transport.fetch(`https://${NAME}/`));
    assert.equal(proxy.asked.length, 0);
  });
});

describe("a proxy that fails", () => {
  test("one that refuses is asked once, and its status is told", async (t) => {
    const { proxy, transport } = await office(t, { refusesWith: 403 });
    assert.equal(await codeOf(transport.fetch(`https://${NAME}/`)), "PROXY_403");
    assert.equal(proxy.asked.length, 1);
  });

  test("one that never answers", async (t) => {
    const { transport } = await office(t, { silent: true }, {}, { timeouts: { connect: 50 } });
    assert.equal(await codeOf(transport.fetch(`https://${NAME}/`)), "UND_ERR_HEADERS_TIMEOUT");
  });

  test("closing ends a tunnel that is being made, and those that are there", async (t) => {
    const { proxy, transport } = await office(t, { silent: true });
    const rejected = assert.rejects(transport.fetch(`https://${NAME}/`));
    while (proxy.asked.length === 0) await new Promise(setImmediate);
    const ended = [...proxy.sockets].map((socket) => once(socket, "close"));
    await transport.close();
    await Promise.all([rejected, ...ended]);
    assert.equal(proxy.sockets.size, 0);

    const second = await office(t, {});
    await (await second.transport.fetch(`https://${NAME}/`)).text();
    assert.equal(second.proxy.sockets.size, 1);
    const gone = [...second.proxy.sockets].map((socket) => once(socket, "close"));
    await second.transport.close();
    await Promise.all(gone);
  });

  test("retries go through it too", async (t) => {
    const { calls, transport } = await office(t, {});
    assert.equal((await transport.fetch(`https://${NAME}/503`)).status, 503);
    assert.equal((await transport.fetch(`https://${NAME}/503`, { method: "DELETE" })).status, 503);
    assert.deepEqual(
      calls.map(({ method }) => method),
      ["GET", "GET", "GET", "DELETE"],
    );
  });
});

describe("certificates", () => {
  const direct = async (t: TestContext, options: TransportOptions) => {
    const { api } = await office(t, {});
    const transport = createTransport({ retry: { attempts: 1 }, ...options });
    t.after(() => transport.close());
    return transport.fetch(`https://127.0.0.1:${api.port}/`);
  };
  const UNKNOWN = /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED_CERT_IN_CHAIN)$/;

  test("of an unknown authority are refused", async (t) => {
    assert.match(String(await codeOf(direct(t, {}))), UNKNOWN);
  });

  test("of an authority that is given are accepted", async (t) => {
    assert.equal((await direct(t, { certificates })).status, 200);
  });

  test("of an authority with the same name but another key are refused", async (t) => {
    await assert.rejects(direct(t, { certificates: [createAuthority().certificate] }));
  });

  test("for another name are refused, the API's and the proxy's", async (t) => {
    const { proxy, transport } = await office(t, {});
    assert.equal(await codeOf(transport.fetch("https://other.company.test/")), "ERR_TLS_CERT_ALTNAME_INVALID");
    assert.equal(proxy.asked.length, 1);
    const second = await office(t, { identity: company.issue("elsewhere.company.test") });
    assert.equal(await codeOf(second.transport.fetch(`https://${NAME}/`)), "UND_ERR_PRX_TLS");
    assert.equal(second.proxy.asked.length, 0);
  });

  test("of any kind are accepted where http.proxyStrictSSL is false", async (t) => {
    assert.equal((await direct(t, { proxy: { strictSSL: false } })).status, 200);
  });

  test("of a proxy: its authority counts too", async (t) => {
    const stranger = createAuthority("Stranger").issue("127.0.0.1");
    const strict = await office(t, { identity: stranger }, {}, { retry: { attempts: 1 } });
    assert.match(String(await codeOf(strict.transport.fetch(`https://${NAME}/`))), UNKNOWN);
    assert.equal(strict.proxy.asked.length, 0);
    const lax = await office(t, { identity: stranger }, { strictSSL: false }, { certificates: [] });
    assert.equal((await lax.transport.fetch(`https://${NAME}/`)).status, 200);
  });

  test("behind a proxy: the API's own are checked", async (t) => {
    const { transport, calls } = await office(t, {}, {}, { certificates: [] });
    assert.match(String(await codeOf(transport.fetch(`https://${NAME}/`))), UNKNOWN);
    assert.equal(calls.length, 0);
  });

  describe("of the machine", () => {
    /** Returns the result of a call in a separate process, started with an environment. */
    const elsewhere = async (t: TestContext, name: string, systemCertificates: boolean) => {
      const folder = await mkdtemp(join(tmpdir(), "transport-"));
      t.after(() => rm(folder, { recursive: true }));
      const file = join(folder, "company.pem");
      await writeFile(file, company.certificate);
      const { api } = await office(t, {});
      const script = `
        const { createTransport } = await import(${JSON.stringify(import.meta.resolve("../../../src/http/transport.ts"))});
        const transport = createTransport({ systemCertificates: ${systemCertificates}, retry: { attempts: 1 } });
        const answer = await transport.fetch("https://127.0.0.1:${api.port}/").catch((error) => ({ status: error.cause.code }));
        console.log(answer.status);
        await transport.close();`;
      const env = { ...process.env, [name]: file };
      const run = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { env });
      return (await run).stdout.trim();
    };

    test("those of NODE_EXTRA_CA_CERTS are trusted", async (t) => {
      assert.equal(await elsewhere(t, "NODE_EXTRA_CA_CERTS", true), "200");
    });

    test("those of the system are trusted unless http.systemCertificates is false", async (t) => {
      if (process.platform !== "linux") return t.skip("only on Linux can a test add to the system's certificates");
      assert.equal(await elsewhere(t, "SSL_CERT_FILE", true), "200");
      assert.match(await elsewhere(t, "SSL_CERT_FILE", false), UNKNOWN);
    });
  });
});

describe("the fallback", () => {
  test("is not used while our own way works, whatever the answer", async (t) => {
    const way = fallbackThat(true);
    const { transport } = await office(t, {}, {}, way.options);
    for (const status of [200, 302, 401, 403, 404, 429, 500, 503]) {
      assert.equal((await transport.fetch(`https://${NAME}/${status}`)).status, status);
    }
    assert.deepEqual([way.calls.length, way.reasons], [0, []]);
  });

  const failures: [string, Partial<ProxyOptions>, TransportOptions, RegExp][] = [
    ["a proxy wants another password", { authorization: "x" }, {}, /PROXY_407/],
    ["a certificate is not trusted", {}, { certificates: [] }, /UNABLE_TO|SELF_SIGNED/],
    ["a proxy never answers", { silent: true }, { timeouts: { connect: 50 } }, /TIMEOUT/],
    ["a proxy of a kind we do not know", {}, { proxy: { url: "socks5://user:secret@127.0.0.1:9" } }, /socks5/],
    [
      "nothing listens where the proxy should be",
      {},
      { proxy: { url: "http://user:secret@127.0.0.1:9" } },
      /ECONNREFUSED/,
    ],
    // A label of 64 characters is refused before anybody is asked.
    ["a name is not known", {}, { proxy: { support: "off" } }, /ENOTFOUND|EAI_AGAIN/],
  ];
  for (const [name, proxyOptions, options, reason] of failures) {
    test(`takes over where ${name}, says so once and stays`, async (t) => {
      const way = fallbackThat(true);
      const { proxy, transport } = await office(t, proxyOptions, {}, { ...way.options, ...options });
      const url = name.includes("name") ? `https://${"x".repeat(64)}.invalid/` : `https://${NAME}/`;
      const init = { method: "DELETE", headers: { authorization: "Bearer token" } };
      assert.equal(await (await transport.fetch(url, init)).text(), "from VS Code");
      const asked = proxy.asked.length;
      assert.equal(await (await transport.fetch(url)).text(), "from VS Code");
      assert.equal(way.calls.length, 2);
      assert.equal(proxy.asked.length, asked);
      assert.equal(way.reasons.length, 1);
      assert.match(way.reasons[0] ?? "", reason);
      assert.doesNotMatch(way.reasons[0] ?? "", /secret/);
      assert.deepEqual(
        way.calls.map(({ url, init }) => [url, init?.method, init?.redirect, init?.headers]),
        [
          [url, "DELETE", "manual", init.headers],
          [url, undefined, "manual", undefined],
        ],
      );
    });
  }

  test("says so once for calls at the same time", async (t) => {
    const way = fallbackThat(true);
    const { transport } = await office(t, { authorization: "x" }, {}, way.options);
    await Promise.all(Array.from({ length: 6 }, () => transport.fetch(`https://${NAME}/`)));
    assert.deepEqual([way.calls.length, way.reasons.length], [6, 1]);
  });

  test("that fails too: the first error counts, each call tries once more", async (t) => {
    const way = fallbackThat(false);
    const { transport } = await office(t, { authorization: "x" }, {}, way.options);
    for (const count of [1, 2]) {
      assert.equal(await codeOf(transport.fetch(`https://${NAME}/`)), "PROXY_407");
      assert.equal(way.calls.length, count);
    }
    assert.deepEqual(way.reasons, []);
  });

  test("is not for a proxy that refuses otherwise", async (t) => {
    const way = fallbackThat(true);
    const { transport } = await office(t, { refusesWith: 502 }, {}, way.options);
    assert.equal(await codeOf(transport.fetch(`https://${NAME}/`)), "PROXY_502");
    assert.equal(way.calls.length, 0);
  });

  for (const method of ["GET", "PATCH", "DELETE"]) {
    test(`is not for a ${method} of which something was sent`, async (t) => {
      const way = fallbackThat(true);
      const api = await startServer((request) => request.socket.destroy(), { identity });
      const proxy = await startProxy({ to: api.port });
      const transport = createTransport({
        proxy: { url: proxy.url },
        certificates,
        retry: { firstDelayMs: 1 },
        ...way.options,
      });
      t.after(() => Promise.all([transport.close(), api.close(), proxy.close()]));
      await assert.rejects(transport.fetch(`https://${NAME}/`, { method }));
      assert.equal(way.calls.length, 0);
    });
  }

  test("is not for this machine", async (t) => {
    const way = fallbackThat(true);
    const { api, transport } = await office(t, {}, {}, { certificates: [], ...way.options });
    await assert.rejects(transport.fetch(`https://127.0.0.1:${api.port}/`));
    assert.equal(way.calls.length, 0);
  });

  test("is not for a call that was given up", async (t) => {
    const way = fallbackThat(true);
    const { proxy, transport } = await office(t, { silent: true }, {}, way.options);
    const abort = new AbortController();
    const rejected = assert.rejects(transport.fetch(`https://${NAME}/`, { signal: abort.signal }), {
      name: "AbortError",
    });
    while (proxy.asked.length === 0) await new Promise(setImmediate);
    abort.abort();
    await rejected;
    assert.equal(way.calls.length, 0);
  });

  test("without one, an unknown kind of proxy is an error", async (t) => {
    const { transport } = await office(t, {}, { url: "socks5://127.0.0.1:9" });
    assert.equal(await codeOf(transport.fetch(`https://${NAME}/`)), "UNSUPPORTED_PROXY");
  });
});
