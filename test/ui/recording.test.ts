// A person records the calls of a program that is started in a new terminal, with nothing set up in it.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../proxy.ts";
import { openWindow, type Window } from "./window.ts";

const ANSWER = JSON.stringify({
  model: "gpt-5",
  choices: [{ index: 0, message: { role: "assistant", content: "Two are left." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
});

/** A program as short as it gets: the address is in its environment. */
const PROGRAM =
  "curl -s $OPENAI_BASE_URL/chat/completions -H 'content-type: application/json'" +
  ` -d '{"model":"gpt-5","messages":[{"role":"user","content":"Is it in stock?"}]}'`;

describe("recording in a window", () => {
  let upstream: TestServer;
  let window: Window;

  before(async () => {
    upstream = await startServer((request, response) => {
      request.resume().on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(ANSWER));
    });
    window = await openWindow({ settings: { "aiGateway.recorder.upstreams": { openai: upstream.url } } });
  });

  after(async () => {
    await window.close();
    await upstream.close();
  });

  const status = (words: string) => window.page.locator(".statusbar-item", { hasText: words });

  it("says that it waits for the first call, and opens a terminal", async () => {
    await window.openView("AI Gateway");
    await window.runCommand("AI Gateway: Record Calls");
    await status("Recording: 0 calls").waitFor();
    await window.notification("Waiting for the first call");
    await window.page.getByRole("button", { name: "New Terminal", exact: true }).click();
    await window.page.locator(".terminal.xterm textarea").first().waitFor({ state: "attached" });
  });

  it("counts a program's call, and shows it as a log", async () => {
    const terminal = window.page.locator(".terminal.xterm textarea").first();
    await terminal.focus();
    await window.page.keyboard.type(PROGRAM);
    await window.page.keyboard.press("Enter");
    await status("Recording: 1 call").waitFor();
    await window.expandRow("recordings");
    await window.expandRow(/^(Today|Yesterday)/);
    await window.clickRow(/, succeeded, /);
    const page = await window.webviewFrame("#log footer");
    await page.getByText("Two are left.").waitFor();
    await page.getByText("Is it in stock?").waitFor();
  });

  it("ends with a click in the status bar", async () => {
    await status("Recording: 1 call").click();
    await status("Recording").waitFor({ state: "detached" });
  });

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
