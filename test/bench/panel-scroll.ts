import { setTimeout as wait } from "node:timers/promises";
import type { Frame, Page } from "playwright-core";

/** How long scrolling from the top to the bottom takes about, and the pause between two turns of the wheel, in ms. */
const SCROLLING = 8000;
const TURN = 16;

/** Milliseconds of a frame at 60 Hz. */
const FRAME = 1000 / 60;

/** Dropped frames, possible frames, and the longest time without a frame, in ms. */
export type Scrolled = { dropped: number; frames: number; longest: number };

/**
 * Turns the mouse wheel by about this many pixels, until `isDown` reports the end.
 * @param frame where frames are counted; it has run panel-frame.js
 * @param x position of the wheel, from the left; by default over the editor
 */
export async function scrollDown(
  page: Page,
  frame: Frame,
  pixels: number,
  isDown: () => Promise<boolean>,
  x = 800,
): Promise<Scrolled> {
  await page.mouse.move(x, 500);
  await frame.evaluate("panelBench.begin()");
  const began = Date.now();
  let [done, isOver] = [0, false];
  while (!isOver) {
    await wait(TURN);
    const passed = Date.now() - began;
    const due = Math.ceil((passed / SCROLLING) * pixels);
    await page.mouse.wheel(0, due - done);
    done = due;
    // Allows time for heights that differed from their estimate.
    isOver = (due > pixels && (await isDown())) || passed > 2 * SCROLLING;
  }
  const times = await frame.evaluate<number[]>("panelBench.end()");
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / FRAME) - 1), 0);
  return { dropped, frames: gaps.length + dropped, longest: Math.max(0, ...gaps) };
}
