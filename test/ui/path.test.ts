import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ACCOUNT, aLog, CANARY, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "./window.ts";

const TOKEN = `${CANARY}path`;
const USER_AGENT = "bicycle-shop/2.1";

/** Times of today, certainly in the past, newest first. */
const today = (secondsAgo: number) =>
  new Date(Math.max(Date.now() - secondsAgo * 1000, new Date().setHours(0, 0, 0, 0)));

describe("a person's path", () => {
  let gateway: TestGateway;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway({
      tokens: [
        { value: TOKEN, kind: "user", permissions: ["ai-gateway:read", "accounts:read"] },
        { value: "unlisted", kind: "account", accounts: [ACCOUNT], permissions: ["ai-gateway:read"] },
        { value: "no-permission", kind: "user", permissions: ["accounts:read"] },
      ],
    });
    gateway.store.insert([
      ...Array.from({ length: 119 }, (_, index) => aLog({ id: `log-${index}`, createdAt: today(60 + index) })),
      aLog({
        id: "the-log",
        createdAt: today(10),
        provider: "anthropic",
        model: "claude-sonnet-4-5",
        path: "v1/messages",
        metadata: { user: "42" },
        userAgent: USER_AGENT,
        request: JSON.stringify({
          model: "claude-sonnet-4-5",
          max_tokens: 1024,
          system: "You are the support agent of a bicycle shop.",
          messages: [{ role: "user", content: "Is the blue 54 cm frame still in stock?" }],
        }),
        response: JSON.stringify({
          role: "assistant",
          type: "message",
          content: [{ type: "text", text: "Yes, two blue 54 cm frames are in stock." }],
          stop_reason: "end_turn",
          usage: { input_tokens: 2180, output_tokens: 226 },
        }),
      }),
    ]);
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  it("begins with words and three ways in, and without a call", async () => {
    await window.openView("AI Gateway");
    await window.page.getByRole("button", { name: "Sign In", exact: true }).waitFor();
    await window.page.getByRole("button", { name: "Sign in to it" }).waitFor();
    await window.page.getByRole("button", { name: "Open Sample Gateway" }).waitFor();
    assert.deepEqual(gateway.takeCalls(), []);
  });

  it("names the permission that a token lacks, and keeps nothing", async () => {
    // The button names the kind, so it isn't asked.
    await window.page.getByRole("button", { name: "Sign In", exact: true }).click();
    await window.answer("no-permission", "API token");
    await window.notification("AI Gateway Read");
    assert.equal(await window.page.getByRole("button", { name: "Sign In", exact: true }).isVisible(), true);
  });

  it("says that a token is unknown as a user's, takes another one or the account's ID, and refuses what is none", async () => {
    await window.beginSignIn();
    await window.answer("mistyped", "API token");
    await window.quickInput.getByText("Cloudflare doesn't know this token as a user's token").waitFor();
    await window.choose("Enter Another Token");
    await window.answer("unlisted", "API token");
    await window.choose("Enter the Account ID");
    await window.answer("not-an-id", "0123456789abcdef");
    await window.quickInput.getByText("Enter 32 characters").waitFor();
    await window.answer(ACCOUNT, "0123456789abcdef");
    await window.row("production").waitFor();
    await window.runCommand("AI Gateway: Sign Out");
    await window.choose(ACCOUNT);
    await window.page.getByRole("button", { name: "Sign in to it" }).waitFor();
    await window.page.getByRole("button", { name: "Open Sample Gateway" }).waitFor();
  });

  it("signs in with a hidden token and shows the account's gateways", async () => {
    await window.beginSignIn();
    const input = window.quickInput.locator('input[placeholder="API token"]');
    await input.waitFor();
    assert.equal(await input.getAttribute("type"), "password");
    await window.answer(TOKEN, "API token");
    await window.row("production").waitFor();
    assert.ok((await window.row("production").textContent())?.includes("Acme Bicycles"));
  });

  it("goes from gateway to day to the last log of the day", async () => {
    await window.expandRow("production");
    await window.expandRow(/^Today/);
    await window.row(/^claude-sonnet-4-5/).waitFor();
    await window.until(async () => /120/.test((await window.row(/^Today/).textContent()) ?? ""), "the day's total");
    await window.goInTree("End");
    await window.clickRow(/^Load More/);
    await window.until(async () => {
      await window.goInTree("End");
      return !(await window.row(/^Load More/).isVisible());
    }, "all of the day is loaded");
    await window.goInTree("Home");
  });

  it("opens a log as a conversation", async () => {
    await window.clickRow(/^claude-sonnet-4-5/);
    const page = await window.logPage("the-log");
    const text = await page.locator("#log").innerText();
    for (const part of [
      "v1/messages",
      "200",
      "anthropic",
      "You are the support agent of a bicycle shop.",
      "Is the blue 54 cm frame still in stock?",
      "Yes, two blue 54 cm frames are in stock.",
      "user: 42",
      "$0.018210",
      "842 ms",
      "2,180",
      "226",
    ]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    const roles = await page.locator(".role").allInnerTexts();
    assert.deepEqual(roles, ["system", "user", "assistant"]);
    const colours = await page.evaluate<string[]>(
      '[...document.querySelectorAll(".role")].map((role) => getComputedStyle(role).color)',
    );
    assert.equal(new Set(colours).size, 3);
  });

  it("has one panel for one log", async () => {
    await window.clickRow(/^claude-sonnet-4-5/);
    assert.equal((await window.editors()).filter((title) => title.startsWith("claude-sonnet-4-5")).length, 1);
  });

  it("opens the recorded bodies as read-only documents", async () => {
    const page = await window.webviewFrame("#log:not([inert]) article");
    await page.getByText("Open Response").click();
    await window.page.locator(".tab", { hasText: "response.json" }).waitFor();
    const lines = window.page.locator(".editor-instance .view-lines");
    await lines.getByText("stop_reason").waitFor();
    await window.page.locator(".editor-instance .view-line").first().click();
    await window.page.keyboard.type("x");
    await window.page
      .getByText(/is read-only/i)
      .first()
      .waitFor();
  });

  it("shows the same log again after the window is reloaded", async () => {
    await window.reload();
    await window.page.locator(".tab", { hasText: "claude-sonnet-4-5" }).click();
    const page = await window.webviewFrame("#log:not([inert]) article");
    await page.getByText("Yes, two blue 54 cm frames are in stock.").waitFor();
    assert.equal((await window.editors()).filter((title) => title.startsWith("claude-sonnet-4-5")).length, 1);
  });

  it("has the token nowhere on the disk while it is signed in", async () => {
    assert.deepEqual(await window.filesWith(TOKEN), []);
    // The search works: it finds the settings.
    assert.ok((await window.filesWith(gateway.baseUrl)).length > 0);
  });

  it("forgets the token when signing out, and closes what is shown of the account", async () => {
    await window.openView("AI Gateway");
    await window.row("production").waitFor();
    const shown = async () => (await window.editors()).filter((title) => /claude-|response\.json/.test(title));
    assert.ok((await shown()).length > 0);
    await window.runCommand("AI Gateway: Sign Out");
    await window.choose("Acme Bicycles");
    await window.page.getByRole("button", { name: "Sign in to it" }).waitFor();
    await window.page.getByRole("button", { name: "Open Sample Gateway" }).waitFor();
    await window.until(async () => (await shown()).length === 0, "what shows the log is closed");
    gateway.takeCalls();
    await window.runCommand("AI Gateway: Refresh");
    await window.page.getByRole("button", { name: "Sign in to it" }).waitFor();
    await window.page.getByRole("button", { name: "Open Sample Gateway" }).waitFor();
    assert.deepEqual(gateway.takeCalls(), []);
  });

  it("has left the token nowhere on the disk, and no error in the window", async () => {
    assert.deepEqual(await window.filesWith(TOKEN), []);
    const unexpected = window.errors.filter((error) => !error.startsWith("The permission AI Gateway Read is missing"));
    assert.deepEqual(unexpected, []);
  });
});
