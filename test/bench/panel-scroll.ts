import { setTimeout as wait } from "node:timers/promises";
import type { Frame, Page } from "playwright-core";

/** How long scrolling from the top to the bottom takes about, and the pause between two turns of the wheel, in ms. */
const SCROLLING = 8000;
const TURN = 16;

/** Milliseconds of a frame at 60 Hz. */
const FRAME = 1000 / 60;

/** Frames that were not painted in time, of those there was time for; the longest time without one, in ms. */
export type Scrolled = { dropped: number; frames: number; longest: number };

/**
 * Turns the mouse wheel, about so many pixels, until `isDown` says that the end is reached.
 * @param frame where the frames are counted; it has run panel-frame.js
 * @param x where the wheel is turned, from the left: over the editor when left out
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
    // What was higher or lower than thought has its time too.
    isOver = (due > pixels && (await isDown())) || passed > 2 * SCROLLING;
  }
  const times = await frame.evaluate<number[]>("panelBench.end()");
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / FRAME) - 1), 0);
  return { dropped, frames: gaps.length + dropped, longest: Math.max(0, ...gaps) };
}
