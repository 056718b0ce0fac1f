import assert from "node:assert/strict";
import { test } from "node:test";
import { aLog, startTestGateway } from "../gateway.ts";
import { openWindow } from "./window.ts";

test("a recorded request is edited, sent with a yes and a token, and its answer shown beside the recorded one", async (t) => {
  const gateway = await startTestGateway();
  gateway.store.insert([aLog({ id: "old", createdAt: new Date(Date.now() - 60_000), metadata: { app: "shop" } })]);
  const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl, "aiGateway.gatewayUrl": gateway.gatewayUrl };
  const window = await openWindow({ settings });
  t.after(async () => {
    await window.close();
    await gateway.close();
  });
  const { page } = window;
  await window.openNewestDay(gateway.token);
  await window.rowMenu(/^gpt-4\.1-mini/, "Resend Request");
  const editor = page.locator('.monaco-editor[data-uri^="ai-gateway-resend:"]').first();
  await editor.getByText(/blue.frame/).click();
  // In memory only: created again from the recorded request, because the tab still exists.
  await window.reload();
  await editor.getByText(/blue.frame/).click();
  await page.keyboard.press("ControlOrMeta+Enter");

  const dialog = page.locator(".monaco-dialog-box");
  await dialog.getByText("Send this request to gpt-4.1-mini?").waitFor();
  await dialog.getByText(/Estimated cost: about \$0\.018/).waitFor();
  assert.equal(gateway.calls.filter(({ method }) => method === "POST").length, 0);
  await dialog.getByRole("button", { name: "Send" }).click();
  await window.answer(gateway.token, "API token");

  await page
    .locator('.monaco-diff-editor .monaco-editor[data-uri^="ai-gateway-resend:"]')
    .getByText("Yes, two are.")
    .waitFor();
  const toast = await window.notification(/Answered in/);
  await toast.getByRole("button", { name: "Open Log" }).click();
  assert.deepEqual(window.errors, []);
  const log = await window.webviewFrame('main:has-text("resent_from")');
  await log.getByText("Yes, two are.").first().waitFor();
  assert.equal(gateway.calls.filter(({ method }) => method === "POST").length, 1);
});
