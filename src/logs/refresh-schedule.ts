import { SourceError } from "../source/errors.ts";

/** Longest backoff in ms, unless the API asks for more. */
const LONGEST = 300_000;

/** A source that couldn't be read, and when to retry (ms since 1970). */
export type Backoff = { error: unknown; until: number };

/** `knownAt`: when it was first seen, or read last; `readAt`: undefined before it was read. */
type State = { knownAt: number; readAt?: number; failures: number; backoff?: Backoff };

/**
 * Refresh schedule of several sources, by ID: every `interval` ms, which may differ. After each failure, a source's delay doubles, up to
 * five minutes, and never ends before the API's retry time. All times in ms since 1970.
 */
export class RefreshSchedule {
  readonly #interval: (id: string) => number;
  readonly #states = new Map<string, State>();

  constructor(interval: (id: string) => number) {
    this.#interval = interval;
  }

  /** Returns when to read a source next; a new source counts as read `now`. */
  dueAt(id: string, now: number): number {
    const { backoff, knownAt } = this.#stateOf(id, now);
    return backoff?.until ?? knownAt + this.#interval(id);
  }

  /** Returns how long ago a source was read, in ms; Infinity if it never was. */
  sinceRead(id: string, now: number): number {
    return now - (this.#states.get(id)?.readAt ?? Number.NEGATIVE_INFINITY);
  }

  /** Returns the failure that delays a source's next read. */
  backoffOf(id: string): Backoff | undefined {
    return this.#states.get(id)?.backoff;
  }

  /** Records a successful read. */
  read(id: string, now: number): void {
    this.#states.set(id, { knownAt: now, readAt: now, failures: 0 });
  }

  /** Records a failed read. */
  failed(id: string, error: unknown, now: number): void {
    const failures = this.#stateOf(id, now).failures + 1;
    const interval = this.#interval(id);
    const named = error instanceof SourceError ? error.retryAt?.getTime() : undefined;
    const wait = Math.max(interval, Math.min(interval * 2 ** failures, LONGEST));
    const until = named === undefined ? now + wait : Math.max(named, now + interval);
    this.#states.set(id, { knownAt: now, readAt: now, failures, backoff: { error, until } });
  }

  #stateOf(id: string, now: number): State {
    let state = this.#states.get(id);
    if (!state) this.#states.set(id, (state = { knownAt: now, failures: 0 }));
    return state;
  }
}
