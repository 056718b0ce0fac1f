import { aLog, startTestGateway } from "../test/gateway.ts";
import { openWindow, type Window } from "../test/ui/window.ts";

const talk = (...turns: string[]) =>
  JSON.stringify({
    model: "gpt-5",
    temperature: turns.length > 1 ? 0.2 : 0.7,
    messages: [
      { role: "system", content: "You answer for Acme Bicycles. Be brief, and name prices in euros." },
      ...turns.map((content, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content })),
    ],
  });

const answer = (id: string, content: string) =>
  JSON.stringify({
    id: `chatcmpl-${id}`,
    created: 1_794_000_000,
    model: "gpt-5",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 41, completion_tokens: content.length, total_tokens: 41 + content.length },
  });

/** Two turns of a conversation: compared as conversations and as requests, and the copy forms. */
export async function comparing(
  theme: string,
  picture: (window: Window, name: string) => Promise<void>,
): Promise<void> {
  const gateway = await startTestGateway();
  const newest = Date.now();
  const asked = "Is the blue frame in stock, and what does it cost?";
  const said = "Yes: two frames in 54 cm, at 890 euros each.";
  gateway.store.insert([
    aLog({
      id: "first",
      model: "gpt-5",
      createdAt: new Date(newest - 95_000),
      request: talk(asked),
      response: answer("a1", said),
      tokensIn: 41,
      tokensOut: 18,
      cost: 0.0012,
      durationMs: 1240,
    }),
    aLog({
      id: "second",
      model: "gpt-5",
      createdAt: new Date(newest - 30_000),
      request: talk(asked, said, "And the red one?"),
      response: answer("b2", "One in 56 cm, at 910 euros."),
      tokensIn: 74,
      tokensOut: 12,
      cost: 0.0019,
      durationMs: 980,
    }),
  ]);
  const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl };
  const window = await openWindow({ theme, settings, viewport: { width: 1360, height: 800 } });
  const modified = window.page.locator(".monaco-diff-editor .editor.modified .view-lines");
  try {
    await window.openNewestDay(gateway.token);
    await window.clickRow(/^gpt-5,/);
    await window.logPage("second");
    await window.page.keyboard.press("Shift+Alt+P");
    await window.quickInput.getByText("Conversations").waitFor();
    await picture(window, "compare-pick");
    await window.choose("Conversations");
    await modified.getByText(/\+33\sin/).waitFor();
    await picture(window, "compare-conversation");
    await window.page.keyboard.press("Shift+Alt+D");
    await window.choose("Requests");
    await modified.getByText('"temperature"').waitFor();
    await picture(window, "compare-request");
    await window.clickRow(/^gpt-5,/);
    await window.logPage("second");
    await window.page.keyboard.press("Shift+Alt+C");
    await window.quickInput.getByText("cURL").waitFor();
    await picture(window, "copy-as");
    await window.page.keyboard.press("Escape");
    await window.quickInput.waitFor({ state: "detached" });
    await window.row(/^gpt-5,/).click({ button: "right" });
    await window.page.locator(".monaco-menu .action-item", { hasText: "Compare with Previous" }).waitFor();
    await picture(window, "compare-menu");
  } finally {
    await window.close();
    await gateway.close();
  }
}
