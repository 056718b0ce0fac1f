import assert from "node:assert/strict";
import type { LookupFunction } from "node:net";
import { type TestContext, test } from "node:test";
import { nameOf } from "../../../src/http/error-name.ts";
import { createTransport, type TransportOptions } from "../../../src/http/transport.ts";
import { loadMedia } from "../../../src/panel/remote-media.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { hostsFor, ipv4In, ipv6In, NOT_PUBLIC_IPV4, NOT_PUBLIC_IPV6 } from "../../addresses.ts";
import { startProxy, startServer } from "../../proxy.ts";
import { createAuthority } from "../../tls.ts";

const company = createAuthority();
const { signal } = new AbortController();

/** Stands in for a public host: it's on this machine, and allowed. */
const STAND_IN = "media.example.com";

/**
 * A server on loopback that is known by any name, its requests, and a way to load from it. Names resolve to `addresses`
 * in turn, then always to the last one; lookups are counted.
 */
async function world(
  t: TestContext,
  addresses: Record<string, readonly (string | readonly string[])[]>,
  options: TransportOptions = {},
) {
  const asked: string[] = [];
  const server = await startServer(
    ({ headers, url = "" }, response) => {
      asked.push(`${headers.host?.split(":")[0]}${url}`);
      const to = new URL(url, "https://x").searchParams.get("to");
      // No connection is used twice, so that each call is one.
      if (to !== null) response.writeHead(302, { location: to, connection: "close" }).end();
      else response.writeHead(200, { "content-type": "image/png", connection: "close" }).end("png");
    },
    { identity: company.issue("*.example.com", "localhost") },
  );
  t.after(() => server.close());
  const lookups: string[] = [];
  const lookup = ((host, { all }, done) => {
    const answers = addresses[host] ?? [["127.0.0.1"]];
    const before = lookups.filter((one) => one === host).length;
    lookups.push(host);
    const found = [answers[Math.min(before, answers.length - 1)] ?? []].flat();
    const described = found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    assert.equal(all, true);
    done(null, described);
  }) satisfies LookupFunction;
  let fallbacks = 0;
  const fallback = (() => {
    fallbacks++;
    return Promise.resolve(new Response("from VS Code"));
  }) as typeof fetch;
  const load = (url: string, mayBeHere = false) =>
    loadMedia(
      url,
      mayBeHere,
      ({ mayConnect }) =>
        createTransport({
          lookup,
          fallback,
          certificates: [company.certificate],
          systemCertificates: false,
          retry: { firstDelayMs: 1 },
          ...options,
          mayConnect: (address, host) => (host === STAND_IN && address === "127.0.0.1") || mayConnect(address, host),
        }),
      signal,
    );
  const at = (host: string, path = "/a.png") => `https://${host}:${server.port}${path}`;
  return { server, asked, lookups, load, at, fallbacks: () => fallbacks };
}

const loaded = { state: "loaded", mimeType: "image/png", data: Buffer.from("png").toString("base64") };
const refused = { type: "address" };

test("a name is followed to no address that is not public, also not to one of several", async (t) => {
  const random = new Random(14_103);
  const ranges = [
    ...NOT_PUBLIC_IPV4.map((range) => () => ipv4In(range, random)),
    ...NOT_PUBLIC_IPV6.map((range) => () => ipv6In(range, random)),
    () => `::ffff:${ipv4In("127.0.0.0/8", random)}`,
    () => `64:ff9b::${ipv4In("10.0.0.0/8", random)}`,
  ];
  const names = ranges.flatMap((next, at) =>
    [0, 1, 2].map((kind): [string, string[]] => {
      const [inside, outside] = [next(), random.pick(["192.0.3.1", "2606:4700::1"])];
      return [`n${at}-${kind}.example.com`, [[inside], [inside, outside], [outside, inside]][kind] ?? []];
    }),
  );
  const { load, at, server, lookups, fallbacks } = await world(
    t,
    Object.fromEntries(names.map(([name, found]) => [name, [found]])),
  );
  for (const [name, found] of names) assert.deepEqual(await load(at(name)), refused, found.join());
  assert.equal(lookups.length, names.length, "each is looked up once, and not tried again");
  assert.deepEqual([server.connections, fallbacks()], [0, 0]);
});

test("an address in a URL is refused however it is written, before and by the connection", async (t) => {
  const random = new Random(14_203);
  const { load, server, lookups } = await world(t, {});
  const mayConnect = (address: string) => address === "never";
  const transport = createTransport({ mayConnect, retry: { attempts: 1 } });
  t.after(() => transport.close());
  for (const range of ["127.0.0.1/32", "10.0.0.0/8", "169.254.169.254/32"])
    for (const host of hostsFor(ipv4In(range, random))) {
      const url = `https://${host}:${server.port}/a.png`;
      assert.deepEqual(await load(url), refused, url);
      if (!URL.canParse(url)) continue;
      await assert.rejects(transport.fetch(url), (error: unknown) => nameOf(error) === "ADDRESS_REFUSED", url);
    }
  assert.deepEqual([server.connections, lookups], [0, []]);
});

test("a redirect is followed to a public host, and to no other", async (t) => {
  const { load, at, asked, server, lookups } = await world(t, { "inside.example.com": ["10.1.2.3"] });
  assert.deepEqual(await load(at(STAND_IN, `/?to=${encodeURIComponent(at(STAND_IN))}`)), loaded);
  assert.equal(server.connections, 2);
  for (const target of [
    at("inside.example.com"),
    at("127.0.0.1"),
    at("localhost"),
    at("[::1]"),
    at("[::ffff:7f00:1]"),
    at("0x7f.1"),
    at(STAND_IN).replace("https:", "http:"),
    "https://169.254.169.254/latest/meta-data/",
    "https://router/",
    "ftp://a.example.com/",
    `//127.1:${server.port}/a.png`,
    "https://metadata.google.internal/",
    "http://[fd00:ec2::254]/",
    "javascript:0",
  ]) {
    asked.length = 0;
    assert.deepEqual(await load(at(STAND_IN, `/?to=${encodeURIComponent(target)}`)), refused, target);
    // Of a log that may name this machine, only itself may: not a host that it was sent to.
    assert.deepEqual(await load(at(STAND_IN, `/?to=${encodeURIComponent(target)}`), true), refused, target);
    assert.deepEqual(
      asked.map((line) => line.split("/")[0]),
      [STAND_IN, STAND_IN],
    );
  }
  assert.equal(lookups.filter((host) => host !== STAND_IN && host !== "inside.example.com").length, 0);
});

test("a redirect is followed four times, and a name that stands for another address by then is refused", async (t) => {
  const { load, at, asked } = await world(t, { [STAND_IN]: ["127.0.0.1", "127.0.0.1", "192.168.0.1"] });
  const back = (times: number): string => (times === 0 ? "/a.png" : `/?to=${encodeURIComponent(back(times - 1))}`);
  assert.deepEqual(await load(at(STAND_IN, back(2))), refused);
  assert.equal(asked.length, 2);
  const steady = await world(t, {});
  assert.deepEqual(await steady.load(steady.at(STAND_IN, back(4))), loaded);
  assert.deepEqual(await steady.load(steady.at(STAND_IN, back(5))), refused);
});

test("through a proxy, which looks names up itself, no name or address of the own network is asked for", async (t) => {
  const api = await startServer(
    (_, response) => void response.writeHead(200, { "content-type": "image/png" }).end("png"),
    { identity: company.issue("*.example.com") },
  );
  const proxy = await startProxy({ to: api.port });
  t.after(() => Promise.all([proxy.close(), api.close()]));
  const { load, lookups, fallbacks } = await world(t, {}, { proxy: { url: proxy.url } });
  for (const host of [
    "10.0.0.1",
    "0x0a.1",
    "[fd00::1]",
    "[64:ff9b::a00:1]",
    "router",
    "db.internal",
    "nas.local",
    "metadata.goog",
  ])
    assert.deepEqual(await load(`https://${host}/a.png`), refused, host);
  assert.equal(proxy.connections, 0);
  assert.deepEqual(await load("https://other.example.com/a.png"), loaded);
  assert.deepEqual(
    [proxy.asked.map(({ authority }) => authority), lookups, fallbacks()],
    [["other.example.com:443"], [], 0],
  );
});

test("a host that fails is not asked again by a way that checks nothing", async (t) => {
  const { load, at, server, fallbacks } = await world(t, {});
  await server.close();
  assert.deepEqual(await load(at(STAND_IN)), { type: "unreachable" });
  assert.equal(fallbacks(), 0);
});

test("a name of this machine that stands for another address is refused to the sample's logs too", async (t) => {
  const { load, at } = await world(t, { localhost: ["10.0.0.1", "127.0.0.1"] });
  assert.deepEqual(await load(at("localhost"), true), refused);
  assert.deepEqual(await load(at("localhost"), true), loaded);
});
