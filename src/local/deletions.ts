import type { LogStore } from "./store.ts";

const AT_ONCE = 500;

/** Deletions accepted and not done yet: the API answers first and removes afterwards (API notes: Deleting logs). */
export class Deletions {
  readonly #store: LogStore;
  readonly #delayMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #waiting: number[][] = [];
  #timer: NodeJS.Timeout | undefined;
  #settled = Promise.withResolvers<void>();

  constructor(store: LogStore, delayMs: number, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
    this.#delayMs = delayMs;
    this.#settled.resolve();
  }

  /** Takes on the removal of these rows. */
  add(seqs: number[]): void {
    if (this.#waiting.length === 0) this.#settled = Promise.withResolvers<void>();
    for (let start = 0; start < seqs.length; start += AT_ONCE) this.#waiting.push(seqs.slice(start, start + AT_ONCE));
    if (this.#waiting.length === 0) this.#settled.resolve();
    else this.#later(this.#delayMs);
  }

  /** Resolves when nothing waits to be removed any more. */
  settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Removes at once whatever waits. */
  finish(): void {
    clearTimeout(this.#timer);
    while (this.#waiting.length > 0) this.#removeSome();
  }

  #later(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      try {
        this.#removeSome();
      } catch (error) {
        this.#waiting.length = 0;
        this.#settled.resolve();
        this.#onError(error);
      }
      if (this.#waiting.length > 0) this.#later(0);
    }, delayMs);
    this.#timer.unref();
  }

  #removeSome(): void {
    const some = this.#waiting[0];
    if (some === undefined) return;
    this.#store.remove(some);
    this.#waiting.shift();
    if (this.#waiting.length === 0) this.#settled.resolve();
  }
}
