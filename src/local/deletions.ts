import type { LogStore } from "./store.ts";

const AT_ONCE = 500;

/** Accepted but pending deletions: the API responds first and deletes afterward (API notes: Deleting logs). */
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

  /** Schedules the deletion of rows. */
  add(seqs: number[]): void {
    if (this.#waiting.length === 0) this.#settled = Promise.withResolvers<void>();
    for (let start = 0; start < seqs.length; start += AT_ONCE) this.#waiting.push(seqs.slice(start, start + AT_ONCE));
    if (this.#waiting.length === 0) this.#settled.resolve();
    else this.#later(this.#delayMs);
  }

  /** Resolves when no deletion is pending. */
  settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Completes pending deletions now. */
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
