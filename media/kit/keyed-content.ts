import { repeat } from "lit/directives/repeat.js";

/**
 * Content that is made again when its key changes. As `keyed` of lit, which does not tell the directives in what it throws
 * away that they are gone: messages would stay observed, and the bytes of media held.
 */
export const keyedContent = (key: unknown, content: unknown): unknown =>
  repeat(
    [key],
    (one) => one,
    () => content,
  );
