import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Frame, Locator } from "playwright-core";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { startHolding } from "./holding.ts";
import { openWindow, type Window } from "./window.ts";

const ARGUMENTS = { frame: "54 cm", colours: ["blue", "red"], note: "two\nlines" };

const rich = {
  request: JSON.stringify({
    model: "gpt-4.1-mini",
    temperature: 0.2,
    tools: [{ type: "function", function: { name: "stock", description: "Looks into the stock", parameters: {} } }],
    messages: [
      { role: "system", content: `You are the agent of a bicycle shop.\n${"Be kind and brief.\n".repeat(40)}needle` },
      { role: "user", content: "Is the blue frame in stock?" },
      {
        role: "assistant",
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "stock", arguments: JSON.stringify(ARGUMENTS) } },
        ],
      },
      { role: "tool", tool_call_id: "call_1", content: '{"left":2}' },
    ],
  }),
  response: JSON.stringify({
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: "Yes, **two**. See [the shop](https://shop.example/frames?id=54).\n\n```ts\nconst left = 2;\n```",
        },
        finish_reason: "length",
      },
    ],
  }),
};

const conversation = (count: number): string =>
  JSON.stringify({
    model: "m",
    messages: Array.from({ length: count }, (_, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content: `Message ${index} of a long talk.\n\n${"It goes on for a while. ".repeat(5 + (index % 7))}`,
    })),
  });

const answering = (content: string): string =>
  JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }] });

describe("the panel of a log", () => {
  let gateway: TestGateway;
  let holding: Awaited<ReturnType<typeof startHolding>>;
  let window: Window;

  before(async () => {
    gateway = await startTestGateway();
    holding = await startHolding(gateway.baseUrl);
    const newest = new Date().setHours(0, 0, 0, 0) - 60_000;
    let count = 0;
    const add = (id: string, fields: Partial<Parameters<typeof aLog>[0]> = {}) => {
      const createdAt = new Date(newest - count++ * 1000);
      gateway.store.insert([
        aLog({ id, model: id, createdAt, response: answering(`The answer of ${id}.`), ...fields }),
      ]);
    };
    add("rich", {
      ...rich,
      eventId: "event-1",
      step: 2,
      userAgent: "bicycle-shop/2.1",
      dlpAction: "FLAG",
      metadata: { team: "frames", user: 42 },
    });
    add("sibling", { eventId: "event-1", step: 1, success: false, statusCode: 500 });
    add("second");
    add("third");
    add("fourth", { metadata: { team: "frames" } });
    add("choices", {
      response: JSON.stringify({
        choices: [0, 1, 2].map((index) => ({
          index,
          message: { role: "assistant", content: `This is choice number ${index}.` },
          finish_reason: "stop",
        })),
      }),
    });
    add("long", { request: conversation(200) });
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": holding.baseUrl } });
    await window.openNewestDay(gateway.token);
  });

  after(async () => {
    await window.close();
    await holding.close();
    await gateway.close();
  });

  async function open(id: string): Promise<Frame> {
    await window.clickRow(new RegExp(`^${id},`));
    return window.logPage(id);
  }

  const tab = (name: string): Locator => window.page.locator(".part.editor .tabs-container .tab", { hasText: name });

  /** Returns the clipboard's content once it is the expected one. */
  const clipboard = (fits: (text: string) => boolean): Promise<string> =>
    window.until(async () => {
      await window.page.bringToFront();
      const text = await window.page.evaluate<string>("navigator.clipboard.readText().catch(() => '')");
      return fits(text) && text;
    }, "the clipboard holds it");

  /** Keeps the active preview open with the button in its title. */
  async function keepOpen(): Promise<void> {
    const button = window.page.locator('.part.editor .editor-actions .action-label[aria-label^="Keep Open"]');
    await button.click();
    await button.waitFor({ state: "detached" });
  }

  it("tells in its head what is known, and leaves out what is not", async () => {
    const page = await open("rich");
    const head = await page.locator(".bar, .head, footer").allInnerTexts();
    const text = head.join(" ").replace(/\s+/g, " ");
    const facts = ["chat/completions", "200", "rich", "openai", "production", "842 ms", "tokens in 2,180", "$0.018210"];
    for (const fact of [...facts, "tokens out 226", "step 2", "FLAG", "bicycle-shop/2.1", "log id rich"]) {
      assert.ok(text.includes(fact), `${fact} in ${text}`);
    }
    assert.ok(!/reasoning|cached|undefined|NaN|null/.test(text), text);
    const titles = await page.locator(".fact[title]").evaluateAll((all) => all.map((one) => one.getAttribute("title")));
    assert.ok(titles.some((title) => /\d UTC$/.test(title ?? "")));
    assert.ok(titles.some((title) => /estimate/i.test(title ?? "")));
    await page.locator(".siblings button", { hasText: "500" }).waitFor();
    await page.getByRole("button", { name: "Copy Log ID" }).click();
    await clipboard((copied) => copied === "rich");
  });

  it("makes an answer that did not simply end stand out", async () => {
    const page = await open("rich");
    assert.match(await page.locator(".finish").innerText(), /length/);
  });

  it("copies the arguments of a call as JSON, and code as it was written", async () => {
    const page = await open("rich");
    const call = page.locator("div.call:not(.result)");
    await call.hover();
    await call.getByRole("button", { name: "Copy" }).click();
    assert.deepEqual(JSON.parse(await clipboard((copied) => copied.startsWith("{"))), ARGUMENTS);
    const code = page.locator(".answers .code");
    await code.hover();
    await code.getByRole("button", { name: "Copy" }).click();
    await clipboard((copied) => copied === "const left = 2;");
  });

  it("goes from a call to its result and back", async () => {
    const page = await open("rich");
    await page.locator("div.call:not(.result) .call-head .link").click();
    const focused = page.locator("div.call.result:focus");
    await focused.waitFor();
    await focused.locator(".call-head .link").click();
    await page.locator("div.call:not(.result):focus").waitFor();
  });

  it("asks before it opens a link, and shows all of its address", async () => {
    const page = await open("rich");
    await page.getByRole("link", { name: "the shop" }).click();
    const dialog = window.page.locator(".monaco-dialog-box");
    await dialog.getByText("https://shop.example/frames?id=54").waitFor();
    await dialog.getByRole("button", { name: "Copy" }).click();
    await clipboard((copied) => copied === "https://shop.example/frames?id=54");
  });

  it("finds what stands in a closed fold, and opens it", async () => {
    const page = await open("rich");
    const system = page.locator("article.system");
    assert.equal(await system.locator("details").getAttribute("open"), null);
    await page.locator("h1").click();
    await window.page.keyboard.press("Control+f");
    const input = window.page.locator(".webview-find-widget.visible input, .simple-find-part.visible input").first();
    await input.fill("needle");
    await input.press("Enter");
    await window.until(
      () =>
        page.evaluate<boolean>(`(() => {
          const selection = getSelection();
          if (!selection.rangeCount || selection.toString() !== "needle") return false;
          const { top, bottom, height } = selection.getRangeAt(0).getBoundingClientRect();
          return height > 0 && top >= 0 && bottom <= innerHeight;
        })()`),
      "what was looked for is seen",
    );
    assert.notEqual(await system.locator("details").getAttribute("open"), null);
    await input.press("Escape");
  });

  it("finds what is far away in a long talk", async () => {
    const page = await open("long");
    await page.locator("h1").click();
    await window.page.keyboard.press("Control+f");
    const input = window.page.locator(".webview-find-widget.visible input, .simple-find-part.visible input").first();
    await input.fill("Message 3 of");
    await input.press("Enter");
    await window.until(
      () =>
        page.evaluate<boolean>(`(() => {
          const { top, bottom } = document.querySelector("#m3").getBoundingClientRect();
          return getSelection().toString() === "Message 3 of" && bottom > 0 && top < innerHeight;
        })()`),
      "the message is seen",
    );
    await input.press("Escape");
  });

  it("reuses one tab until it is kept", async () => {
    await window.runCommand("View: Close All Editors");
    await open("second");
    await open("third");
    assert.equal((await window.editors()).length, 1);
    await keepOpen();
    await open("fourth");
    assert.equal((await window.editors()).length, 2);
    await open("third");
    assert.equal((await window.editors()).length, 2);
    await tab("third").click({ button: "middle" });
    await window.until(async () => (await window.editors()).length === 1, "one tab is left");
  });

  it("goes to the next log at once, and never back to one that comes late", async () => {
    const page = await open("rich");
    await page.locator("h1").click();
    const isSecond = (url: string): boolean => url.includes("/logs/second");
    const asked = holding.asked.length;
    const release = holding.hold("/logs/second");
    await window.goTo("j", "sibling");
    await window.page.keyboard.press("j");
    await page.locator('.bar[data-log="second"]').waitFor();
    // The previous one stays while the new one is read, dimmed and inert.
    const dimmed = await window.webviewFrame("#view.old[inert]");
    assert.match(await dimmed.locator("#view").innerText(), /The answer of sibling\./);
    await window.until(() => Promise.resolve(holding.asked.slice(asked).some(isSecond)), "the log is asked for");
    await window.page.keyboard.press("j");
    const third = await window.logPage("third");
    const answered = holding.answered.length;
    release();
    await window.until(
      () => Promise.resolve(holding.answered.slice(answered).some(isSecond)),
      "the late answer is sent",
    );
    await window.goTo("j", "fourth");
    await window.goTo("k", "third");
    assert.match(await third.locator("#view").innerText(), /The answer of third\./);
    await third.getByRole("button", { name: "Previous log" }).click();
    assert.match(await (await window.logPage("second")).locator("#view").innerText(), /The answer of second\./);
    await third.getByRole("button", { name: "Next log" }).click();
    await window.logPage("third");
    assert.equal((await window.editors()).length, 1);
    assert.match((await window.page.locator(".part.sidebar .monaco-list-row.selected").textContent()) ?? "", /third/);
  });

  /** Returns the element below the bar, and its position. */
  const reading = (page: Frame): Promise<string> =>
    page.evaluate(`(() => {
      const top = document.querySelector(".bar").getBoundingClientRect().bottom;
      const article = [...document.querySelectorAll("article")].find((one) => one.getBoundingClientRect().bottom > top);
      return article.id + " " + Math.round((article.getBoundingClientRect().top - top) / 10);
    })()`);

  /** Waits until the content is back at its earlier position. */
  async function sameReading(before: string): Promise<Frame> {
    const page = await window.logPage("long");
    await window.until(async () => (await reading(page)) === before, `${before} is where it was`);
    return page;
  }

  it("is left and found again as it was: scroll, folds, choice and view", async () => {
    const choices = await open("choices");
    await choices.getByRole("tab", { name: "Choice 3" }).click();
    await choices.getByText("This is choice number 2.").waitFor();
    await keepOpen();
    const rich = await open("rich");
    await rich.locator("article.system summary").click();
    await rich.locator("article.system details[open]").waitFor();
    await keepOpen();
    const long = await open("long");
    // From here on, the user scrolls, not the page.
    await long.locator("h1").click();
    // Each scroll has its own end: the end of this one must not be mistaken for the wheel's.
    const scrollEnd = `new Promise((resolve) => document.addEventListener("scrollend", resolve, { once: true }))`;
    await long.evaluate(`{ const end = ${scrollEnd}; document.querySelector("#m90").scrollIntoView(); end }`);
    await long.locator("#m90:not(.far)").waitFor();
    await window.page.mouse.move(800, 500);
    await Promise.all([long.evaluate(scrollEnd), window.page.mouse.wheel(0, 300)]);
    const stands = await reading(long);
    assert.doesNotMatch(stands, /^m90 0/);
    await tab("choices").click();
    await (await window.logPage("choices")).getByText("This is choice number 2.").waitFor();
    await tab("rich").click();
    await (await window.logPage("rich")).locator("article.system details[open]").waitFor();
    await tab("long").click();
    await sameReading(stands);
    await window.reload();
    await sameReading(stands);
    await tab("rich").click();
    await (await window.logPage("rich")).locator("article.system details[open]").waitFor();
    await tab("choices").click();
    await (await window.logPage("choices")).getByText("This is choice number 2.").waitFor();
    await (await window.logPage("choices")).getByRole("tab", { name: "Raw" }).click();
    await (await window.logPage("choices")).locator("#raw-response").waitFor();
    await window.reload();
    const restored = await window.logPage("choices");
    await restored.locator("#raw-response").waitFor();
    await restored.getByRole("tab", { name: "Conversation" }).click();
    await restored.locator("article").first().waitFor();
    await window.runCommand("View: Close All Editors");
  });

  it("lists the logs with the same tag, and all of them again", async () => {
    await window.openView("AI Gateway");
    await window.expandRow("production");
    await window.expandRow(/^Yesterday/);
    const page = await open("rich");
    await page.locator("section button.chip", { hasText: "team" }).click();
    await window.row(/^fourth,/).waitFor();
    await window.row(/^third,/).waitFor({ state: "detached" });
    await window.runCommand("AI Gateway: Clear Filter");
    await window.row(/^third,/).waitFor();
  });

  it("shows a body as soon as it is written", async () => {
    const now = new Date();
    gateway.store.insert([aLog({ id: "young", model: "young", createdAt: now, request: null, response: null })]);
    await window.runCommand("AI Gateway: Refresh");
    await window.row("production").waitFor();
    await window.expandRow("production");
    await window.expandRow(/^Today/);
    await window.clickRow(/^young,/);
    const page = await window.logPage("young");
    await page.locator(".note", { hasText: "still writing" }).first().waitFor();
    gateway.store.storeBodies({ sourceId: "0123456789abcdef0123456789abcdef", collectionId: "production" }, "young", {
      request: conversation(2),
      response: answering("Here it is at last."),
    });
    await page.getByText("Here it is at last.").waitFor();
    assert.equal(await page.locator(".note").count(), 0);
  });

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
