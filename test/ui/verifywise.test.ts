import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startVerifyWise, type VerifyWiseServer } from "../verifywise-server.ts";
import { entries, keyboardPerson } from "./browse-person.ts";
import { openWindow, type Window } from "./window.ts";

for (const generation of [1, 2] as const)
  describe(`a VerifyWise server in a window, generation ${generation}`, () => {
    let server: VerifyWiseServer;
    let window: Window;
    const now = Date.now();

    const call = (secondsAgo: number, model: string, statusCode = 200) => ({
      createdAt: new Date(now - secondsAgo * 1000),
      endpoint: "chat",
      model,
      provider: "openai",
      promptTokens: 11,
      completionTokens: 22,
      cost: 0.00012346,
      latencyMs: 215,
      statusCode,
      metadata: { team: secondsAgo % 2 === 0 ? "blue" : "red" },
      messages: [{ role: "user", content: "Is it in stock?" }],
      response: statusCode === 200 ? "Yes, two are left." : null,
      error: statusCode === 200 ? null : "litellm.RateLimitError: slow down",
      ...(secondsAgo % 10 === 0 ? { key: "CI key" } : { user: "Ada" }),
    });

    before(async () => {
      server = await startVerifyWise(generation);
      server.add(
        ...Array.from({ length: 120 }, (_, index) =>
          call(index, index === 1 ? "failed" : `model-${index}`, index === 1 ? 429 : 200),
        ),
      );
      window = await openWindow({ settings: { "aiGateway.autoRefreshSeconds": 5 } });
    });

    after(async () => {
      await window.close();
      await server.close();
    });

    /** Waits for a row at the end of the tree, which only has rows that are in view. */
    const seeAtEnd = (row: RegExp) =>
      window.until(async () => {
        await window.goInTree("End");
        return window.row(row).isVisible();
      }, `${row} is there`);

    const host = () => new URL(server.baseUrl).host;

    it("is signed in to, and shows its days and logs", async () => {
      await window.openView("AI Gateway");
      await window.runCommand("AI Gateway: Sign In…");
      await window.choose("VerifyWise");
      await window.answer(server.baseUrl, "https://verifywise");
      await window.choose("API token");
      await window.answer(server.token, "API token");
      await window.expandRow(host());
      await window.expandRow(/^(Today|Yesterday)/);
      await window.row(/^model-0, succeeded, key CI key, chat/).waitFor();
      await window.row(/^model-2, succeeded, user Ada, chat/).waitFor();
      assert.deepEqual(window.errors, []);
    });

    it("goes on page by page to the last log", async () => {
      for (const next of [/^model-98/, /^model-119/]) {
        await window.goInTree("End");
        await window.clickRow("Load More");
        await seeAtEnd(next);
      }
      await window.goInTree("Home");
    });

    it("shows what its guardrails did", async () => {
      server.addChecks({
        createdAt: new Date(now),
        type: "pii",
        name: "PII",
        action: "blocked",
        entity: "EMAIL_ADDRESS",
        text: "ann@example.com",
      });
      await window.goInTree("End");
      await window.expandRow("Guardrails");
      await seeAtEnd(/^(Today|Yesterday), 1 log/);
      await window.expandRow(/^(Today|Yesterday), 1 log/);
      await seeAtEnd(/^PII · EMAIL_ADDRESS, blocked/);
      assert.ok(!(await window.rows.allTextContents()).join().includes("ann@example.com"));
      await window.goInTree("Home");
    });

    it("opens a log with what the server has of it", async () => {
      const before = server.calls.length;
      await keyboardPerson(window).open(/^failed/);
      const page = await window.logPage("2");
      await page.getByText("litellm.RateLimitError: slow down").first().waitFor();
      if (generation === 1) await page.getByText("Is it in stock?").first().waitFor();
      assert.equal(server.calls.length, before, "the row is all there is");
    });

    it("filters by what the server can and can't", async () => {
      const filter = async (line: string) => {
        await window.rowMenu(host(), "Edit Filter");
        await window.quickInput.getByText(/^Filter /).waitFor();
        await window.quickInput.locator("input:focus").first().waitFor();
        await window.page.keyboard.type(line);
        // The number of matching logs shows that the line was parsed to its end.
        const show = entries(window)
          .first()
          .filter({ hasText: /^\s*Show\s*\d/ });
        await show.waitFor();
        await window.page.keyboard.press("Enter");
        await window.quickInput.waitFor({ state: "detached" });
      };
      await filter("status:error ");
      await window.row(/^failed/).waitFor();
      await window.row(/^model-0/).waitFor({ state: "detached" });
      await keyboardPerson(window).run("Clear Filter");
      await window.row(/^model-0/).waitFor();
      await filter("key:~CI meta.team:blue ");
      await window.row(/^model-10/).waitFor();
      await window.row(/^failed/).waitFor({ state: "detached" });
      await keyboardPerson(window).run("Clear Filter");
      await window.row(/^model-0/).waitFor();
    });

    it("refreshes by itself, and asks again once the token expired or the gateway is down", async () => {
      await window.titleButton("Start Auto Refresh").click();
      server.add({ ...call(0, "arrived"), createdAt: new Date() });
      await window.row("arrived").waitFor();
      await window.titleButton("Stop Auto Refresh").click();
      server.isUp = false;
      await keyboardPerson(window).run("Refresh");
      await window.row(/The API has a problem/).waitFor();
      server.isUp = true;
      server.refused.set(server.token, "expired");
      await keyboardPerson(window).run("Refresh");
      await window.row(/The token was refused/).waitFor();
      server.token = "tok_CANARY_renewed";
      await window.clickRow(/The token was refused/);
      await window.choose("API token");
      await window.answer(server.token, "API token");
      await window.expandRow(host());
      await window.expandRow(/^(Today|Yesterday)/);
      await window.row("arrived").waitFor();
    });
  });
