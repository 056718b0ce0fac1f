import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "./window.ts";

const LOGS = 1100;

describe("a person exports logs", () => {
  let window: Window;
  let gateway: TestGateway;
  const folder = mkdtempSync(join(tmpdir(), "ai-gateway-export-"));

  before(async () => {
    gateway = await startTestGateway({ rateLimit: { limit: 1_000_000, windowMs: 1000 } });
    const newest = Date.now() - 2000;
    gateway.store.insert(
      Array.from({ length: LOGS }, (_, index) =>
        aLog({ id: `log-${index}`, createdAt: new Date(newest - index * 10) }),
      ),
    );
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
    await window.openNewestDay(gateway.token);
  });

  after(async () => {
    await window.close();
    await gateway.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Enters the file's path. */
  async function saveAs(name: string): Promise<void> {
    const input = window.quickInput.locator("input[type=text], input:not([type])").first();
    await window.until(async () => (await input.inputValue()).includes("production-"), "a name is proposed");
    // The dialog checks the input asynchronously, and ignores Enter until then.
    await window.until(async () => {
      if ((await input.inputValue({ timeout: 1000 }).catch(() => "")) !== join(folder, name))
        await input.fill(join(folder, name), { timeout: 1000 }).catch(() => undefined);
      await input.press("Enter", { timeout: 1000 }).catch(() => undefined);
      return input.waitFor({ state: "hidden", timeout: 2000 }).then(
        () => true,
        () => false,
      );
    }, "the dialog takes the name");
  }

  it("of a day, by its menu", async () => {
    await window.rowMenu(/^Today|^Yesterday/, "Export Logs…");
    await window.quickInput.getByText("JSON Lines of Chats").waitFor();
    await window.choose("A table for spreadsheets");
    await window.quickInput.getByText("As recorded").waitFor();
    await window.choose("As recorded");
    await saveAs("day.csv");
    await window.notification("1,100 logs exported to day.csv");
    await window.runCommand("Notifications: Clear All Notifications");
    assert.equal(readFileSync(join(folder, "day.csv"), "utf8").trimEnd().split("\r\n").length, LOGS + 1);
  });

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
