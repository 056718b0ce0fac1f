import type { RecordedExchange } from "../../src/chat/conversation.ts";

/** A worker's task: the numbers from `first` to before `end`, by `step`. */
export type Task = {
  kind: "mutations" | "growths";
  first: number;
  end: number;
  step: number;
  /** Its only element is the number the thread is at; -1 when it is done. */
  at: Int32Array<SharedArrayBuffer>;
};

/** A mutation that failed: its number, the error, and the smallest part with the same error. */
export type Failure = { number: number; what: string; exchange: RecordedExchange };

/** How the time of reading an exchange grows with its size. `name`: the body and what was grown in it. */
export type Growth = {
  name: string;
  /** Characters of the body and milliseconds of its reading: at the initial size, four and sixteen times that. */
  sizes: [number, number, number];
  times: [number, number, number];
  /**
   * Time per character at the largest divided by that at the smallest, without JSON.parse's own growth: 1 is linear, 16
   * quadratic.
   */
  ratio: number;
};

export type Report = { failure: Failure } | { growth: Growth };
