import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import axe from "axe-core";
import type { Frame } from "playwright-core";
import { ACCOUNT, aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "./window.ts";

const THEMES = {
  dark: "Dark Modern",
  light: "Light Modern",
  "high contrast dark": "Dark High Contrast",
  "high contrast light": "Light High Contrast",
};

/** Theme kinds, as marked on a page. */
const KINDS: Record<keyof typeof THEMES, string> = {
  dark: ".vscode-dark",
  light: ".vscode-light",
  "high contrast dark": ".vscode-high-contrast:not(.vscode-high-contrast-light)",
  "high contrast light": ".vscode-high-contrast-light",
};

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const MARKDOWN = `# A heading

A [link](https://shop.example/), **strong**, *emphasis*, \`code\`, ~~struck~~ and $x^2$.

1. one
2. two

> a quote

| left | right |
|---|--:|
| a | 1 |

\`\`\`ts
const left: number = 2; // two
\`\`\``;

type Fields = Partial<Parameters<typeof aLog>[0]>;

/** Five kinds of log with everything that a page can show. */
const LOGS: Record<string, Fields> = {
  talk: {
    feedback: 1,
    score: 80,
    metadata: { team: "frames", user: 42 },
    userAgent: "bicycle-shop/2.1",
    request: JSON.stringify({
      model: "gpt",
      temperature: 0.2,
      tools: [{ type: "function", function: { name: "stock", description: "Looks", parameters: { type: "object" } } }],
      messages: [
        { role: "system", content: "You are the agent of a bicycle shop.\n".repeat(30) },
        { role: "user", name: "ada", content: MARKDOWN },
        { role: "assistant", tool_calls: [{ id: "c1", function: { name: "stock", arguments: '{"frame":"a\\nb"}' } }] },
        { role: "tool", tool_call_id: "c1", content: '{"left":[1,2,true,null,"x"]}' },
      ],
    }),
    response: JSON.stringify({
      choices: [0, 1].map((index) => ({
        index,
        message: { role: "assistant", content: MARKDOWN },
        finish_reason: "length",
      })),
    }),
  },
  thoughts: {
    feedback: -1,
    provider: "anthropic",
    path: "v1/messages",
    request: JSON.stringify({ model: "claude", messages: [{ role: "user", content: "Is it in stock?" }] }),
    response: JSON.stringify({
      type: "message",
      role: "assistant",
      content: [
        { type: "thinking", thinking: "I look it up.", signature: "x" },
        {
          type: "text",
          text: "Two are.",
          citations: [
            { type: "web_search_result_location", url: "https://shop.example/", title: "Shop", cited_text: "two" },
          ],
        },
        { type: "something_new", value: { a: 1 } },
      ],
      stop_reason: "refusal",
    }),
  },
  failed: {
    success: false,
    statusCode: 429,
    response: JSON.stringify({
      error: { message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" },
    }),
  },
  media: {
    request: JSON.stringify({
      model: "gpt",
      messages: [
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } },
            { type: "image_url", image_url: { url: "https://shop.example/frame.png" } },
            {
              type: "input_audio",
              input_audio: { data: "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=", format: "wav" },
            },
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0xLjcK" } },
          ],
        },
      ],
    }),
  },
  embedding: {
    path: "embeddings",
    request: JSON.stringify({ model: "text-embedding-3-small", input: "frame" }),
    response: JSON.stringify({
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: Array.from({ length: 64 }, (_, at) => Math.sin(at)) }],
    }),
  },
  absent: { request: null, response: '{"choices":[{"message":{"role":"assistant","content":"cut he' },
};

type Violation = { id: string; help: string; nodes: { html: string; failureSummary: string }[] };

describe("for everyone", () => {
  let gateway: TestGateway;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway();
    const newest = new Date().setHours(0, 0, 0, 0) - 60_000;
    gateway.store.insert(
      Object.entries(LOGS).map(([id, fields], index) =>
        aLog({ id, model: id, createdAt: new Date(newest - index * 1000), ...fields }),
      ),
    );
    gateway.store.audit.add({
      accountId: ACCOUNT,
      time: new Date(newest),
      request: { note: "two\nlines", list: [1, true, null] },
      response: { success: false },
      fields: {
        id: "deleted",
        action_type: "delete",
        action_result: "failure",
        actor_token_name: "ci",
        resource_id: "production",
        resource_type: "ai_gateway.gateway",
        raw_method: "DELETE",
        raw_uri: `/accounts/${ACCOUNT}/ai-gateway/gateways/production`,
      },
    });
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
    await window.openNewestDay(gateway.token);
    // One log shows the bar of a rating round.
    await window.runCommand("AI Gateway: Rate Logs One by One");
    await (await window.logPage("failed")).locator(".round").waitFor();
    await window.clickRow(/^talk,/);
    await window.logPage("talk");
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  async function useTheme(name: keyof typeof THEMES): Promise<void> {
    await window.runCommand("Preferences: Color Theme");
    await window.quickInput.locator("input").first().fill(THEMES[name]);
    await window.choose(THEMES[name]);
    await window.webviewFrame(`body${KINDS[name]} main:not([inert]) #view`);
  }

  /** Returns axe's findings on a log's page, with closed and open folds. */
  const violations = async (id: string): Promise<string[]> => violationsOn(await window.logPage(id), id);

  async function violationsOn(page: Frame, id: string): Promise<string[]> {
    if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe.source);
    const found: string[] = [];
    for (const open of [false, true]) {
      if (open)
        await page.evaluate(
          `for (const fold of document.querySelectorAll("details:not([open]) > summary")) fold.click()`,
        );
      const { violations } = await page.evaluate<{ violations: Violation[] }>(
        `axe.run(document, { resultTypes: ["violations"] })`,
      );
      for (const { id: rule, help, nodes } of violations) {
        found.push(
          `${id}, folds ${open ? "open" : "closed"}: ${rule} (${help}): ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
        );
      }
    }
    return found;
  }

  it("axe finds what is wrong", async () => {
    const page = await window.logPage("talk");
    await page.evaluate(`document.querySelector("#view").append(document.createElement("img"))`);
    assert.match((await violations("talk")).join("\n"), /image-alt/);
    await page.evaluate(`document.querySelector("#view > img").remove()`);
  });

  for (const name of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
    it(`axe finds nothing: ${name}`, async () => {
      await useTheme(name);
      const found: string[] = [];
      for (const id of Object.keys(LOGS)) {
        await window.clickRow(new RegExp(`^${id},`));
        found.push(...(await violations(id)));
      }
      for (const view of ["Raw", "Markdown", "Conversation"]) {
        const page = await window.logPage("absent");
        await page.getByRole("tab", { name: view }).click();
        await page.locator(`#view[aria-labelledby$="-${view.toLowerCase()}"]`).waitFor();
        if (view !== "Conversation") found.push(...(await violations("absent")));
      }
      await window.openAuditLog();
      await window.expandRow(/^Yesterday, 1 entry/);
      await window.clickRow(/^gateway production, deleted/);
      const page = await window.entryPage("deleted");
      await page.getByRole("button", { name: "Show History" }).or(page.locator(".history li").first()).click();
      await page.locator(".history li").first().waitFor();
      found.push(...(await violationsOn(page, "audit entry")));
      assert.deepEqual(found, []);
    });
  }

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
