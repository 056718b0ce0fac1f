import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation } from "../../../src/chat/conversation.ts";
import { readConversation } from "../../../src/chat/read.ts";
import { redact } from "../../../src/chat/redact/redact.ts";
import { bodyOf, traffic } from "../../traffic.ts";
import { ALL, JWT, KEYS, PEM, hex, redactText, redactValue, saying } from "./redacted.ts";

describe("redact", () => {
  it("leaves identifiers, hashes, dates and names alone", () => {
    for (const said of [
      "task-550e8400-e29b-41d4-a716-446655440000",
      "01JD3Q7Z8X9Y0A1B2C3D4E5F6G",
      hex(40),
      hex(64),
      "chatcmpl-AbCdEf1234567890abcdef",
      "2026-11-20T10:11:12.123Z",
      "sk-fading-circle-with-a-long-name",
      "https://a.example/path?page=2&sort=name#top",
      "import hf_hub_download_and_something_else_that_is_long",
    ]) {
      assert.equal(redactText(said), said);
    }
  });

  it("goes everywhere, keys included, and leaves the structure", () => {
    const at = "ann@example.com";
    const mark = "[redacted: e-mail]";
    const build = (said: string, key: string): Conversation => ({
      format: "f",
      messages: [
        {
          role: "user",
          name: said,
          finishReason: said,
          details: { [key]: [{ deep: said }] },
          parts: [
            {
              type: "text",
              text: said,
              citations: [{ text: said, url: said, title: said, [key]: said }],
              details: { said },
            },
            { type: "reasoning", text: said },
            { type: "toolCall", id: said, name: said, arguments: { [key]: said } },
            { type: "toolResult", id: said, name: said, parts: [{ type: "refusal", text: said }] },
            { type: "media", media: "file", mimeType: said, url: said, name: said, data: at },
            { type: "embedding", values: [1e12] },
            { type: "data", value: said },
            { type: "unknown", value: [said] },
          ],
        },
      ],
      answers: [{ role: "assistant", parts: [{ type: "text", text: said }] }],
      tools: [{ name: said, description: said, parameters: { [key]: said }, details: { said } }],
      settings: { [key]: said },
      model: said,
      usage: { tokensIn: 1 },
      error: { message: said, type: said, code: said, details: { said } },
      complete: false,
      unstored: true,
      steps: [{ provider: said, path: said, shown: true, request: { said } }],
      envelope: { [key]: said },
    });
    const given = build(at, at);
    assert.deepEqual(redact(given, { emails: true }), build(mark, mark));
    assert.deepEqual(given, build(at, at));
    assert.deepEqual(redact(given, {}), given);
  });

  it("keeps fields apart whose keys become the same", () => {
    const value = { "a@b.example": 1, "c@d.example": 2, "[redacted: e-mail]": 3, x: 4 };
    assert.deepEqual(Object.entries(redactValue(value) as object), [
      ["[redacted: e-mail] 2", 1],
      ["[redacted: e-mail] 3", 2],
      ["[redacted: e-mail]", 3],
      ["x", 4],
    ]);
  });

  it("keeps a recorded __proto__ a key", () => {
    const redacted = redactValue(JSON.parse('{"__proto__":"a@b.example"}')) as object;
    assert.deepEqual(Object.entries(redacted), [["__proto__", "[redacted: e-mail]"]]);
  });

  it("takes custom rules of any flags and leaves their state", () => {
    for (const flags of ["", "g", "y", "gy", "gi", "dgu"]) {
      const pattern = new RegExp("emp-\\d+", flags);
      pattern.lastIndex = 3;
      const rules = { custom: [{ name: "employee", pattern }] };
      const expected = "a [redacted: employee] b [redacted: employee]";
      assert.equal(redactText("a emp-1 b emp-22", rules), expected);
      assert.equal(redactText("a emp-1 b emp-22", rules), expected);
      assert.equal(pattern.lastIndex, 3);
    }
    assert.equal(redactText("abc", { custom: [{ name: "nothing", pattern: /x*/ }] }), "abc");
    const everything = redact(saying("abc"), { custom: [{ name: "$& all", pattern: /.+/ }] });
    assert.deepEqual(everything, saying("[redacted: $& all]"));
  });

  it("changes nothing the second time", () => {
    const given = saying(`password=abcdefgh1, ann@example.com, ${KEYS.join(" ")} api_key: "${KEYS[0]}" Bearer ${JWT}`);
    given.settings = { api_key: KEYS[0], authorization: `Bearer ${JWT}` };
    const once = redact(given, ALL);
    assert.deepEqual(redact(once, ALL), once);
  });

  it("takes deep values", () => {
    let value: unknown = "ann@example.com";
    for (let level = 0; level < 1200; level++) value = level % 2 === 0 ? [value] : { value };
    assert.ok(JSON.stringify(redactValue(value)).includes("[redacted: e-mail]"));
  });

  // A pattern that backtracks would not come back from these.
  it("takes large texts of what almost matches", () => {
    const units = [
      "sk-",
      "eyJ",
      "-eyJ",
      "eyJaaaaaaaa.eyJ.",
      "token:",
      "password=",
      "Bearer+",
      "cookie:",
      "a@",
      "a.",
      "a@b.",
    ];
    for (const unit of [...units, "4 ", "4111 ", "://a:", "secret_", `${PEM}a-`, "\\n", "%40", "AKIA", "-", "é"]) {
      for (const size of [25_000, 200_000]) {
        const said = unit.repeat(size / unit.length);
        assert.ok(redactText(said).length > 0);
      }
    }
    const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`a${index}@b.example`, index]));
    assert.equal(Object.keys(redactValue(keys) as object).length, 20_000);
  });

  it("goes through the exchanges and settles", () => {
    for (const recorded of traffic()) {
      const conversation = readConversation({
        provider: recorded.provider,
        path: recorded.path,
        request: bodyOf(recorded.request, recorded.request_encoding),
        response: bodyOf(recorded.response, recorded.response_encoding),
      });
      const redacted = redact(conversation, ALL);
      assert.deepEqual(redact(redacted, ALL), redacted, recorded.id);
      assert.deepEqual(redact(conversation, {}), conversation, recorded.id);
    }
  });
});
