import { repeat } from "lit/directives/repeat.js";

/**
 * Content that is rebuilt when its key changes. Unlike lit's `keyed`, it disconnects directives in the discarded
 * content; otherwise messages would stay observed, and media bytes in memory.
 */
export const keyedContent = (key: unknown, content: unknown): unknown =>
  repeat(
    [key],
    (one) => one,
    () => content,
  );
