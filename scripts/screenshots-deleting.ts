import { aLog, GATEWAY, startTestGateway } from "../test/gateway.ts";
import { openWindow, type Window } from "../test/ui/window.ts";

/** Deleting: the preview, the dialog, rows and panel meanwhile, and the result. */
export async function deleting(theme: string, picture: (window: Window, name: string) => Promise<void>): Promise<void> {
  const gateway = await startTestGateway({ deleteDelayMs: 600_000 });
  const noon = new Date();
  noon.setDate(noon.getDate() - 1);
  noon.setHours(12, 0, 0, 0);
  const models = ["gpt-5", "claude-sonnet-4-5", "gemini-2.5-pro"];
  gateway.store.insert(
    Array.from({ length: 132 }, (_, index) =>
      aLog({
        id: `log-${index}`,
        createdAt: new Date(noon.getTime() - index * 37_000),
        model: models[index % 3] ?? "",
        cost: ((index * 7919) % 1000) / 9000,
        ...(index % 7 === 2 && { success: false, statusCode: 429 }),
      }),
    ),
  );
  const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl };
  const window = await openWindow({ theme, settings, viewport: { width: 1100, height: 760 } });
  const { page, quickInput } = window;
  const dialog = page.locator(".monaco-dialog-box");
  try {
    await window.openNewestDay(gateway.token);
    await window.clickRow(/^claude/);
    await window.logPage("log-1");
    await window.rowMenu(/^Yesterday/, "Delete Logs…");
    await quickInput.getByText("Delete 132 logs of production").waitFor();
    await quickInput.locator(".monaco-list-row").nth(5).waitFor();
    await picture(window, "delete-preview");
    await window.choose("Delete 132 logs…");
    await dialog.getByRole("button", { name: "Delete 132 logs" }).waitFor();
    await picture(window, "delete-sure");
    await dialog.getByRole("button", { name: "Delete 132 logs" }).click();
    await quickInput.getByText("type the name of the gateway").waitFor();
    await page.keyboard.type("productio");
    await quickInput.getByText("This is not the name").waitFor();
    await picture(window, "delete-name");
    await page.keyboard.type("n");
    await quickInput.getByText("This is not the name").waitFor({ state: "hidden" });
    await page.keyboard.press("Enter");
    await window.row(/^deleting/).waitFor();
    await (await window.webviewFrame("#log")).getByText("being deleted").waitFor();
    await window.notification("Deleting 132 logs");
    await picture(window, "delete-running");
    gateway.store.remove(
      gateway.store.select(GATEWAY, { conditions: [], orderBy: "created_at", direction: "asc" }, 132),
    );
    await window.notification("132 logs of production are deleted.");
    await window.row("No logs yet").waitFor();
    await picture(window, "delete-done");
  } finally {
    await window.close();
    await gateway.close();
  }
}

/**
 * Deleting more logs than the call limit allows at once: the countdown, the message after Cancel, and the next Delete.
 */
export async function deletingAtTheLimit(
  theme: string,
  picture: (window: Window, name: string) => Promise<void>,
): Promise<void> {
  const gateway = await startTestGateway({ rateLimit: { limit: 90, windowMs: 120_000 } });
  const evening = new Date();
  evening.setDate(evening.getDate() - 1);
  evening.setHours(22, 0, 0, 0);
  gateway.store.insert(
    Array.from({ length: 1200 }, (_, index) =>
      aLog({ id: `log-${index}`, createdAt: new Date(evening.getTime() - index * 37_000), model: "gpt-5" }),
    ),
  );
  const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl };
  const window = await openWindow({ theme, settings, viewport: { width: 1100, height: 760 } });
  const { page, quickInput } = window;
  const dialog = page.locator(".monaco-dialog-box");
  const progress = page.locator(".notification-toast", { hasText: "Deleting" });
  try {
    await window.openNewestDay(gateway.token);
    await window.rowMenu(/^Yesterday/, "Delete Logs…");
    await window.choose("Delete 1,200 logs…");
    await dialog.getByRole("button", { name: "Delete 1,200 logs" }).click();
    await quickInput.getByText("type the name of the gateway").waitFor();
    await page.keyboard.type("production");
    await page.keyboard.press("Enter");
    await progress.getByText("call limit reached, continues at").waitFor({ timeout: 60_000 });
    await picture(window, "delete-waiting");
    await progress.getByRole("button", { name: "Cancel" }).click();
    await window.notification("Canceled.");
    await picture(window, "delete-canceled");
    await window.runCommand("Notifications: Clear All Notifications");
    await window.rowMenu(/^Yesterday/, "Delete Logs…");
    await dialog.getByRole("button", { name: "Continue…" }).waitFor();
    await picture(window, "delete-unfinished");
  } finally {
    await window.close();
    await gateway.close();
  }
}
