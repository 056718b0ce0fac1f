import { aLog, GATEWAY, startTestGateway } from "../test/gateway.ts";
import { openWindow, type Window } from "../test/ui/window.ts";

const request = {
  model: "gpt-4.1-mini",
  messages: [
    { role: "system", content: "You help the customers of a bicycle shop. Answer in one or two sentences." },
    { role: "user", content: "Is the blue frame in stock?" },
  ],
  temperature: 0.7,
};

const answer = (content: string) => ({
  id: "chatcmpl-7Q2v",
  object: "chat.completion",
  model: "gpt-4.1-mini-2025-04-14",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage: { prompt_tokens: 42, completion_tokens: content.length >> 2, total_tokens: 42 + (content.length >> 2) },
});

/** Editing a recorded request, the confirmation, and the answer next to the recorded one. */
export async function resending(
  theme: string,
  picture: (window: Window, name: string) => Promise<void>,
): Promise<void> {
  const gateway = await startTestGateway();
  const recorded = {
    request: JSON.stringify(request),
    response: JSON.stringify(answer("Yes, two are. They are size M and L.")),
  };
  gateway.store.insert([aLog({ id: "old", createdAt: new Date(Date.now() - 60_000), ...recorded })]);
  const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl, "aiGateway.gatewayUrl": gateway.gatewayUrl };
  const window = await openWindow({ theme, settings, viewport: { width: 1280, height: 700 } });
  const { page } = window;
  try {
    await window.openNewestDay(gateway.token);
    await window.clickRow(/^gpt-4\.1-mini/);
    await window.logPage("old");
    await window.rowMenu(/^gpt-4\.1-mini/, "Resend Request");
    const editor = page.locator('.monaco-editor[data-uri^="ai-gateway-resend:"]').first();
    await editor.getByText("0.7").click();
    for (const key of ["End", "Backspace", "2"]) await page.keyboard.press(key);
    await editor.getByText("0.2").waitFor();
    await picture(window, "resend-request");
    await page.locator('.editor-actions .action-label[aria-label^="Send Request"]').click();
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.getByText("Estimated cost").waitFor();
    await picture(window, "resend-confirm");
    // The local gateway answers with its current content; the window has cached the recorded one.
    gateway.store.storeBodies(GATEWAY, "old", {
      request: recorded.request,
      response: JSON.stringify(answer("Yes: two blue frames are in stock, in size M and L.")),
    });
    await dialog.getByRole("button", { name: "Send" }).click();
    await window.quickInput.locator('input[placeholder*="API token"]').waitFor();
    await picture(window, "resend-token");
    await window.answer(gateway.token, "API token");
    await page
      .locator(".monaco-diff-editor")
      .getByText(/two.blue.frames/)
      .first()
      .waitFor();
    await window.notification(/Answered in/);
    await page.locator(".notification-toast", { hasText: "Waiting" }).waitFor({ state: "detached" });
    await picture(window, "resend-diff");
  } finally {
    await window.close();
    await gateway.close();
  }
}
