import assert from "node:assert/strict";
import * as vscode from "vscode";
import { copyText } from "../../src/platform/clipboard.ts";

describe("a text put on the clipboard", () => {
  it("has no character that a terminal would act on", async () => {
    await copyText("a\x03\r\ntouch x\u009b\tb");
    assert.equal(await vscode.env.clipboard.readText(), "a\\u0003\ntouch x\\u009b\tb");
  });
});
