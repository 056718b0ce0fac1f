import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { markup, newNonce, pageHtml } from "../../../src/panel/html.ts";

const PARTS = {
  style: "main > p { color: red }",
  start: "if (1 < 2 && 3) go();",
  script: "https://source.test/page.js",
};
const TITLE = "AI Gateway Log";

describe("the page's HTML", () => {
  const html = pageHtml(PARTS, "NONCE", "en", TITLE, markup`<p>${"known"}</p>`);
  const policy =
    /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll("&#39;", "'") ?? "";

  it("allows nothing that it does not name", () => {
    const directives = policy.split("; ");
    assert.deepEqual(directives, [
      "default-src 'none'",
      "script-src 'nonce-NONCE'",
      "style-src 'nonce-NONCE'",
      "img-src data: blob:",
      "media-src data: blob:",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it("has our own script and style in it, with the nonce and as they are, and waits for no file", () => {
    assert.deepEqual(html.match(/<(?:script|style)\b[^>]*>.*/g), [
      `<style nonce="NONCE">${PARTS.style}</style>`,
      `<script nonce="NONCE">${PARTS.start}</script>`,
    ]);
    assert.deepEqual(html.match(/<[^>]* (?:src|href)=[^>]*>/g), [
      `<link rel="preload" as="script" href="${PARTS.script}" nonce="NONCE">`,
    ]);
  });

  it("shows what is known before any script runs, out of reach until one does", () => {
    assert.ok(html.includes('<main id="log" inert><p>known</p></main>'));
  });

  it("escapes what it is given", () => {
    const script = '"><script>alert(1)</script>';
    const hostile = pageHtml(
      { ...PARTS, script },
      "NONCE",
      '"><b>',
      TITLE,
      markup`<i title="${script}">${[script]}</i>`,
    );
    assert.equal(hostile.match(/<script/g)?.length, 1);
    assert.ok(!hostile.includes("<b>"));
    const escaped = "&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;";
    assert.ok(hostile.includes(`<i title="${escaped}">${escaped}</i>`));
  });

  it("never uses a nonce twice", () => {
    const nonces = Array.from({ length: 100 }, newNonce);
    assert.equal(new Set(nonces).size, 100);
    assert.ok(nonces.every((nonce) => Buffer.from(nonce, "base64").length >= 16));
  });
});
