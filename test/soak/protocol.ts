import type { RecordedExchange } from "../../src/chat/conversation.ts";

/** What a thread of npm run soak has to do: the numbers from `first` to before `end`, by `step`. */
export type Task = {
  kind: "mutations" | "growths";
  first: number;
  end: number;
  step: number;
  /** Its only element is the number the thread is at; -1 when it is done. */
  at: Int32Array<SharedArrayBuffer>;
};

/** A mutation that was not read well: its number, the error, and the least of it that still shows the same error. */
export type Failure = { number: number; what: string; exchange: RecordedExchange };

/** How the time of reading an exchange grows with its size. `name`: what was grown of which body. */
export type Growth = {
  name: string;
  /** Characters of the body and milliseconds of its reading: as large as it starts, four and sixteen times that. */
  sizes: [number, number, number];
  times: [number, number, number];
  /** Time a character at the largest by that at the smallest, JSON.parse's own growth taken off: 1 is linear, 16 quadratic. */
  ratio: number;
};

export type Report = { failure: Failure } | { growth: Growth };
