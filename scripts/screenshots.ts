// npm run screenshots: takes pictures of the tree, the panel and each state in three themes, in a real window. Those
// for README go to media/screenshots, all of them to dist/pictures.
import { spawnSync } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startFaultyServer } from "../test/faults.ts";
import { GATEWAY, startTestGateway } from "../test/gateway.ts";
import { bodyOf, traffic, type Recorded } from "../test/traffic.ts";
import { openWindow, type Window } from "../test/ui/window.ts";
import { auditLog } from "./screenshots-audit.ts";
import { browsing } from "./screenshots-browsing.ts";
import { comparing } from "./screenshots-comparing.ts";
import { resending } from "./screenshots-resend.ts";
import { rating } from "./screenshots-rating.ts";
import { deleting, deletingAtTheLimit } from "./screenshots-deleting.ts";
import { debugging } from "./screenshots-debugging.ts";
import { stores } from "./screenshots-stores.ts";
import { root } from "./root.ts";
import { addSamples } from "./samples.ts";

const themes = { dark: "Default Dark Modern", light: "Default Light Modern", contrast: "Default High Contrast" };

/** The pictures in README: only of sample logs. */
const readme = { dark: ["cached"], light: ["error"], contrast: [] };
const pictures = join(root, "dist/pictures");
const forReadme = join(root, "media/screenshots");

/** Sample logs for pictures, by their row's accessible name. */
const logs: Record<string, RegExp> = {
  error: /, failed, 4/,
  blocked: /blocked by DLP/,
  cached: /, cached,/,
  anthropic: /^claude.*succeeded/,
};

/** The tree's states, with the local gateway or a faulty server as the API. */
async function states(theme: string, picture: (window: Window, name: string) => Promise<void>): Promise<void> {
  const gateway = await startTestGateway({
    tokens: [{ value: "no-permission", kind: "user", permissions: ["accounts:read"] }],
  });
  gateway.store.addGateway({
    sourceId: "0123456789abcdef0123456789abcdef",
    id: "quiet",
    createdAt: new Date(),
    collectLogs: false,
  });
  let faulty: Awaited<ReturnType<typeof startFaultyServer>> | undefined;
  const window = await openWindow({ theme, settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
  try {
    await window.openView("AI Gateway");
    await window.page.getByRole("button", { name: "Open Sample Gateway" }).waitFor();
    await picture(window, "signed-out");
    await window.signIn("no-permission");
    await window.notification("AI Gateway Read");
    await picture(window, "forbidden");
    await window.runCommand("Notifications: Clear All Notifications");
    await window.signIn(gateway.token);
    await window.expandRow("production");
    await window.expandRow("quiet");
    await window.row("Logging is off").waitFor();
    await picture(window, "empty");
    await gateway.goAway();
    await window.runCommand("AI Gateway: Refresh");
    await window.row("Can't be reached").waitFor();
    await window.row("Can't be reached").hover();
    await window.page.locator(".monaco-hover, .workbench-hover").first().waitFor();
    await picture(window, "offline");
    // A faulty server replaces the API at its address.
    faulty = await startFaultyServer("html", Number(new URL(gateway.baseUrl).port));
    await window.runCommand("AI Gateway: Refresh");
    await window.row("Unexpected response").waitFor();
    await picture(window, "other-answer");
    faulty.state.fault = "neverAnswers";
    await window.runCommand("AI Gateway: Refresh");
    await window.page.locator(".part.sidebar .monaco-progress-container.active").waitFor();
    await picture(window, "loading");
    // Last, because no calls are made for a while afterward.
    faulty.state.fault = "limited";
    await window.runCommand("AI Gateway: Refresh");
    await window.row("Too many calls").waitFor();
    await picture(window, "limited");
  } finally {
    await window.close();
    await faulty?.close();
    await gateway.close();
  }
}

/** The sample gateway: the tree, the tooltip and some logs. */
async function samples(theme: string, picture: (window: Window, name: string) => Promise<void>): Promise<void> {
  const window = await openWindow({ theme, prepare: addSamples, viewport: { width: 1280, height: 860 } });
  try {
    await window.openView("AI Gateway");
    await window.expandRow(/^sample(?:,|$)/);
    await window.expandRow(/^Yesterday/);
    await window.row(/, succeeded, /).waitFor();
    await picture(window, "tree");
    const open = async (row: string | RegExp) => {
      await window.clickRow(row);
      const title = (await window.row(row).getAttribute("aria-label"))?.split(",")[0] ?? "";
      await window.page.locator(".tab.active", { hasText: title.split("/").at(-1)?.slice(0, 12) ?? "" }).waitFor();
      const page = await window.webviewFrame("#log footer");
      await page.locator(".loading").waitFor({ state: "detached" });
      return page;
    };
    for (const [name, row] of Object.entries(logs)) {
      if (!(await window.row(row).isVisible())) continue;
      await open(row);
      await picture(window, name);
    }
    await window.row(/, succeeded, /).hover();
    await window.page.locator(".monaco-hover .hover-row, .workbench-hover").first().waitFor();
    await picture(window, "tooltip");
  } finally {
    await window.close();
  }
}

/** Returns the most instructive log of a group that succeeded and isn't too long. */
function richest(group: Recorded[]): Recorded[] {
  const size = ({ request, response }: Recorded): number => request.length + response.length;
  const well = group.filter((one) => one.status < 400 && size(one) < 200_000);
  return (well.length > 0 ? well : group).toSorted((one, other) => size(other) - size(one)).slice(0, 1);
}

/** The exchanges that differ most: failed ones, streams, each kind, other providers. */
function mostDifferent(all: Recorded[]): Recorded[] {
  const by = (key: (recorded: Recorded) => string): Recorded[] =>
    [...Map.groupBy(all, key).values()].flatMap((group) => richest(group));
  const failed = all.filter(({ status }) => status >= 400).slice(0, 2);
  const streamed = all.filter(({ streaming }) => streaming).slice(0, 2);
  return [...new Set([...failed, ...streamed, ...by(({ kind }) => kind), ...by(({ provider }) => provider)])].slice(
    0,
    20,
  );
}

/** The exchanges that differ most, each as it opens and, of the first, the other views. */
async function recordings(theme: string, picture: (window: Window, name: string) => Promise<void>): Promise<void> {
  const chosen = mostDifferent(traffic());
  const gateway = await startTestGateway();
  const newest = new Date().setHours(0, 0, 0, 0) - 60_000;
  gateway.store.insert(
    chosen.map((recorded, index) => ({
      ...GATEWAY,
      id: `recorded-${index}`,
      createdAt: new Date(newest - index * 1000),
      provider: recorded.provider,
      model: recorded.model,
      path: recorded.path,
      durationMs: 842,
      success: recorded.status < 400,
      statusCode: recorded.status,
      request: bodyOf(recorded.request, recorded.request_encoding),
      response: bodyOf(recorded.response, recorded.response_encoding),
      requestContentType: recorded.request_content_type,
      responseContentType: recorded.response_content_type,
    })),
  );
  const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl };
  const window = await openWindow({ theme, settings, viewport: { width: 1280, height: 1000 } });
  try {
    await window.openNewestDay(gateway.token);
    await window.row(/, (succeeded|failed),/).waitFor();
    await window.clickRow(/, (succeeded|failed),/);
    await (await window.logPage("recorded-0")).locator("h1").click();
    for (const [index, { kind }] of chosen.entries()) {
      const page = index === 0 ? await window.logPage("recorded-0") : await window.goTo("j", `recorded-${index}`);
      await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
      await picture(window, `recorded-${String(index).padStart(2, "0")}-${kind}`);
    }
    for (const view of ["Raw", "Markdown"]) {
      const page = await window.logPage(`recorded-${chosen.length - 1}`);
      await page.getByRole("tab", { name: view }).click();
      await page.locator(`#view[aria-labelledby$="-${view.toLowerCase()}"]`).waitFor();
      await picture(window, `view-${view.toLowerCase()}`);
    }
  } finally {
    await window.close();
    await gateway.close();
  }
}

const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(1);
await mkdir(pictures, { recursive: true });
await mkdir(forReadme, { recursive: true });
const scenes = {
  states,
  samples,
  browsing,
  comparing,
  resending,
  rating,
  deleting,
  deletingAtTheLimit,
  auditLog,
  debugging,
  recordings,
  stores,
};
// `npm run screenshots -- dark comparing`: only these themes and scenes.
const wanted = process.argv.slice(2);
const isWanted = (name: string, among: object) => wanted.includes(name) || !wanted.some((one) => one in among);
for (const name of ["dark", "light", "contrast"] as const) {
  const theme = themes[name];
  if (!isWanted(name, themes)) continue;
  const picture = async (window: Window, of: string) => {
    await window.screenshot(join(pictures, `${of}-${name}.png`));
    console.log(`${of}-${name}.png`);
  };
  for (const [scene, take] of Object.entries(scenes)) if (isWanted(scene, scenes)) await take(theme, picture);
  if (!isWanted("samples", scenes)) continue;
  for (const of of readme[name])
    await copyFile(join(pictures, `${of}-${name}.png`), join(forReadme, `${of}-${name}.png`));
}
