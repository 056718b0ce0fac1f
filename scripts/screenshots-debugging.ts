import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACCOUNT, aLog, startTestGateway } from "../test/gateway.ts";
import { openWindow, type Window } from "../test/ui/window.ts";

const LATE = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b10";

/** A program that asks twice and stops. */
const program = (url: string) => `// Asks the gateway about the stock.
const url = "${url}/openai/chat/completions";

async function ask(content) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-4.1-mini", messages: [{ role: "user", content }] }),
  });
  console.log("asked", response.headers.get("cf-aig-log-id"));
  return response;
}

const blue = await ask("Is the blue frame in stock?");
const red = await ask("And the red one?");
const later = { "cf-aig-log-id": "${LATE}" };
const answer = await blue.json();
debugger;
console.log(answer.choices[0].message.content, red.status, later);
`;

/** Whether a decoration shows at the end of a line. */
const saysAfterLines = (page: Window["page"], text: string): Promise<boolean> =>
  page.evaluate<boolean>(`[...document.querySelectorAll(".view-line span")].some((span) =>
    getComputedStyle(span, "::after").content.includes(${JSON.stringify(text)}))`);

/** Debugging: the session's calls, inline values, lenses, the card and links. */
export async function debugging(
  theme: string,
  picture: (window: Window, name: string) => Promise<void>,
): Promise<void> {
  const gateway = await startTestGateway();
  const folder = await mkdtemp(join(tmpdir(), "ai-gateway-logs-"));
  await mkdir(join(folder, ".vscode"));
  const launch = { type: "node", request: "launch", name: "Ask", program: "${workspaceFolder}/ask.mjs" };
  await writeFile(
    join(folder, ".vscode/launch.json"),
    JSON.stringify({ version: "0.2.0", configurations: [{ ...launch, runtimeExecutable: process.execPath }] }),
  );
  await writeFile(join(folder, "ask.mjs"), program(`${gateway.gatewayUrl}/${ACCOUNT}/production`));
  gateway.store.insert([
    aLog({ createdAt: new Date(), id: "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b11", success: false, statusCode: 429 }),
  ]);
  await writeFile(
    join(folder, "requests.log"),
    "10:04:11 POST /chat/completions 429\n         cf-aig-log-id: 019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b11\n",
  );
  const settings = {
    "aiGateway.apiBaseUrl": gateway.baseUrl,
    "debug.openDebug": "neverOpen",
    "debug.toolBarLocation": "docked",
  };
  const window = await openWindow({
    theme,
    settings,
    folder,
    hasAllBuiltins: true,
    viewport: { width: 1280, height: 760 },
  });
  const { page, quickInput } = window;
  const open = async (name: string) => {
    await page.keyboard.press("Control+p");
    await quickInput.locator("input").first().fill(name);
    await quickInput.locator(".monaco-list-row", { hasText: name }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".tabs-container .tab.active", { hasText: name }).waitFor();
  };
  const goTo = async (line: number, column: number) => {
    await page.keyboard.press("Control+g");
    await quickInput.locator("input").first().fill(`:${line}:${column}`);
    await page.keyboard.press("Enter");
    await quickInput.waitFor({ state: "detached" });
  };
  try {
    await window.signIn(gateway.token);
    await window.row("production").waitFor();
    await open("ask.mjs");
    await page.locator(".codelens-decoration", { hasText: /today/ }).first().waitFor();
    await picture(window, "debug-call-site");
    await page.keyboard.press("F5");
    await page.locator(".debug-top-stack-frame-line").first().waitFor();
    await page.locator(".view-lines", { hasText: /200\s·\s.*tokens/ }).waitFor();
    await window.until(() => saysAfterLines(page, "waiting for the gateway"), "a log is waited for");
    await window.row(/^Debug Session/).waitFor();
    await picture(window, "debug-waiting");
    gateway.store.insert([aLog({ id: LATE, createdAt: new Date(), model: "gpt-4.1" })]);
    await window.until(() => saysAfterLines(page, "gpt-4.1 · 200"), "the log that was waited for is shown");
    await page.locator(".codelens-decoration", { hasText: /last of 2/ }).waitFor();
    await picture(window, "debug-inline");
    await goTo(16, 36);
    await page.keyboard.press("Control+k");
    await page.keyboard.press("Control+i");
    await page.locator(".monaco-hover", { hasText: "Answered" }).waitFor();
    await picture(window, "debug-card");
    await page.keyboard.press("Escape");
    await window.clickRow(/^gpt-4\.1-mini/);
    await window.webviewFrame("#log:not([inert]) article");
    await picture(window, "debug-beside");
    await open("requests.log");
    await page.locator(".detected-link").first().waitFor();
    await picture(window, "debug-links");
  } finally {
    await window.close();
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  }
}
