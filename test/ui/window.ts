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

/** How long anything in the window may take to appear, in ms: a busy machine starts a window's extensions in half of it. */
const patience = 60_000;

/** One visible row of a tree: its accessible name, its depth from 1, and whether it is open (undefined: a leaf). */
export type TreeRow = { label: string; level: number; expanded: boolean | undefined };

/** What a window is opened with; all of it may be left out. */
export type WindowOptions = {
  /** User settings on top of those of a clean window. */
  settings?: Record<string, unknown>;
  /** Folders of the extensions installed; this project's, as built, when left out. */
  extensions?: string[];
  /** All of VS Code's own extensions are there, not only its languages and themes. */
  hasAllBuiltins?: boolean;
  /** The folder opened in the window; an empty window when left out. */
  folder?: string;
  /** A colour theme's id, as "Default Light Modern". */
  theme?: string;
  /** The server's data folder, kept at the end; a temporary one when left out. */
  dataDir?: string;
  /** In pixels; 1280 × 800 when left out. */
  viewport?: { width: number; height: number };
  /** Called with the user data folder before VS Code starts; `addSamples` of scripts/samples.ts opens the sample gateway. */
  prepare?: (userDataDir: string) => void | Promise<void>;
};

/** What the workbench logs by itself: of that only what names the extension is its own. */
const workbench = /\/static\/out\/vs\//;
const named = /ai-?gateway/i;

/** What a page says that is of this VS Code's own making, not the extension's. */
const ownNoise = /ServiceWorker|service worker|Failed to load resource|when fetching the script/i;

/** One Chromium for all windows of this process; it goes with the last of them. */
let browser: Promise<Browser> | undefined;
const open = new Set<Window>();

// Playwright hears these signals and lives on; what it and the server leave is removed when this process exits.
for (const signal of ["SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(143));

/** A real VS Code window with the extension in it, driven as a person would. Made by openWindow. */
export class Window {
  readonly page: Page;
  /** Errors on the console, uncaught errors and unhandled rejections of the window and its webviews. */
  readonly errors: string[] = [];
  /** The server's data folder. */
  readonly dataDir: string;
  readonly #server: Server;
  readonly #said: string[] = [];

  /** Takes a page not yet opened; openWindow is the way to make one. */
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
    page.on("pageerror", (error) => note(error.stack ?? error.message, error.stack ?? "")); // unhandled rejections too
    page.on("crash", () => this.errors.push("the window crashed"));
  }

  /** Waits until the workbench stands. */
  async ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .part.activitybar .actions-container .action-item").first().waitFor();
    await this.page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor();
  }

  /** Opens a folder in another window of the same VS Code, which goes with this one. */
  async openBeside(folder: string): Promise<Window> {
    const window = new Window(await this.page.context().newPage(), this.#server);
    await window.page.goto(windowUrl(this.#server, { folder }));
    await window.ready();
    return window;
  }

  /** Reloads the window by the command, which saves what is to be restored first. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent("load"), this.runCommand("Developer: Reload Window")]);
    await this.ready();
  }

  /** The quick input at the top: the palette, a pick or an input box. */
  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget:visible");
  }

  /**
   * Opens the palette on a text and waits until it offers an entry holding `title`. A palette once open does not learn of
   * commands registered since, and one that loses the focus to what is still being opened is gone: it is opened anew until then.
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

  /** The same with the keyboard alone. */
  async runByKeys(title: string): Promise<void> {
    const entry = await this.#palette(title, title);
    await this.until(async () => {
      if (/\bfocused\b/.test((await entry.getAttribute("class")) ?? "")) return true;
      await this.page.keyboard.press("ArrowDown");
      return false;
    }, `${title} is the entry in focus`);
    await this.page.keyboard.press("Enter");
  }

  /** The titles the palette offers for a text, in its order, once one of them holds that text. */
  async paletteTitles(text: string): Promise<string[]> {
    await this.#palette(text, text);
    const titles = await this.quickInput.locator(".monaco-list-row .label-name").allInnerTexts();
    await this.page.keyboard.press("Escape");
    return titles;
  }

  /** Types into the quick input that is open and accepts it; with `placeholder`, once that one is the open one. */
  async answer(text: string, placeholder?: string): Promise<void> {
    const input = this.quickInput.locator(placeholder ? `input[placeholder*="${placeholder}"]` : "input").first();
    await input.fill(text);
    await input.press("Enter");
  }

  /** Chooses the entry of the open pick that holds this text. */
  async choose(text: string): Promise<void> {
    await this.quickInput.locator(".monaco-list-row", { hasText: text }).first().click();
  }

  /** Opens the view with this title by its icon in the activity bar; leaves it open when it is. */
  async openView(title: string): Promise<void> {
    const icon = this.page.locator(`.part.activitybar .action-item:has(a[aria-label^="${title}"])`).first();
    await icon.waitFor();
    const pane = this.page.locator(".part.sidebar .pane-body, .part.sidebar .welcome-view").first();
    const isOpen = async () =>
      ((await icon.getAttribute("aria-expanded")) === "true" ||
        /checked/.test((await icon.getAttribute("class")) ?? "")) &&
      (await pane.isVisible());
    // A window that is being restored may open or close the view under the click: then it is clicked again.
    await this.until(async () => {
      if (await isOpen()) return true;
      await icon.click();
      await pane.waitFor({ timeout: 2000 }).catch(() => undefined);
      return isOpen();
    }, `the view ${title} is open`);
  }

  /** Signs in with a token, as a person who opens the view for the first time does. */
  async signIn(token: string): Promise<void> {
    await this.openView("AI Gateway");
    await this.runCommand("AI Gateway: Sign In");
    await this.answer(token, "API token");
  }

  /** Signs in and opens the newest day of the gateway `production`. */
  async openNewestDay(token: string): Promise<void> {
    await this.signIn(token);
    await this.row("production").waitFor();
    await this.expandRow("production");
    await this.expandRow(/^(Today|Yesterday)/);
  }

  /** The rows of the side bar's tree. */
  get rows(): Locator {
    return this.page.locator(".part.sidebar .pane-body .monaco-list-row");
  }

  /** The one row, or the first of those, whose accessible name holds this text. */
  row(text: string | RegExp): Locator {
    const named = typeof text === "string" ? new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : text;
    return this.page.locator(".part.sidebar .pane-body").getByRole("treeitem", { name: named }).first();
  }

  /** What the side bar's tree shows now, top down; rows scrolled out of sight are not in it. */
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

  /** Opens a row of the tree, and waits until it is open. */
  async expandRow(text: string | RegExp): Promise<void> {
    const row = this.row(text);
    await row.waitFor();
    const open = row.and(this.page.locator('[aria-expanded="true"]'));
    // A click into the moment in which the tree is drawn anew is lost; one on an open row would close it.
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

  /** Moves to the first or the last row of the tree, so that it is in sight. */
  async goInTree(key: "Home" | "End"): Promise<void> {
    await this.page.locator(".part.sidebar .pane-body .monaco-list").press(key);
  }

  /** Chooses an entry of a menu that `open` opens. */
  async #menu(open: () => Promise<void>, entry: string): Promise<void> {
    const found = this.page.locator(".monaco-menu .action-item", { hasText: entry }).first();
    // A menu that opens while the window is still busy with something else closes again, and one just opened takes no click.
    await this.until(async () => {
      if (!(await found.isVisible())) await open();
      await found.click({ timeout: 2000 }).catch(() => undefined);
      return found.waitFor({ state: "detached", timeout: 1000 }).then(
        () => true,
        () => false,
      );
    }, `the menu takes ${entry}`);
  }

  /** Chooses an entry of a row's context menu. */
  async rowMenu(text: string | RegExp, entry: string): Promise<void> {
    await this.#menu(() => this.row(text).locator(".monaco-tl-contents").click({ button: "right" }), entry);
  }

  /** The title bar of a view of the side bar. */
  viewHeader(view: string): Locator {
    return this.page.locator(`.part.sidebar .pane-header[aria-label^="${view}"]`);
  }

  /** A button in the title bar of a view of the side bar. */
  titleButton(name: string, view = "Logs"): Locator {
    return this.viewHeader(view).locator(`.action-label[aria-label^="${name}"]`).first();
  }

  /** Unfolds the audit log below the logs, and gives it half of the side bar. */
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

  /** Chooses an entry of the menu in the title bar of the logs' view. */
  async titleMenu(entry: string): Promise<void> {
    await this.#menu(() => this.titleButton("More Actions").click(), entry);
  }

  /** Puts the focus into the side bar's tree with the keyboard, on its first row. */
  async focusTree(): Promise<void> {
    await this.runByKeys("AI Gateway: Focus on Logs View");
    await this.page.locator(".part.sidebar .pane-body .monaco-list:focus").waitFor();
    await this.page.keyboard.press("Home");
  }

  /** The row of the tree that the keyboard acts on. */
  get focusedRow(): Locator {
    return this.page.locator(".part.sidebar .pane-body .monaco-list:focus .monaco-list-row.focused");
  }

  /** Goes down with the arrow key to the row whose accessible name fits; the tree has the focus. */
  async arrowTo(name: RegExp): Promise<void> {
    await this.until(async () => {
      const label = await this.focusedRow.getAttribute("aria-label", { timeout: 1000 }).catch(() => null);
      if (label !== null && name.test(label)) return true;
      await this.page.keyboard.press("ArrowDown");
      return false;
    }, `the arrow key comes to ${name}`);
  }

  /** The webview frame that holds a visible element matching the selector; frames are nested, so all are asked. */
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

  /** The page that shows this log, once all that it has to show in the view that is chosen is there. */
  logPage(id: string): Promise<Frame> {
    const whole = `main:not([inert]):not(:has(.loading)):not(:has(.note:has-text("on its way")))`;
    return this.webviewFrame(`${whole} > .bar[data-log="${id}"] ~ #view[aria-busy="false"]`);
  }

  /** The page that shows this entry of the audit log. */
  entryPage(id: string): Promise<Frame> {
    return this.webviewFrame(`main > .bar[data-entry="${id}"] ~ #view[aria-busy="false"]`);
  }

  /** Goes to the next log of the tree ("j") or the one before ("k") from the page that has the focus. */
  async goTo(key: "j" | "k", id: string): Promise<Frame> {
    await this.page.keyboard.press(key);
    return this.logPage(id);
  }

  /** The texts of the notifications shown. */
  notifications(): Promise<string[]> {
    return this.page.locator(".notification-toast .notification-list-item-message").allInnerTexts();
  }

  /** Waits for a notification that holds this text. */
  async notification(text: string | RegExp): Promise<Locator> {
    const toast = this.page.locator(".notification-toast", { hasText: text }).first();
    await toast.waitFor();
    return toast;
  }

  /** The titles of the open editors. */
  editors(): Promise<string[]> {
    return this.page.locator(".part.editor .tabs-container .tab .label-name").allInnerTexts();
  }

  /** Writes a picture of the window to a file, .png. */
  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path, animations: "disabled" });
  }

  /** Asks again and again until the answer is neither false nor undefined; throws with `what` when it never is. */
  async until<T>(ask: () => Promise<T | false | undefined>, what: string): Promise<T> {
    const deadline = Date.now() + patience;
    for (;;) {
      const answer = await ask();
      if (answer !== false && answer !== undefined) return answer;
      if (Date.now() > deadline) throw new Error(`waited ${patience / 1000} s in vain: ${what}`);
      await wait(50);
    }
  }

  /** The files below the server's data folder, logs and settings among them, whose name begins so. */
  async filesNamed(name: string): Promise<string[]> {
    const entries = await readdir(this.dataDir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.startsWith(name));
    return files.map((entry) => join(entry.parentPath, entry.name));
  }

  /** Those of them that hold this text. */
  async filesWith(text: string): Promise<string[]> {
    const files = await this.filesNamed("");
    const holds = await Promise.all(files.map(async (file) => (await readFile(file)).includes(text)));
    return files.filter((_, index) => holds[index]);
  }

  /** Closes the window, its server and what they started. */
  async close(): Promise<void> {
    // Whatever was done in it, no window may leave a token on the disk or on its console.
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

/** Starts a VS Code server of its own, with the extension installed as a user has it, and opens a window of it. */
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
  // What the server's own front end answers for a signed-in browser: without it, secrets do not outlive a reload.
  const serverKey = randomBytes(32);
  await context.route("**/mint-key", (route) => route.fulfill({ body: serverKey }));
  const window = new Window(await context.newPage(), server);
  open.add(window);
  await window.page.goto(windowUrl(server, options.folder ? { folder: options.folder } : {}));
  await window.ready();
  return window;
}
