import { aLog, startTestGateway } from "../test/gateway.ts";
import { openWindow, type Window } from "../test/ui/window.ts";

/** Rating: rows and a page with ratings, Rate Logs One by One, and editing metadata. */
export async function rating(theme: string, picture: (window: Window, name: string) => Promise<void>): Promise<void> {
  const gateway = await startTestGateway();
  const newest = new Date().setHours(0, 0, 0, 0) - 60_000;
  const verdicts = [undefined, 1, -1, undefined, 1];
  gateway.store.insert(
    Array.from({ length: 12 }, (_, index) => {
      const feedback = verdicts[index];
      return aLog({
        id: `log-${index}`,
        model: index % 2 === 0 ? "gpt-4.1-mini" : "claude-sonnet-4-5",
        createdAt: new Date(newest - index * 61_000),
        metadata: { team: "frames", user: 42, trial: true },
        ...(feedback && { feedback, score: 40 + index * 10 }),
      });
    }),
  );
  const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl };
  const window = await openWindow({ theme, settings, viewport: { width: 900, height: 700 } });
  const { page, quickInput } = window;
  try {
    await window.openNewestDay(gateway.token);
    const side = (await page.locator(".part.sidebar").boundingBox()) ?? { x: 0, width: 300 };
    await page.mouse.move(side.x + side.width, 400);
    await page.mouse.down();
    await page.mouse.move(side.x + 300, 400, { steps: 4 });
    await page.mouse.up();
    await window.clickRow(/^claude-sonnet-4-5, .*rated up, score 50/);
    const log = await window.logPage("log-1");
    await log.getByRole("button", { name: "Rate Up", pressed: true }).waitFor();
    await window.row(/^gpt-4.1-mini, .*rated down/).hover();
    await page.locator(".monaco-hover .hover-row, .workbench-hover").first().waitFor();
    await picture(window, "rated");
    await log.getByRole("button", { name: "Edit Metadata" }).click();
    await quickInput.getByText("Add an Entry").waitFor();
    await picture(window, "metadata");
    await window.choose("user");
    await window.choose("Change the Value");
    await quickInput.locator('input[placeholder*="in quotes is a text"]').fill("43");
    await quickInput.getByText("43").first().waitFor();
    await picture(window, "metadata-value");
    await page.keyboard.press("Escape");
    await window.runCommand("AI Gateway: Rate Logs One by One");
    const first = await window.logPage("log-0");
    await first.locator(".round .progress", { hasText: "0 rated, 9 left" }).waitFor();
    await first.locator("h1").click();
    await page.keyboard.press("+");
    await (await window.logPage("log-3")).locator(".round .progress", { hasText: "1 rated, 8 left" }).waitFor();
    await window.row(/^gpt-4.1-mini, .*rated up/).waitFor();
    await picture(window, "rate-logs");
  } finally {
    await window.close();
    await gateway.close();
  }
}
