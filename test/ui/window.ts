import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser, Frame, Locator, Page } from "playwright-core";
import { CANARY } from "../gateway.ts";
import { launchChromium } from "../../scripts/chromium.ts";
import { root } from "../../scripts/root.ts";
import type { Server } from "../../scripts/vscode.ts";
import { startServer, windowUrl } from "../../scripts/vscode.ts";

/**
 * Timeout for anything in the window to appear, in milliseconds: on a busy machine, the start of a window's extensions
 * takes half of it.
 */
const patience = 60_000;

/** A visible row of a tree: its accessible name, its depth from 1, and whether it is expanded (undefined: a leaf). */
export type TreeRow = { label: string; level: number; expanded: boolean | undefined };

/** Options of a window, all of them optional. */
export type WindowOptions = {
  /** User settings in addition to those of a clean window. */
  settings?: Record<string, unknown>;
  /** Folders of the installed extensions; by default this project's build. */
  extensions?: string[];
  /** Whether to include all of VS Code's own extensions, not only its languages and themes. */
  hasAllBuiltins?: boolean;
  /** The folder opened in the window; by default none. */
  folder?: string;
  /** A color theme's ID, such as "Default Light Modern". */
  theme?: string;
  /** The server's data folder, kept at the end; by default a temporary one. */
  dataDir?: string;
  /** In pixels; by default 1280 × 800. */
  viewport?: { width: number; height: number };
  /**
   * Called with the user data folder before VS Code starts; `addSamples` of scripts/samples.ts opens the sample
   * gateway.
   */
  prepare?: (userDataDir: string) => void | Promise<void>;
};

/** The workbench's own log output: ignored unless it names the extension. */
const workbench = /\/static\/out\/vs\//;
const named = /ai-?gateway/i;

/** Page messages that come from this version of VS Code, not from the extension. */
const ownNoise = /ServiceWorker|service worker|Failed to load resource|when fetching the script/i;

/** One Chromium for all windows of this process; closed with the last of them. */
let browser: Promise<Browser> | undefined;
const open = new Set<Window>();

// Playwright handles these signals without exiting; its files and the server's are removed when this process exits.
for (const signal of ["SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(143));

/** A real VS Code window with the extension, driven like by a user. Created by openWindow. */
export class Window {
  readonly page: Page;
  /** Console errors, uncaught errors and unhandled rejections of the window and its webviews. */
  readonly errors: string[] = [];
  /** The server's data folder. */
  readonly dataDir: string;
  readonly #server: Server;
  readonly #said: string[] = [];

  /** Takes a page not yet opened; use openWindow to create one. */
  constructor(page: Page, server: Server) {
    this.page = page;
    this.#server = server;
    this.dataDir = server.dataDir;
    const note = (text: string, from: string) => {
      const ours = workbench.test(from) ? named.test(text) : !ownNoise.test(text);
      if (ours) this.errors.push(text);
    };
    page.on("console", (message) => {
      this.#said.push(message.text());
      if (message.type() === "error") note(message.text(), message.location().url);
    });
    page.on("pageerror", (error) => note(error.stack ?? error.message, error.stack ?? "")); // includes unhandled rejections
    page.on("crash", () => this.errors.push("the window crashed"));
  }

  /** Waits until the workbench has loaded. */
  async ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .part.activitybar .actions-container .action-item").first().waitFor();
    await this.page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor();
  }

  /** Opens a folder in another window of the same VS Code, which closes with this one. */
  async openBeside(folder: string): Promise<Window> {
    const window = new Window(await this.page.context().newPage(), this.#server);
    await window.page.goto(windowUrl(this.#server, { folder }));
    await window.ready();
    return window;
  }

  /** Reloads the window with the command, which first saves the state to restore. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent("load"), this.runCommand("Developer: Reload Window")]);
    await this.ready();
  }

  /** The quick input at the top: the palette, a pick or an input box. */
  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget:visible");
  }

  /**
   * Opens the palette with a text and waits for an entry containing `title`. An open palette doesn't list commands
   * registered later, and closes when something opening takes its focus: it is opened again until then.
   */
  async #palette(text: string, title: string): Promise<Locator> {
    const entry = this.quickInput.locator(".quick-input-list .monaco-list-row", { hasText: title }).first();
    await this.until(async () => {
      await this.page.keyboard.press("F1");
      const rows = this.quickInput.locator(".quick-input-list .monaco-list-row");
      const isOpen = await this.quickInput
        .locator("input")
        .first()
        .fill(`>${text}`, { timeout: 5000 })
        .then(() => rows.first().waitFor({ timeout: 5000 }))
        .then(
          () => true,
          () => false,
        );
      if (isOpen && (await entry.isVisible())) return true;
      await this.page.keyboard.press("Escape");
      return false;
    }, `the palette offers ${title}`);
    return entry;
  }

  /** Runs the command with this title, as the palette shows it ("AI Gateway: Refresh"). */
  async runCommand(title: string): Promise<void> {
    await (await this.#palette(title, title)).click();
  }

  /** Does the same with the keyboard alone. */
  async runByKeys(title: string): Promise<void> {
    const entry = await this.#palette(title, title);
    await this.until(async () => {
      if (/\bfocused\b/.test((await entry.getAttribute("class")) ?? "")) return true;
      await this.page.keyboard.press("ArrowDown");
      return false;
    }, `${title} is the entry in focus`);
    await this.page.keyboard.press("Enter");
  }

  /** Returns the palette's titles for a text, in its order, once one of them contains that text. */
  async paletteTitles(text: string): Promise<string[]> {
    await this.#palette(text, text);
    const titles = await this.quickInput.locator(".monaco-list-row .label-name").allInnerTexts();
    await this.page.keyboard.press("Escape");
    return titles;
  }

  /** Types into the open quick input and accepts it; with `placeholder`, once that input is open. */
  async answer(text: string, placeholder?: string): Promise<void> {
    const input = this.quickInput.locator(placeholder ? `input[placeholder*="${placeholder}"]` : "input").first();
    await input.fill(text);
    await input.press("Enter");
  }

  /** Selects the open pick's item with this text. */
  async choose(text: string): Promise<void> {
    await this.quickInput.locator(".monaco-list-row", { hasText: text }).first().click();
  }

  /** Opens the view with this title by its icon in the activity bar; keeps it open if it already is. */
  async openView(title: string): Promise<void> {
    const icon = this.page.locator(`.part.activitybar .action-item:has(a[aria-label^="${title}"])`).first();
    await icon.waitFor();
    const pane = this.page.locator(".part.sidebar .pane-body, .part.sidebar .welcome-view").first();
    const isOpen = async () =>
      ((await icon.getAttribute("aria-expanded")) === "true" ||
        /checked/.test((await icon.getAttribute("class")) ?? "")) &&
      (await pane.isVisible());
    // A window being restored may open or close the view during the click: then it is clicked again.
    await this.until(async () => {
      if (await isOpen()) return true;
      await icon.click();
      await pane.waitFor({ timeout: 2000 }).catch(() => undefined);
      return isOpen();
    }, `the view ${title} is open`);
  }

  /** Runs Sign In and selects Cloudflare, if it asks. */
  async beginSignIn(): Promise<void> {
    await this.runCommand("AI Gateway: Sign In");
    const cloudflare = this.quickInput.locator(".monaco-list-row", { hasText: "Cloudflare AI Gateway" });
    await this.quickInput.locator('input[placeholder="API token"]').or(cloudflare).first().waitFor();
    if (await cloudflare.isVisible()) await cloudflare.click();
  }

  /** Signs in with a token, like a user who opens the view for the first time. */
  async signIn(token: string): Promise<void> {
    await this.openView("AI Gateway");
    await this.beginSignIn();
    await this.answer(token, "API token");
  }

  /** Signs in and expands the newest day of the gateway `production`. */
  async openNewestDay(token: string): Promise<void> {
    await this.signIn(token);
    await this.row("production").waitFor();
    await this.expandRow("production");
    await this.expandRow(/^(Today|Yesterday)/);
  }

  /** Returns the rows of the side bar's tree. */
  get rows(): Locator {
    return this.page.locator(".part.sidebar .pane-body .monaco-list-row");
  }

  /** Returns the first row whose accessible name contains this text. */
  row(text: string | RegExp): Locator {
    const named = typeof text === "string" ? new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : text;
    return this.page.locator(".part.sidebar .pane-body").getByRole("treeitem", { name: named }).first();
  }

  /** Returns the visible rows of the side bar's tree, from top to bottom, without rows scrolled out of view. */
  treeRows(): Promise<TreeRow[]> {
    return this.rows.evaluateAll((rows) =>
      rows.map((row) => {
        const expanded = row.getAttribute("aria-expanded");
        return {
          label: row.getAttribute("aria-label") ?? row.textContent ?? "",
          level: Number(row.getAttribute("aria-level")),
          expanded: expanded === null ? undefined : expanded === "true",
        };
      }),
    );
  }

  /** Expands a row of the tree, and waits until it is expanded. */
  async expandRow(text: string | RegExp): Promise<void> {
    const row = this.row(text);
    await row.waitFor();
    const open = row.and(this.page.locator('[aria-expanded="true"]'));
    // A click while the tree is being redrawn is lost; one on an expanded row would collapse it.
    await this.until(async () => {
      if (!(await open.isVisible())) await row.locator(".monaco-tl-twistie").click();
      return open.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    }, `the row ${text} is open`);
  }

  /** Clicks a row of the tree. */
  async clickRow(text: string | RegExp): Promise<void> {
    await this.row(text).locator(".monaco-tl-contents").click();
  }

  /** Moves to the first or the last row of the tree to bring it into view. */
  async goInTree(key: "Home" | "End"): Promise<void> {
    await this.page.locator(".part.sidebar .pane-body .monaco-list").press(key);
  }

  /** Selects an entry of the menu opened by `open`. */
  async #menu(open: () => Promise<void>, entry: string): Promise<void> {
    const found = this.page.locator(".monaco-menu .action-item", { hasText: entry }).first();
    // A menu opened while the window is busy closes again, and one just opened ignores clicks.
    await this.until(async () => {
      if (!(await found.isVisible())) await open();
      await found.click({ timeout: 2000 }).catch(() => undefined);
      return found.waitFor({ state: "detached", timeout: 1000 }).then(
        () => true,
        () => false,
      );
    }, `the menu takes ${entry}`);
  }

  /** Selects an entry of a row's context menu. */
  async rowMenu(text: string | RegExp, entry: string): Promise<void> {
    await this.#menu(() => this.row(text).locator(".monaco-tl-contents").click({ button: "right" }), entry);
  }

  /** Returns the title bar of a view of the side bar. */
  viewHeader(view: string): Locator {
    return this.page.locator(`.part.sidebar .pane-header[aria-label^="${view}"]`);
  }

  /** Returns a button in the title bar of a view of the side bar. */
  titleButton(name: string, view = "Logs"): Locator {
    return this.viewHeader(view).locator(`.action-label[aria-label^="${name}"]`).first();
  }

  /** Expands the audit log below the logs, and gives it half of the side bar. */
  async openAuditLog(): Promise<void> {
    const header = this.viewHeader("Audit Log");
    await this.until(async () => {
      if ((await header.getAttribute("aria-expanded")) === "true") return true;
      await header.locator(".title").click();
      return false;
    }, "the audit log is open");
    const { mouse } = this.page;
    const middle = (this.page.viewportSize()?.height ?? 800) / 2;
    await this.until(async () => {
      const box = await header.boundingBox();
      if (!box || box.y < middle + 10) return box !== null;
      await mouse.move(box.x + 60, box.y);
      await mouse.down();
      await mouse.move(box.x + 60, middle, { steps: 5 });
      await mouse.up();
      return false;
    }, "the audit log has half of the side bar");
  }

  /** Selects an entry of the menu in the title bar of the logs' view. */
  async titleMenu(entry: string): Promise<void> {
    await this.#menu(() => this.titleButton("More Actions").click(), entry);
  }

  /** Focuses the first row of the side bar's tree with the keyboard. */
  async focusTree(): Promise<void> {
    await this.runByKeys("AI Gateway: Focus on Logs View");
    await this.page.locator(".part.sidebar .pane-body .monaco-list:focus").waitFor();
    await this.page.keyboard.press("Home");
  }

  /** Returns the focused row of the tree. */
  get focusedRow(): Locator {
    return this.page.locator(".part.sidebar .pane-body .monaco-list:focus .monaco-list-row.focused");
  }

  /** Moves down with the arrow key to the row with a matching accessible name; the tree has the focus. */
  async arrowTo(name: RegExp): Promise<void> {
    await this.until(async () => {
      const label = await this.focusedRow.getAttribute("aria-label", { timeout: 1000 }).catch(() => null);
      if (label !== null && name.test(label)) return true;
      await this.page.keyboard.press("ArrowDown");
      return false;
    }, `the arrow key comes to ${name}`);
  }

  /** Returns the webview frame with a visible element matching the selector; frames are nested, so all are searched. */
  webviewFrame(selector: string): Promise<Frame> {
    return this.until(async () => {
      for (const frame of this.page.frames().slice(1)) {
        const found = await frame
          .locator(selector)
          .first()
          .isVisible()
          .catch(() => false);
        if (found) return frame;
      }
      return undefined;
    }, `a webview shows ${selector}`);
  }

  /** Returns the page of this log once the chosen view is completely shown. */
  logPage(id: string): Promise<Frame> {
    const whole = `main:not([inert]):not(:has(.loading)):not(:has(.note:has-text("loading the rest")))`;
    return this.webviewFrame(`${whole} > .bar[data-log="${id}"] ~ #view[aria-busy="false"]`);
  }

  /** Returns the page of this audit log entry. */
  entryPage(id: string): Promise<Frame> {
    return this.webviewFrame(`main > .bar[data-entry="${id}"] ~ #view[aria-busy="false"]`);
  }

  /** Goes to the next ("j") or previous ("k") log of the tree from the focused page. */
  async goTo(key: "j" | "k", id: string): Promise<Frame> {
    await this.page.keyboard.press(key);
    return this.logPage(id);
  }

  /** Returns the texts of the visible notifications. */
  notifications(): Promise<string[]> {
    return this.page.locator(".notification-toast .notification-list-item-message").allInnerTexts();
  }

  /** Waits for a notification containing this text. */
  async notification(text: string | RegExp): Promise<Locator> {
    const toast = this.page.locator(".notification-toast", { hasText: text }).first();
    await toast.waitFor();
    return toast;
  }

  /** Returns the titles of the open editors. */
  editors(): Promise<string[]> {
    return this.page.locator(".part.editor .tabs-container .tab .label-name").allInnerTexts();
  }

  /** Writes a screenshot of the window to a PNG file. */
  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path, animations: "disabled" });
  }

  /**
   * Polls until the answer is neither false nor undefined.
   * @throws Error with `what` if it never is
   */
  async until<T>(ask: () => Promise<T | false | undefined>, what: string): Promise<T> {
    const deadline = Date.now() + patience;
    for (;;) {
      const answer = await ask();
      if (answer !== false && answer !== undefined) return answer;
      if (Date.now() > deadline) throw new Error(`waited ${patience / 1000} s in vain: ${what}`);
      await wait(50);
    }
  }

  /** Returns the files below the server's data folder, including logs and settings, with a name that starts so. */
  async filesNamed(name: string): Promise<string[]> {
    const entries = await readdir(this.dataDir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.startsWith(name));
    return files.map((entry) => join(entry.parentPath, entry.name));
  }

  /** Returns those of them that contain this text. */
  async filesWith(text: string): Promise<string[]> {
    const files = await this.filesNamed("");
    const holds = await Promise.all(files.map(async (file) => (await readFile(file)).includes(text)));
    return files.filter((_, index) => holds[index]);
  }

  /** Closes the window, its server and their processes. */
  async close(): Promise<void> {
    // Whatever happened in it, no window may leave a token on the disk or on its console.
    assert.deepEqual(await this.filesWith(CANARY), []);
    assert.ok(!this.#said.some((line) => line.includes(CANARY)), "no token on the console");
    open.delete(this);
    await Promise.all([this.page.context().close(), this.#server.stop()]);
    if (open.size > 0) return;
    const last = await browser;
    browser = undefined;
    await last?.close();
  }
}

/** Starts a VS Code server with the extension installed like by a user, and opens a window of it. */
export async function openWindow(options: WindowOptions = {}): Promise<Window> {
  const theme = options.theme && { "workbench.colorTheme": options.theme };
  const [server, chromium] = await Promise.all([
    startServer({
      settings: { ...options.settings, ...theme },
      extensions: options.extensions ?? [root],
      isLean: options.hasAllBuiltins !== true,
      ...(options.dataDir && { dataDir: options.dataDir }),
      ...(options.prepare && { prepare: options.prepare }),
    }),
    (browser ??= launchChromium()),
  ]);
  const context = await chromium.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(patience);
  // The server's response to a signed-in browser: without it, secrets don't survive a reload.
  const serverKey = randomBytes(32);
  await context.route("**/mint-key", (route) => route.fulfill({ body: serverKey }));
  const window = new Window(await context.newPage(), server);
  open.add(window);
  await window.page.goto(windowUrl(server, options.folder ? { folder: options.folder } : {}));
  await window.ready();
  return window;
}
