import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newNonce, pageHtml } from "../../../src/panel/html.ts";

describe("the page's HTML", () => {
  const addresses = {
    cspSource: "https://source.test",
    script: "https://source.test/page.js",
    style: "https://source.test/page.css",
  };
  const html = pageHtml(addresses, "NONCE", "en", "AI Gateway Log");
  const policy =
    /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll("&#39;", "'") ?? "";

  it("allows nothing that it does not name", () => {
    const directives = policy.split("; ");
    assert.deepEqual(directives, [
      "default-src 'none'",
      "script-src 'nonce-NONCE'",
      "style-src https://source.test",
      "font-src https://source.test",
      "img-src data: blob:",
      "media-src data: blob:",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it("has one script, with the nonce and without code or data in it", () => {
    assert.deepEqual(html.match(/<script[^>]*>[^<]*/g), ['<script nonce="NONCE" src="https://source.test/page.js">']);
  });

  it("escapes what it is given", () => {
    const hostile = pageHtml(
      { ...addresses, script: '"><script>alert(1)</script>' },
      "NONCE",
      '"><b>',
      "AI Gateway Log",
    );
    assert.equal(hostile.match(/<script/g)?.length, 1);
    assert.ok(!hostile.includes("<b>"));
  });

  it("never uses a nonce twice", () => {
    const nonces = Array.from({ length: 100 }, newNonce);
    assert.equal(new Set(nonces).size, 100);
    assert.ok(nonces.every((nonce) => Buffer.from(nonce, "base64").length >= 16));
  });
});
