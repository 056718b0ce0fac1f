import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublicAddress, isPublicHost } from "../../../src/http/public-address.ts";
import { ipv4In, NOT_PUBLIC_IPV4, NOT_PUBLIC_IPV6, ipv6In, hostsFor } from "../../addresses.ts";
import { Random } from "../../../src/local/samples/random.ts";

test("what is not of the public internet is refused in every range and notation", () => {
  const random = new Random(14_03);
  let tried = 0;
  const refuse = (host: string, from: string) => {
    tried++;
    const url = URL.parse(`https://${host}/a.png`);
    // An invalid host isn't checked.
    if (url) assert.equal(isPublicHost(url.hostname), false, `${host} (${url.hostname}), from ${from}`);
  };
  for (const range of NOT_PUBLIC_IPV4)
    for (let i = 0; i < 60; i++) {
      const address = ipv4In(range, random);
      assert.equal(isPublicAddress(address), false, `${address}, from ${range}`);
      for (const host of hostsFor(address)) refuse(host, range);
    }
  for (const range of NOT_PUBLIC_IPV6)
    for (let i = 0; i < 60; i++) {
      const address = ipv6In(range, random);
      assert.equal(isPublicAddress(address), false, `${address}, from ${range}`);
      refuse(`[${address}]`, range);
    }
  assert.ok(tried > 15_000, String(tried));
});

test("what is of the public internet is let through, up to the edges of the ranges", () => {
  for (const address of [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.0.3.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2003::1",
    "2606:4700::1111",
    "2a00:1450:4001::200e",
    "3ffd::1",
    "3fff:1000::1",
    "64:ff9b::1.1.1.1",
    "64:ff9b::808:808",
  ]) {
    assert.equal(isPublicAddress(address), true, address);
    const { hostname } = new URL(`https://${address.includes(":") ? `[${address}]` : address}/`);
    assert.equal(isPublicHost(hostname), true, hostname);
  }
});

test("names of the own machine and network are told from those of the internet", () => {
  for (const name of [
    "localhost",
    "a.localhost",
    "a.localhost.",
    "router",
    "metadata",
    "printer.local",
    "nas.lan",
    "fritz.home",
    "db.internal",
    "metadata.google.internal",
    "metadata.google.internal.",
    "hub.home.arpa",
    "wiki.corp",
    "metadata.goog",
    "git.intranet",
    "x.private",
    "a.localdomain",
  ])
    assert.equal(isPublicHost(new URL(`https://${name}/`).hostname), false, name);
  for (const name of ["example.com", "example.com.", "local.example.com", "notlocal.dev", "mylocal", "internal.io"])
    assert.equal(isPublicHost(new URL(`https://${name}/`).hostname), name !== "mylocal", name);
  for (const nothing of ["", ".", "fe80::1%eth0", "2606:4700::1%eth0", "1.1.1", "none"])
    assert.equal(isPublicAddress(nothing), false, nothing);
});
