import type { NewLog } from "../src/local/store.ts";
import { aLog, startTestGateway } from "../test/gateway.ts";
import { openWindow, type Window } from "../test/ui/window.ts";

/** Logs of some days, with a fallback chain, tags and different outcomes. */
function browsed(newest: number): NewLog[] {
  const models = ["gpt-5", "claude-sonnet-4-5", "gemini-2.5-pro", "mistral-large-latest"];
  const logs = Array.from({ length: 180 }, (_, index) => {
    const isFailed = index % 9 === 4;
    return aLog({
      createdAt: new Date(newest - index * 977_000),
      model: models[index % 4] ?? "",
      provider: ["openai", "anthropic", "google-ai-studio", "mistral"][index % 4] ?? "",
      cost: ((index * 7919) % 1000) / 9000,
      cached: index % 11 === 3,
      durationMs: 300 + ((index * 613) % 14_000),
      success: !isFailed,
      statusCode: isFailed ? 429 : 200,
      metadata: { user: `user-${index % 5}`, app: index % 3 === 0 ? "shop" : "support" },
    });
  });
  const chain = ["gpt-5", "claude-sonnet-4-5", "gemini-2.5-pro"].map((model, index) =>
    aLog({
      createdAt: new Date(newest - 100_000 + index * 2000),
      model,
      eventId: "event-of-a-chain",
      step: index + 1,
      success: index === 2,
      statusCode: index === 2 ? 200 : 503,
    }),
  );
  return [...logs, ...chain];
}

/** Browsing: filters, groups, sorting and new logs, in a side bar of 300 pixels. */
export async function browsing(theme: string, picture: (window: Window, name: string) => Promise<void>): Promise<void> {
  const gateway = await startTestGateway();
  gateway.store.insert(browsed(Date.now() - 60_000));
  const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl, "aiGateway.autoRefreshSeconds": 5 };
  const window = await openWindow({ theme, settings, viewport: { width: 900, height: 700 } });
  const { page, quickInput } = window;
  const editLine = async (line: string) => {
    await window.titleButton("Edit Filter").click();
    await quickInput.getByText(/^Filter /).waitFor();
    await page.keyboard.type(line);
  };
  const close = async () => {
    await page.keyboard.press("Escape");
    await quickInput.waitFor({ state: "detached" });
  };
  const choose = async (title: string, entry: string) => {
    await window.titleMenu(title);
    await window.choose(entry);
  };
  try {
    await window.openNewestDay(gateway.token);
    await window.page.mouse.move(600, 500);
    const side = (await page.locator(".part.sidebar").boundingBox()) ?? { x: 0, width: 300 };
    await page.mouse.move(side.x + side.width, 400);
    await page.mouse.down();
    await page.mouse.move(side.x + 300, 400, { steps: 4 });
    await page.mouse.up();
    await editLine("status:error cost:>");
    await window.quickInput.locator(".monaco-list-row").nth(2).waitFor();
    await picture(window, "line-problem");
    await page.keyboard.type("0.01 ");
    await quickInput
      .getByText(/\d logs?$/)
      .first()
      .waitFor();
    await picture(window, "line-completions");
    await page.keyboard.press("Enter");
    await window.row(/^production, filtered/).waitFor();
    await window.row(/, failed, 429/).waitFor();
    await window.page.locator(".part.sidebar .message", { hasText: /\(\d+\)/ }).waitFor();
    await page.mouse.move(600, 500);
    await picture(window, "filtered");
    await window.expandRow(/^Saved filters/);
    await window.row(/^Errors/).waitFor();
    await picture(window, "saved-filters");
    await window.titleButton("Clear Filter").click();
    await window.row(/^production, \d/).waitFor();
    // The tree moves up when its message disappears.
    await page.locator(".part.sidebar .message", { hasText: "failed" }).waitFor({ state: "hidden" });
    await window
      .row(/^Saved filters/)
      .locator(".monaco-tl-twistie")
      .click();
    await window.titleMenu("Quick Filters");
    await quickInput.getByText("source:playground").waitFor();
    await picture(window, "quick-filters");
    await close();
    await choose("Group By", "Model");
    await window.expandRow(/^gpt-5, \d+\+? logs/);
    await window.row(/^gpt-5, chat.*succeeded/).waitFor();
    await window.row(/^gpt-5, \d+ logs/).waitFor();
    await window.row(/^production, \d/).waitFor();
    await picture(window, "by-model");
    await choose("Group By", "Event");
    await window.expandRow(/^gpt-5, .*3 steps/);
    await window.row(/^gemini-2.5-pro, /).waitFor();
    await picture(window, "by-event");
    await choose("Group By", "Day");
    await choose("Sort By", "Highest cost first");
    await window.row(/^Today/).waitFor({ state: "hidden" });
    await window.row(/\$0\.1/).waitFor();
    await picture(window, "by-cost");
    await choose("Sort By", "Most tokens first");
    await window.row(/^Sorted here/).waitFor();
    await picture(window, "by-tokens");
    await choose("Sort By", "Newest first");
    await window.row(/^Today/).waitFor();
    await window.titleButton("Start Auto Refresh").click();
    const arrive = (model: string) => gateway.store.insert([aLog({ model, createdAt: new Date() })]);
    arrive("gpt-5-mini");
    await window.row(/^new, gpt-5-mini/).waitFor();
    await window.clickRow(/^new, gpt-5-mini/);
    await window.webviewFrame("#log:not([inert]) article");
    for (const model of ["o3", "gpt-4.1"]) arrive(model);
    await page.locator(".part.statusbar").getByText("2 new").waitFor();
    await picture(window, "auto-refresh-waiting");
    await page.locator(".part.statusbar").getByText("2 new").click();
    await window.row(/^new, o3/).waitFor();
    await picture(window, "auto-refresh");
  } finally {
    await window.close();
    await gateway.close();
  }
}
