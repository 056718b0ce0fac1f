import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { overgrown } from "../../growth.ts";
import { staysBelow } from "../../../src/chat/redact/path-traversal.ts";
import { addressOf, callOf } from "../../../src/chat/snippets/call.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { resendAddress, resendUrl } from "../../../src/resend/address.ts";
import { THROUGH } from "./snippets/through.ts";

const BASE = "https://gateway.ai.cloudflare.com/v1";
const gateway = { sourceId: "acc", collectionId: "shop" };
const request = '{"model":"m"}';

/** Bytes of a character in UTF-8, and in the longer forms that lax decoders take for it. */
function bytesOf(character: string, length: number): number[] {
  const code = character.charCodeAt(0);
  if (length === 2) return [0xc0 | (code >> 6), 0x80 | (code & 0x3f)];
  if (length === 3) return [0xe0, 0x80 | (code >> 6), 0x80 | (code & 0x3f)];
  return [code];
}

const percent = (bytes: readonly number[], random: Random): string =>
  bytes
    .map((byte) => `%${byte.toString(16).padStart(2, "0")}`)
    .map((code) => (random.chance(0.5) ? code.toUpperCase() : code))
    .join("");

/** A character as an attacker may write it: itself, encoded once or more, overlong, `%u`, full-width. */
function disguised(character: string, random: Random): string {
  const wide = { ".": "\uff0e", "/": "\uff0f", "\\": "\uff3c" }[character] ?? character;
  const code = character.charCodeAt(0).toString(16).padStart(4, "0");
  let text = random.pick([
    character,
    character,
    percent(bytesOf(character, 1), random),
    percent(bytesOf(character, 2), random),
    percent(bytesOf(character, 3), random),
    `%u${code}`,
    wide,
    percent([...Buffer.from(wide)], random),
  ]);
  for (let round = random.between(0, 10); round > 6; round--) text = text.replaceAll("%", "%25");
  return text;
}

/** The two bytes of an overlong form, as the character that lax decoders take them for. */
const short = (bytes: string): string =>
  bytes.replace(/(?:\xe0([\x80\x81])|([\xc0\xc1]))([\x80-\xbf])/g, (_, three: string, two: string, low: string) =>
    String.fromCharCode((((three || two).charCodeAt(0) & 1) << 6) | (low.charCodeAt(0) & 0x3f)),
  );

/**
 * Decodes completely, like a server that accepts `%u`, compatibility forms and backslashes, and if lax also overlong
 * forms.
 */
function decodedBy(isLax: boolean, address: string): string {
  for (let before = ""; before !== address;) {
    before = address;
    address = address
      .replace(/%u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
        const bytes = Buffer.from(run.replaceAll("%", ""), "hex").toString("latin1");
        return Buffer.from(isLax ? short(bytes) : bytes, "latin1").toString();
      });
  }
  return address.normalize("NFKC").replaceAll("\\", "/");
}

/** Whether the most lenient server reads an address as a path below `base`. */
function isBelow(address: string, base: string): boolean {
  const [before = ""] = address.split("?");
  return [before, decodedBy(false, before), decodedBy(true, before)].every((read) => {
    const { href } = new URL(read);
    return href === base || href.startsWith(`${base}/`);
  });
}

const resent = (path: string, more = {}): string | undefined => {
  const address = resendAddress({ provider: "openai", path, ...more }, request);
  return typeof address === "string" ? undefined : resendUrl(BASE, gateway, address);
};
const copied = (path: string, provider = "openai"): string | undefined => {
  const call = callOf({ gateway, through: THROUGH, provider, path, request, response: null });
  return call && addressOf(call);
};

describe("a recorded address", () => {
  it("is refused, or leads below its provider however it is decoded (10,000 random ones)", () => {
    const random = new Random(8);
    let [refused, taken] = [0, 0];
    for (let count = 0; count < 10_000; count++) {
      const plain = Array.from({ length: random.between(1, 5) }, () =>
        random.pick(["..", "..", ".", "/", "/", "\\", "v1", "chat", ".a", "a..", ";x", "//evil.example/", "https://"]),
      ).join(random.pick(["/", "/", "\\", ""]));
      const path = Array.from(plain, (character) =>
        /[./\\]/.test(character) ? disguised(character, random) : character,
      ).join("");
      for (const [address, base] of [
        [resent(path), "/acc/shop/openai"],
        [resent(path, { compatibilityMode: true }), "/acc/shop/compat"],
        [copied(path), "/acc/shop/openai"],
        [copied("chat", path), "/acc/shop"],
      ] as const) {
        if (address === undefined) refused++;
        else {
          taken++;
          assert.ok(isBelow(address, BASE + base), `${path}: ${address}`);
        }
      }
    }
    assert.ok(refused > 5000 && taken > 1000, `${refused} refused, ${taken} taken`);
  });

  it("that leads upwards is refused in each of its forms", () => {
    const forms = [
      "../x ./x a/.. ..%2f..%2fother/x %5c..%5cx a%5c..%5cx %2e%2e/x %2E./x .%2e%2fx %252e%252e%252fx ..%252fx %25252e%25252e/x",
      "%c0%ae%c0%ae/x ..%c0%afx %e0%80%ae%e0%80%ae/x ..%c1%9cx %u002e%u002e/x ..%u2215x \uff0e\uff0e/x ..\uff0fx \u2025/x",
      "..;/x ..;a=b/x ..%3b/x ..%00/x ..%3fx ..%23x .%0a./x .%09./x %20../x ..%20/x .%e2%80%8b./x a//../x",
      `..${"%".padEnd(41, "25")}2fx a%ff`,
    ].flatMap((line) => line.split(" "));
    for (const path of forms) {
      assert.equal(resent(path), undefined, path);
      assert.equal(resent(path, { compatibilityMode: true }), undefined, path);
      assert.equal(copied(path), undefined, path);
    }
    for (const provider of ["..", ".", "../x", "..%2f", "%2e%2e"]) assert.equal(copied("chat", provider), undefined);
    for (const path of forms.filter((form) => !form.includes("\n")))
      assert.throws(() => resendUrl(BASE, gateway, { provider: "openai", path, headers: {} }), RangeError, path);
  });

  it("of an honest client is taken as it is", () => {
    for (const path of [
      "chat/completions",
      "v1beta/models/gemini-2.5-flash:streamGenerateContent",
      "model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.a.b-v1%3A0/converse",
      "@cf/meta/llama-3.1-8b-instruct",
      "run/%40cf%2Fmeta%2Fllama",
      "v1/files/..a/b../...",
      "100%/a%zz",
      "deployments/caf%C3%A9%20two/chat",
    ]) {
      assert.equal(resent(path), `${BASE}/acc/shop/openai/${path}`);
      assert.equal(copied(path), `${BASE}/acc/shop/openai/${path}`);
    }
    const query = "chat?next=..%2f..%2fx";
    assert.deepEqual([resent(query), copied(query)], Array(2).fill(`${BASE}/acc/shop/openai/${query}`));
  });

  it("is looked at in time that grows with its length alone", async () => {
    const parts = ["%25", "%2e", "../", "%u002e", ".", "\u200b", "a/"].map((part) => ({
      name: part,
      prepare: (size: number) => {
        const path = part.repeat(size);
        return () => staysBelow(path);
      },
    }));
    assert.deepEqual(await overgrown(parts, 4000), []);
  });
});
