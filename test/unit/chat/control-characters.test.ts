import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { escapeControls } from "../../../src/chat/control-characters.ts";
import { copied, type CopyForm } from "../../../src/chat/copy.ts";
import { snippetForms } from "../../../src/chat/snippets/index.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { THROUGH } from "./snippets/through.ts";

/** C0 except newline and tab, DEL and C1, and bidirectional controls. */
const ACTING = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
  0x202a,
  0x202b,
  0x202c,
  0x202d,
  0x202e,
  0x2066,
  0x2067,
  0x2068,
  0x2069,
]
  .map((code) => String.fromCharCode(code))
  .filter((character) => character !== "\n" && character !== "\t");

const held = (text: string): string[] => ACTING.filter((character) => text.includes(character));

describe("a text that is copied", () => {
  it("has no character that acts, and shows where one was", () => {
    assert.deepEqual(held(escapeControls(ACTING.join("x"))), []);
    assert.equal(
      escapeControls("a\x1b[31m\x7f\u009b\u202e\tb\r\nc\rd\n"),
      "a\\u001b[31m\\u007f\\u009b\\u202e\tb\nc\nd\n",
    );
    assert.equal(escapeControls("\u0627\u200f \u{1f468}\u200d\u{1f469} é"), "\u0627\u200f \u{1f468}\u200d\u{1f469} é");
  });

  it("says the same where it is JSON", () => {
    const value = { text: `${ACTING.join("\\")}"`, [ACTING.join("")]: 1 };
    assert.deepEqual(JSON.parse(escapeControls(JSON.stringify(value))), value);
    assert.deepEqual(JSON.parse(escapeControls('{\r\n "a": 1\r}')), { a: 1 });
  });

  it("has none in any form of a log, whatever was recorded", () => {
    const random = new Random(4);
    const seen = new Set<CopyForm>();
    for (let count = 0; count < 300; count++) {
      const odd = () => Array.from({ length: random.between(0, 6) }, () => random.pick([...ACTING, "a", "'"])).join("");
      const provider = random.pick(["openai", "anthropic"]);
      const said = JSON.stringify({ model: odd(), messages: [{ role: "user", content: odd() }], [odd()]: odd() });
      // JSON takes C1 and DEL as they are.
      const recorded = {
        gateway: { sourceId: "a", collectionId: "g" },
        through: THROUGH,
        provider,
        path: `${odd().replaceAll("\0", "")}/${provider === "openai" ? "chat/completions" : "v1/messages"}?a=${odd()}`,
        requestContentType: `application/json${odd()}`,
        request: random.chance(0.7) ? said : odd() + said,
        response: odd(),
      };
      for (const form of ["markdown", "json", ...snippetForms(recorded, "win32")] as const) {
        const text = copied(form, recorded)?.text;
        assert.ok(text !== undefined);
        assert.deepEqual(held(text), [], `${form}: ${JSON.stringify(text)}`);
        if (form === "json") JSON.parse(text);
        seen.add(form);
      }
    }
    assert.equal(seen.size, 8);
  });

  it("is known to hold a key, in the forms that encode it too", () => {
    const key = `sk-proj-${"abcdefghij0123456789".repeat(2)}`;
    const holdsKey = (request: string, form: CopyForm) =>
      copied(form, {
        gateway: { sourceId: "a", collectionId: "g" },
        through: THROUGH,
        provider: "openai",
        path: "x",
        request,
        response: null,
      })?.holdsKey;
    for (const form of ["curl", "powershell"] as const) {
      assert.equal(holdsKey(`\x01${key}`, form), true);
      assert.equal(holdsKey(`${"x ".repeat(95)}${key}`, form), true);
      assert.equal(holdsKey("nothing", form), false);
    }
  });
});
