import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "./window.ts";

/** More than the 960 calls that the background may make in 5 minutes. */
const LOGS = 1100;

describe("a person exports logs", () => {
  let window: Window;
  let gateway: TestGateway;
  const folder = mkdtempSync(join(tmpdir(), "ai-gateway-export-"));
  const picture = process.env["PICTURES"];
  const look = async (name: string) => picture && window.screenshot(join(picture, `${name}.png`));

  before(async () => {
    gateway = await startTestGateway({ rateLimit: { limit: 1_000_000, windowMs: 1000 } });
    const newest = Date.now() - 2000;
    gateway.store.insert(
      Array.from({ length: LOGS }, (_, index) =>
        aLog({ id: `log-${index}`, createdAt: new Date(newest - index * 10) }),
      ),
    );
    window = await openWindow({
      settings: { "aiGateway.apiBaseUrl": gateway.baseUrl },
      ...(process.env["THEME"] ? { theme: process.env["THEME"] } : {}),
    });
    await window.openNewestDay(gateway.token);
  });

  after(async () => {
    await window.close();
    await gateway.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const idsIn = (name: string) =>
    readFileSync(join(folder, name), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { id: string }).id);

  /** Answers where the file is to be. */
  async function saveAs(name: string): Promise<void> {
    const input = window.quickInput.locator("input[type=text], input:not([type])").first();
    await window.until(async () => (await input.inputValue()).includes("production-"), "a name is proposed");
    await look("save");
    await input.fill(join(folder, name));
    await input.press("Enter");
  }

  it("of a day, by its menu", async () => {
    await window.rowMenu(/^Today|^Yesterday/, "Export Logs…");
    await window.quickInput.getByText("JSON Lines of Chats").waitFor();
    await look("formats");
    await window.choose("A table for spreadsheets");
    await window.quickInput.getByText("As recorded").waitFor();
    await look("redaction");
    await window.choose("As recorded");
    await saveAs("day.csv");
    await window.notification("1,100 logs exported to day.csv");
    await look("done");
    await window.runCommand("Notifications: Clear All Notifications");
    assert.equal(readFileSync(join(folder, "day.csv"), "utf8").trimEnd().split("\r\n").length, LOGS + 1);
  });

  it("with all bodies, which takes more calls than there are for it; closes the window; and goes on in the next one", async () => {
    await window.runCommand("AI Gateway: Export Logs");
    await window.choose("A row for each log and what it recorded");
    await window.choose("As recorded");
    await saveAs("all.jsonl");
    await window.notification(/[5-9]\d\d of 1,100 · (about \d+ min|less than a minute) left/);
    await look("progress");
    await window.reload();
    assert.ok(existsSync(join(folder, "all.jsonl.partial")) && !existsSync(join(folder, "all.jsonl")));
    await window.openView("AI Gateway");
    await window.row(/^production/).waitFor();
    await window.runCommand("AI Gateway: Export Logs");
    await window.quickInput.getByText("Go on with all.jsonl").waitFor();
    await look("go-on");
    await window.choose("Go on with all.jsonl");
    await window.notification("1,100 logs exported to all.jsonl");
    const ids = idsIn("all.jsonl");
    assert.equal(ids.length, LOGS);
    assert.equal(new Set(ids).size, LOGS);
    assert.ok(!existsSync(join(folder, "all.jsonl.partial")));
  });

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
