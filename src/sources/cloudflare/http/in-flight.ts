import { SourceError } from "../../../source/errors.ts";

type Shared<T> = { result: Promise<T>; abort: AbortController; waiting: number; over: boolean };

/** Deduplicates equal concurrent calls. */
export class InFlight<T> {
  readonly #calls = new Map<string, Shared<T>>();

  /** Joins the call in flight for `key`, or starts it. The call is aborted once all its callers have aborted. */
  async share(key: string, start: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const shared = this.#calls.get(key) ?? this.#start(key, start);
    shared.waiting++;
    let given: (() => void) | undefined;
    const gaveUp = new Promise<never>((_, reject) => {
      given = () => reject(new SourceError("aborted", "The call was canceled."));
      signal?.addEventListener("abort", given, { once: true });
      if (signal?.aborted) given();
    });
    try {
      return await Promise.race([shared.result, gaveUp]);
    } finally {
      if (given) signal?.removeEventListener("abort", given);
      shared.waiting--;
      if (shared.waiting === 0 && !shared.over) {
        this.#forget(key, shared);
        shared.abort.abort();
      }
    }
  }

  /** Detaches the calls in flight: later callers get a new call, current ones keep theirs. */
  forget(): void {
    this.#calls.clear();
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Shared<T> {
    const abort = new AbortController();
    const shared: Shared<T> = { result: start(abort.signal), abort, waiting: 0, over: false };
    this.#calls.set(key, shared);
    const end = () => {
      shared.over = true;
      this.#forget(key, shared);
    };
    shared.result.then(end, end);
    return shared;
  }

  #forget(key: string, shared: Shared<T>): void {
    if (this.#calls.get(key) === shared) this.#calls.delete(key);
  }
}
