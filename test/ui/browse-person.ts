import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { Window } from "./window.ts";

/** A user's way through the tree: with the keyboard alone, or with the mouse. */
export type Person = {
  /** Runs a command of the view; `title` as in its title bar or menu. */
  run(title: string): Promise<void>;
  /** Types the filter of the only gateway word by word and applies it; each word as `key:value`. */
  filter(words: readonly string[]): Promise<void>;
  /** Runs a command of the view and selects the list item with this text. */
  choose(title: string, text: string): Promise<void>;
  /** Expands a row. */
  expand(name: RegExp): Promise<void>;
  /** Opens a row's log to read it. */
  open(name: RegExp): Promise<void>;
};

/** Returns the items of the open list. */
export const entries = (window: Window): Locator => window.quickInput.locator(".quick-input-list .monaco-list-row");

/** Returns the text of the open input. */
export const typed = (window: Window): Promise<string> => window.quickInput.locator("input").first().inputValue();

/**
 * Opens a list until its item appears: a change of focus, such as by a restored tab, closes the list. `look` brings the
 * item into view.
 */
async function offer(window: Window, entry: Locator, open: () => Promise<void>, look: () => Promise<void>) {
  await window.until(async () => {
    await open();
    await window.quickInput
      .locator("input:focus")
      .first()
      .waitFor({ timeout: 5000 })
      .then(look, () => undefined);
    const isThere = await entry.waitFor({ timeout: 5000 }).then(
      () => true,
      () => false,
    );
    if (!isThere) await window.page.keyboard.press("Escape");
    return isThere;
  }, "the list has the entry");
}

/** Never uses the mouse. */
export function keyboardPerson(window: Window): Person {
  const { keyboard } = window.page;
  const run = (title: string) => window.runByKeys(`AI Gateway: ${title}`);
  const inputFocused = () => window.quickInput.locator("input:focus").first().waitFor();
  return {
    run,
    filter: async (words) => {
      await window.runByKeys("AI Gateway: Edit Filter");
      await window.quickInput.getByText(/^Filter /).waitFor();
      await inputFocused();
      await keyboard.type(words.join(" "));
      // The number of matching logs shows that the line was parsed to its end.
      await entries(window)
        .first()
        .filter({ hasText: /^\s*Show\s*[\d,]+ logs?/ })
        .waitFor();
      await keyboard.press("Enter");
      await window.quickInput.waitFor({ state: "detached" });
    },
    choose: async (title, text) => {
      const entry = window.quickInput.locator(".monaco-list-row.focused", { hasText: text });
      await offer(
        window,
        entry,
        () => run(title),
        () => keyboard.type(text),
      );
      await keyboard.press("Enter");
    },
    expand: async (name) => {
      await window.focusTree();
      await window.arrowTo(name);
      // A key pressed while the tree is being redrawn is lost.
      await window.until(async () => {
        if ((await window.focusedRow.getAttribute("aria-expanded")) === "true") return true;
        await keyboard.press("ArrowRight");
        return false;
      }, `${name} is open`);
    },
    open: async (name) => {
      await window.focusTree();
      await window.arrowTo(name);
      await keyboard.press("Enter");
    },
  };
}

/** Uses the keyboard for nothing. */
export function mousePerson(window: Window): Person {
  const isInTitle = (title: string) => window.titleButton(title).isVisible();
  /** Returns the open list's item that starts with these words. */
  const offered = (word: string) => {
    const words = window.page
      .locator(".label-description")
      .getByText(new RegExp(`^${word.replace(/[.?*]/g, "\\$&")}( |$)`));
    return entries(window).filter({ has: words }).first();
  };
  const lineIs = (line: string) =>
    window.until(async () => (await typed(window)).trimEnd() === line, `the line is ${line}`);
  /** Clicks the completions of a word: the key, then the value. */
  const complete = async (line: string, key: string, value: string) => {
    await offered(`${key}:`).click();
    await lineIs(`${line}${key}:`);
    await offered(value).click();
    await lineIs(`${line}${key}:${value}`);
  };
  /** Does the same in the lists, which have all keys. */
  const pick = async (line: string, key: string, value: string) => {
    await window.quickInput.locator('.action-label[aria-label^="Add from Lists"]').click();
    await window.quickInput.getByText("Add to Filter (1 of 3)").waitFor();
    await offered(`${key}:`).click();
    await window.quickInput.getByText("Add to Filter (3 of 3)").waitFor();
    await entries(window)
      .filter({ has: window.page.locator(".label-name", { hasText: value }) })
      .first()
      .click();
    await window.quickInput.getByText(/^Filter /).waitFor();
    await lineIs(`${line}${key}:${value}`);
  };
  const run = async (title: string) => {
    if (await isInTitle(title)) await window.titleButton(title).click();
    else await window.titleMenu(title);
  };
  return {
    run,
    filter: async (words) => {
      await window.titleButton("Edit Filter").click();
      let line = "";
      for (const word of words) {
        const [key = "", value = ""] = word.split(":");
        await (key === "until" ? pick : complete)(line, key, value);
        line += `${word} `;
      }
      await entries(window).first().getByText("Show").click();
      await window.quickInput.waitFor({ state: "detached" });
    },
    choose: async (title, text) => {
      const entry = entries(window).filter({ hasText: text }).first();
      await offer(
        window,
        entry,
        () => run(title),
        () => Promise.resolve(),
      );
      await entry.click();
    },
    expand: (name) => window.expandRow(name),
    open: (name) => window.clickRow(name),
  };
}

/** Returns the location of the keyboard focus: the tree, a log's page, or elsewhere. */
export async function focusIn(window: Window): Promise<"tree" | "log" | "elsewhere"> {
  return window.page.evaluate(`(() => {
    const focused = document.activeElement;
    if (focused?.closest(".part.sidebar .monaco-list")) return "tree";
    return focused?.matches("iframe.webview") ? "log" : "elsewhere";
  })()`);
}

/** Returns the names of the tree's logs from top to bottom, each by its model. */
export async function models(window: Window): Promise<string[]> {
  const rows = await window.treeRows();
  return rows.flatMap(({ label }) => /^(?:new, )?([^,]+), .*, (?:succeeded|failed)/.exec(label)?.[1] ?? []);
}

/** Waits until the tree shows exactly these logs. */
export async function shows(window: Window, expected: readonly string[]): Promise<void> {
  let shown: string[] = [];
  await window
    .until(async () => {
      shown = await models(window);
      return shown.join() === expected.join();
    }, "the tree shows what fits")
    .catch(() => assert.deepEqual(shown, expected));
}
