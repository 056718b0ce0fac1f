import { CloudflareError } from "../cloudflare/errors.ts";

/** The longest that a failure keeps a source from being read again, in ms, unless the API asks for more. */
const LONGEST = 300_000;

/** A source that could not be read, and when it is tried again (ms since 1970). */
export type Trouble = { error: unknown; until: number };

type State = { readAt: number; failures: number; trouble?: Trouble };

/**
 * When each of several sources, by id, is read anew: every `interval` ms. One that failed waits twice as long each time, up to five
 * minutes, and is not read before the time that the API names. All times in ms since 1970.
 */
export class Cadence {
  readonly #interval: () => number;
  readonly #states = new Map<string, State>();

  constructor(interval: () => number) {
    this.#interval = interval;
  }

  /** When a source is to be read next; one that was not known is as if it was read `now`. */
  dueAt(id: string, now: number): number {
    const { trouble, readAt } = this.#stateOf(id, now);
    return trouble?.until ?? readAt + this.#interval();
  }

  /** What keeps a source from being read at its time. */
  troubleOf(id: string): Trouble | undefined {
    return this.#states.get(id)?.trouble;
  }

  /** Notes that a source was read. */
  read(id: string, now: number): void {
    this.#states.set(id, { readAt: now, failures: 0 });
  }

  /** Notes that a source could not be read. */
  failed(id: string, error: unknown, now: number): void {
    const failures = this.#stateOf(id, now).failures + 1;
    const interval = this.#interval();
    const named = error instanceof CloudflareError ? error.retryAt?.getTime() : undefined;
    const wait = Math.max(interval, Math.min(interval * 2 ** failures, LONGEST));
    const until = named === undefined ? now + wait : Math.max(named, now + interval);
    this.#states.set(id, { readAt: now, failures, trouble: { error, until } });
  }

  #stateOf(id: string, now: number): State {
    let state = this.#states.get(id);
    if (!state) this.#states.set(id, (state = { readAt: now, failures: 0 }));
    return state;
  }
}
