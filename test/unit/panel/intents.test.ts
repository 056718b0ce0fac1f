import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isRef, parseIntent, webAddress } from "../../../src/panel/intents.ts";

const ref = { sourceId: "a", collectionId: "g", logId: "l" };

describe("parseIntent", () => {
  it("takes what the protocol knows", () => {
    for (const intent of [
      { type: "ready" },
      { type: "setView", view: "raw" },
      { type: "openBody", side: "response" },
      { type: "copy", text: "" },
      { type: "openLog", ref },
      { type: "go", to: "previous" },
      { type: "filterBy", name: "team", value: "blue" },
      { type: "rate", logId: "l", verdict: "none" },
      { type: "skipLog", logId: "l" },
      { type: "undoRating" },
    ])
      assert.equal(parseIntent(intent), intent);
  });

  it("takes nothing else", () => {
    for (const message of [
      undefined,
      null,
      "ready",
      [],
      {},
      { type: 1 },
      { type: "toString" },
      { type: "__proto__" },
      { type: "setView" },
      { type: "setView", view: "source" },
      { type: "openBody", side: "both" },
      { type: "copy", text: 1 },
      { type: "openLog", ref: { ...ref, logId: "" } },
      { type: "go", to: { toString: () => "next" } },
      { type: "filterBy", name: "team" },
      { type: "rate", verdict: "up" },
      { type: "rate", logId: "l", verdict: "best" },
      { type: "skipLog" },
    ])
      assert.equal(parseIntent(message), undefined);
  });
});

describe("isRef", () => {
  it("wants all three ids", () => {
    assert.equal(isRef(ref), true);
    for (const part of Object.keys(ref)) assert.equal(isRef({ ...ref, [part]: undefined }), false);
  });
});

describe("webAddress", () => {
  it("is one of the web, without credentials", () => {
    assert.equal(webAddress("https://example.com/a?b#c")?.href, "https://example.com/a?b#c");
    assert.equal(webAddress("http://example.com")?.protocol, "http:");
    for (const text of [
      "",
      "example.com",
      "//example.com",
      "javascript:alert(1)",
      "JAVASCRIPT:alert(1)",
      " \tjavascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "vscode://file/x",
      "command:workbench.action.quit",
      "https://user@example.com",
      "https://user:secret@example.com",
      `https://example.com/${"x".repeat(5000)}`,
    ])
      assert.equal(webAddress(text), undefined, text.slice(0, 40));
  });
});
