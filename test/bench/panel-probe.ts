import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";

/**
 * What was painted: the row's facts, the conversation, all of the conversation, a document's text, a page without a
 * log.
 */
export type Painted = "empty" | "facts" | "conversation" | "whole" | "text";

/** Milliseconds from a click to the expected paint, including those on the way. */
export type Times = Partial<Record<Painted, number>>;

/** A frame's console message; `at` in ms since 1970, by the same clock in every frame. */
type Told = { panelBench: Painted | "click"; id: string; at: number };

const IN_FRAMES = join(import.meta.dirname, "panel-frame.js");

/** Listens to a window's frames, so that the connection between browser and benchmark isn't measured. */
export class Probe {
  readonly #page: Page;
  readonly #painted = new Map<string, Times>();
  #clickedAt = 0;
  #heard = (): void => undefined;

  constructor(page: Page) {
    this.#page = page;
    page.on("console", (message) => {
      const text = message.text();
      if (text.startsWith('{"panelBench"')) this.#hear(JSON.parse(text) as Told);
    });
  }

  /** Must be called before the first panel opens: of existing frames, only the window reports. */
  async start(): Promise<void> {
    await this.#page.addInitScript({ path: IN_FRAMES });
    await this.#page.evaluate(await readFile(IN_FRAMES, "utf8"));
  }

  /** Returns the times from the left click in `click` to a log's paints, until `last`. */
  async from(click: () => Promise<void>, id: string, last: Painted): Promise<Times> {
    const { promise, resolve, reject } = Promise.withResolvers<Times>();
    const timer = setTimeout(() => reject(new Error(`log ${id} does not show its ${last}`)), 30_000);
    this.#heard = () => {
      const painted = this.#painted.get(id);
      if (painted?.[last] !== undefined) resolve(painted);
    };
    // A page without a log is seen again and again.
    this.#painted.delete(id);
    await click();
    const painted = await promise.finally(() => clearTimeout(timer));
    return Object.fromEntries(Object.entries(painted).map(([what, at]) => [what, at - this.#clickedAt]));
  }

  #hear({ panelBench, id, at }: Told): void {
    if (panelBench === "click") this.#clickedAt = at;
    else this.#painted.set(id, { [panelBench]: at, ...this.#painted.get(id) });
    this.#heard();
  }
}
