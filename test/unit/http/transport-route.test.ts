import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ProxyEnvironment, type ProxySettings, routeTo } from "../../../src/http/proxy.ts";

const API = "https://api.cloudflare.com/client/v4";
const way = (address: string, settings?: ProxySettings, environment?: ProxyEnvironment) => {
  const route = routeTo(new URL(address), settings, environment);
  return route.kind === "proxy" ? route.uri : route.kind;
};

describe("which proxy is used", () => {
  const cases: [string, ProxySettings | undefined, ProxyEnvironment | undefined, string][] = [
    ["nothing set", undefined, undefined, "direct"],
    ["http.proxy", { url: "http://office:3128" }, {}, "http://office:3128"],
    ["http.proxy before the environment", { url: "http://a:1" }, { HTTPS_PROXY: "http://b:2" }, "http://a:1"],
    ["an empty http.proxy", { url: " " }, { HTTPS_PROXY: "http://b:2" }, "http://b:2"],
    ["HTTPS_PROXY", undefined, { HTTPS_PROXY: "https://b:2" }, "https://b:2"],
    ["lower case first", undefined, { https_proxy: "http://low:1", HTTPS_PROXY: "http://up:1" }, "http://low:1"],
    ["HTTPS before HTTP", undefined, { http_proxy: "http://h:1", HTTPS_PROXY: "http://s:1" }, "http://s:1"],
    ["HTTP_PROXY where there is no other, as in VS Code", undefined, { HTTP_PROXY: "http://h:1" }, "http://h:1"],
    ["ALL_PROXY last", undefined, { ALL_PROXY: "http://all:1" }, "http://all:1"],
    ["no scheme", undefined, { HTTPS_PROXY: "office:3128" }, "http://office:3128"],
    ["a password is not part of the address", { url: "http://me:pw@office:3128/" }, {}, "http://office:3128"],
    ["proxySupport off", { url: "http://a:1", support: "off" }, { HTTPS_PROXY: "http://b:2" }, "direct"],
    ["proxySupport fallback", { url: "http://a:1", support: "fallback" }, {}, "http://a:1"],
    ["socks", { url: "socks5://a:1" }, {}, "unsupported"],
    ["not an address", { url: "http://" }, {}, "unsupported"],
    ["an exception in the settings", { url: "http://a:1", noProxy: [".cloudflare.com"] }, {}, "direct"],
    ["an exception in the environment", { url: "http://a:1" }, { no_proxy: "cloudflare.com" }, "direct"],
    [
      "exceptions in the settings replace those of the environment",
      { url: "http://a:1", noProxy: ["example.com"] },
      { NO_PROXY: "*" },
      "http://a:1",
    ],
  ];
  for (const [name, settings, environment, expected] of cases) {
    test(name, () => assert.equal(way(API, settings, environment), expected));
  }
});

describe("NO_PROXY", () => {
  const cases: [string, string, boolean][] = [
    ["*", API, true],
    ["*:443", API, true],
    ["*:8443", API, false],
    ["api.cloudflare.com", API, true],
    ["API.Cloudflare.COM", API, true],
    ["cloudflare.com", API, true],
    [".cloudflare.com", API, true],
    [".cloudflare.com", "https://cloudflare.com", true],
    ["*.cloudflare.com", API, true],
    ["*.cloudflare.com", "https://cloudflare.com", false],
    ["flare.com", API, false],
    ["api.cloudflare.com.evil.example", API, false],
    ["cloudflare.com.", API, true],
    ["cloudflare.com", "https://api.cloudflare.com./", true],
    ["cloudflare.com:443", API, true],
    ["cloudflare.com:80", API, false],
    ["cloudflare.com:8443", "https://api.cloudflare.com:8443/", true],
    ["one.example, two.example cloudflare.com", API, true],
    [" , ,,", API, false],
    ["", API, false],
    ["10.1.2.3", "https://10.1.2.3/", true],
    ["10.1.2.3:443", "https://10.1.2.3/", true],
    ["10.1.2.3:80", "https://10.1.2.3/", false],
    ["10.0.0.0/8", "https://10.1.2.3/", true],
    ["10.0.0.0/8", "https://11.1.2.3/", false],
    ["10.0.0.0/99", "https://10.1.2.3/", false],
    ["0.0.0.0/0", API, false],
    ["1.2.3", "https://0.1.2.3/", false],
    ["fd00::7", "https://[fd00:0:0::7]/", true],
    ["[fd00::7]", "https://[fd00::7]/", true],
    ["[fd00::7]:443", "https://[fd00::7]/", true],
    ["[fd00::7]:80", "https://[fd00::7]/", false],
    ["fd00::/8", "https://[fd12::1]/", true],
    ["fd00::/8", "https://[fe80::1]/", false],
  ];
  for (const [list, address, isDirect] of cases) {
    test(`"${list}" ${isDirect ? "exempts" : "leaves alone"} ${address}`, () =>
      assert.equal(
        way(address, {}, { https_proxy: "http://a:1", no_proxy: list }),
        isDirect ? "direct" : "http://a:1",
      ));
  }
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "LOCALHOST"]) {
    test(`${host} is always direct`, () => assert.equal(way(`https://${host}:8787/`, { url: "http://a:1" }), "direct"));
  }
  for (const host of ["localhost.example", "x.localhost.example", "evil.localhost", "128.0.0.1", "[::2]"]) {
    test(`${host} is not this machine`, () =>
      assert.equal(way(`https://${host}/`, { url: "http://a:1" }), "http://a:1"));
  }
});

describe("credentials for the proxy", () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  const cases: [string, ProxySettings, string | undefined][] = [
    ["none", { url: "http://office" }, undefined],
    ["in the address", { url: "http://me:p%40ss%2Fword@office" }, basic("me:p@ss/word")],
    ["a user without a password", { url: "http://me@office" }, basic("me:")],
    ["a percent sign that encodes nothing", { url: "http://me:100%25%zz@office" }, basic("me:100%25%zz")],
    ["http.proxyAuthorization first", { url: "http://me:pw@office", authorization: "Bearer x" }, "Bearer x"],
  ];
  for (const [name, settings, expected] of cases) {
    test(name, () => {
      const route = routeTo(new URL(API), settings);
      assert.equal(route.kind === "proxy" ? route.authorization : route.kind, expected);
    });
  }
});
