import { LRUCache } from "lru-cache";
import { SourceError, isAborted } from "../../source/errors.ts";
import type { Page, Query } from "../../source/query.ts";
import type { CollectionRef, Log } from "../../source/log.ts";
import type { SeenId } from "./scanner.ts";

/** State of a program's call at the gateway. `error`: why the lookup failed, if it did. */
export type CallState =
  { type: "waiting" } | { type: "known"; gateway: CollectionRef; log: Log } | { type: "missing"; error?: unknown };

export type LookupNeeds = {
  /** Makes one call to the API, after calls made for a user. */
  list(gateway: CollectionRef, query: Query, signal: AbortSignal): Promise<Pick<Page, "logs">>;
  /** Returns the gateways known or declared to be used by the program, most likely first, and all others. */
  gateways(signal: AbortSignal): Promise<{ used: readonly CollectionRef[]; others: readonly CollectionRef[] }>;
  /**
   * Returns the gateways on this machine, without a call to any other account: IDs sent to these don't leave the
   * machine.
   */
  samples(): Promise<readonly CollectionRef[]>;
  /**
   * Returns a test for possible IDs that may be sent to any gateway: a key or a session ID may have the same format.
   * Evaluated at each try, because a program may turn out to call a gateway.
   */
  guesses(): Promise<(id: string) => boolean>;
  /** Called when a log was found in a gateway. */
  found(gateway: CollectionRef): void;
  /** Called when the state of these IDs has changed. */
  changed(ids: readonly string[]): void;
  /** In milliseconds since 1970. */
  now(): number;
  /** Runs once after `ms` milliseconds, unless disposed before. */
  after(ms: number, run: () => void): { dispose(): void };
};

/**
 * Times of tries, in milliseconds after the ID was seen: a log becomes available some seconds after its call, at most a
 * minute.
 */
const TRIES = [0, 1000, 3000, 7000, 15_000, 30_000, 60_000];
/** The try that includes the other gateways: by then, the log would be in the expected one. */
const OTHERS = 3;
/** Delay for batching IDs into one call, in milliseconds. */
const GATHER = 200;
/**
 * Minimum interval between rounds of calls, in milliseconds, unless a user waits: a program may make calls for hours.
 */
const APART = 1000;
/** Maximum number of IDs in a call: the rows of a page (API notes: Paging). */
const AT_ONCE = 50;
/** Maximum number of IDs requested individually in the last try: see `#ask`. */
const SINGLY = 10;
/** Maximum number of waiting possible IDs: a program may print thousands of similar words, and calls are limited. */
const MOST_UNSURE = 600;
const MOST_SETTLED = 5000;

/** `asked`: whether any gateway other than the samples could be asked. */
type Wanted = SeenId & { since: number; tries: number; once: boolean; asked: boolean; error?: unknown };

const settles = ({ tries, once }: Wanted): boolean => once || tries >= TRIES.length;

/**
 * Looks up the logs of IDs in the background: in batches, repeatedly for a minute. The only place that decides which
 * IDs are sent where: certain ones to all gateways, others only if `guesses` allows it, otherwise to the samples.
 * Secrets never get here: the search for IDs excludes them.
 */
export class Lookup {
  readonly #needs: LookupNeeds;
  readonly #waiting = new Map<string, Wanted>();
  readonly #settled = new LRUCache<string, CallState>({ max: MOST_SETTLED });
  readonly #listeners = new Set<(ids: readonly string[]) => void>();
  #abort = new AbortController();
  #timer: { dispose(): void } | undefined;
  /** Time of the timer, in milliseconds since 1970. */
  #due = 0;
  #unsure = 0;
  #isAsking = false;
  /** Start of the last round, in milliseconds since 1970. */
  #askedAt = 0;
  /** Earliest time of the next call, in milliseconds since 1970, according to the API. */
  #pausedUntil = 0;

  constructor(needs: LookupNeeds) {
    this.#needs = needs;
  }

  /** Returns the state of an ID, or undefined if it was never requested. */
  state(id: string): CallState | undefined {
    return this.#waiting.has(id) ? { type: "waiting" } : this.#settled.get(id);
  }

  /** Looks up a log repeatedly for a minute. An ID that wasn't found by then isn't looked up again. */
  want(seen: SeenId): void {
    if (!this.#settled.has(seen.id)) this.#add(seen, false);
  }

  /** Returns whether an ID may be sent to any gateway without a user's request. */
  async mayAsk({ id, sure }: SeenId): Promise<boolean> {
    return sure || (await this.#needs.guesses())(id);
  }

  /**
   * Looks up a log once, now, even if it wasn't found before. A user has requested it, unless `sure` is false for a
   * possible ID.
   * @throws SourceError `aborted` when the signal aborts
   */
  async find(id: string, signal: AbortSignal, sure = true): Promise<CallState> {
    const known = this.#settled.get(id);
    if (known?.type === "known") return known;
    this.#settled.delete(id);
    this.#add({ id, sure }, true);
    return this.settled(id, signal);
  }

  /**
   * Resolves with the state of an ID once it no longer waits.
   * @throws SourceError `aborted` when the signal aborts
   */
  settled(id: string, signal: AbortSignal): Promise<CallState> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const state = this.#settled.get(id);
        if (!state && this.#waiting.has(id) && !signal.aborted) return;
        this.#listeners.delete(look);
        if (signal.aborted) reject(new SourceError("aborted", "The wait for the log was canceled."));
        else resolve(state ?? { type: "missing" });
      };
      signal.addEventListener("abort", look, { once: true });
      this.#listeners.add(look);
      look();
    });
  }

  /** Adds logs found in another way. */
  know(gateway: CollectionRef, logs: readonly Log[]): void {
    for (const log of logs) this.#settle(log.id, { type: "known", gateway, log });
  }

  /** Clears everything: other accounts may be available now. */
  clear(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#waiting.clear();
    this.#unsure = 0;
    this.#settled.clear();
    this.#tell([]);
  }

  dispose(): void {
    this.clear();
    this.#listeners.clear();
  }

  #add({ id, sure }: SeenId, once: boolean): void {
    const same = this.#waiting.get(id);
    if (same && (same.sure || !sure)) return;
    if (!sure && this.#unsure >= MOST_UNSURE) return;
    if (!sure) this.#unsure++;
    else if (same) this.#unsure--;
    // A possible ID that turns out to be certain starts over: it may not have been sent so far.
    const wanted = { id, sure, since: this.#needs.now(), tries: 0, once, asked: false };
    this.#waiting.set(id, wanted);
    if (!this.#timer || this.#dueAt(wanted) < this.#due) this.#schedule();
  }

  #dueAt({ since, tries, once }: Wanted): number {
    if (once) return Math.max(since, this.#pausedUntil);
    return Math.max(since + (TRIES[tries] ?? 0) + GATHER, this.#askedAt + APART, this.#pausedUntil);
  }

  #schedule(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#isAsking || this.#waiting.size === 0) return;
    this.#due = Number.POSITIVE_INFINITY;
    for (const wanted of this.#waiting.values()) this.#due = Math.min(this.#due, this.#dueAt(wanted));
    this.#timer = this.#needs.after(Math.max(0, this.#due - this.#needs.now()), () => void this.#round());
  }

  /** Looks up the IDs that are due, in as few calls as possible. */
  async #round(): Promise<void> {
    const { signal } = this.#abort;
    const now = this.#needs.now();
    const due = [...this.#waiting.values()]
      .filter((wanted) => this.#dueAt(wanted) <= now)
      .sort((a, b) => Number(b.sure) - Number(a.sure));
    this.#isAsking = true;
    this.#askedAt = now;
    for (let first = 0; first < due.length && !signal.aborted; first += AT_ONCE)
      await this.#askSome(due.slice(first, first + AT_ONCE), signal);
    this.#isAsking = false;
    this.#schedule();
  }

  async #askSome(due: readonly Wanted[], signal: AbortSignal): Promise<void> {
    try {
      const left = await this.#askAll(due, signal);
      if (!signal.aborted) this.#tryLater(left);
    } catch (error) {
      if (!signal.aborted) this.#tryLater(due.map((wanted) => Object.assign(wanted, { error })));
    }
  }

  #tryLater(left: readonly Wanted[]): void {
    const missing = left.filter((wanted) => {
      wanted.tries++;
      // It may have been replaced by another request in the meantime.
      return settles(wanted) && this.#waiting.get(wanted.id) === wanted;
    });
    for (const { id, asked, error } of missing)
      if (asked) this.#settle(id, { type: "missing", ...(error === undefined ? {} : { error }) });
      else this.#forget(id);
  }

  /** Returns the IDs not found, or only in gateways that may not be asked. */
  async #askAll(due: readonly Wanted[], signal: AbortSignal): Promise<readonly Wanted[]> {
    const guesses = await this.#needs.guesses();
    const { allowed = [], withheld = [] } = Object.groupBy(due, ({ id, sure }) =>
      sure || guesses(id) ? "allowed" : "withheld",
    );
    for (const wanted of allowed) wanted.asked = true;
    if (allowed.length > 0) await this.#askGateways(allowed, signal);
    if (withheld.length > 0)
      for (const gateway of await this.#needs.samples()) await this.#list(gateway, "id", withheld, signal);
    return due.filter(({ id }) => this.#waiting.has(id));
  }

  async #askGateways(due: readonly Wanted[], signal: AbortSignal): Promise<void> {
    const { used, others } = await this.#needs.gateways(signal);
    let left = due;
    for (const gateway of used) left = await this.#ask(gateway, left, signal);
    // IDs missing from the expected gateways: once. Without expected gateways: every second time.
    const asksOthers = ({ tries, once }: Wanted) => once || (used.length > 0 ? tries === OTHERS : tries % 2 === 0);
    const elsewhere = left.filter(asksOthers);
    await Promise.all(others.map((gateway) => this.#ask(gateway, elsewhere, signal)));
  }

  /**
   * Queries one gateway, first for logs with these IDs, then for events with the certain ones. The API doesn't document
   * that several values of a filter mean "any of them" (API notes: Filters), so the last try requests some
   * individually.
   */
  async #ask(gateway: CollectionRef, wanted: readonly Wanted[], signal: AbortSignal): Promise<readonly Wanted[]> {
    const left = () => wanted.filter(({ id }) => this.#waiting.has(id));
    await this.#list(gateway, "id", wanted, signal);
    const named = left().filter(({ sure, tries, once }) => once || (sure && tries > 0));
    await this.#list(gateway, "eventId", named, signal);
    const last = left().filter(({ sure, tries }) => sure && tries === TRIES.length - 1);
    if (last.length > 1) for (const one of last.slice(0, SINGLY)) await this.#list(gateway, "id", [one], signal);
    return left();
  }

  async #list(
    gateway: CollectionRef,
    key: "id" | "eventId",
    wanted: readonly Wanted[],
    signal: AbortSignal,
  ): Promise<void> {
    if (wanted.length === 0) return;
    const conditions = [{ key, operator: "eq" as const, value: wanted.map(({ id }) => id) }];
    try {
      const { logs } = await this.#needs.list(gateway, { conditions, size: AT_ONCE }, signal);
      for (const one of wanted) delete one.error;
      this.#take(gateway, key, wanted, logs);
    } catch (error) {
      if (isAborted(error)) throw error;
      if (error instanceof SourceError && error.retryAt) this.#pausedUntil = error.retryAt.getTime();
      for (const one of wanted) one.error = error;
    }
  }

  #take(gateway: CollectionRef, key: "id" | "eventId", wanted: readonly Wanted[], logs: readonly Log[]): void {
    const taken = wanted.flatMap(({ id }) => {
      // The last step of an event is the one that answered.
      const own = logs.filter((log) => (key === "id" ? log.id : log.eventId) === id);
      const log = own.toSorted((a, b) => (b.step ?? 0) - (a.step ?? 0))[0];
      return log ? [{ id, log }] : [];
    });
    if (taken.length === 0) return;
    this.#needs.found(gateway);
    for (const { id, log } of taken) this.#keep(id, { type: "known", gateway, log });
    this.#tell(taken.map(({ id }) => id));
  }

  #settle(id: string, state: CallState): void {
    this.#keep(id, state);
    this.#tell([id]);
  }

  /** Removes an ID that was never sent: another request may still allow it. */
  #forget(id: string): void {
    this.#stopWaiting(id);
    this.#tell([id]);
  }

  #stopWaiting(id: string): void {
    if (this.#waiting.get(id)?.sure === false) this.#unsure--;
    this.#waiting.delete(id);
  }

  #keep(id: string, state: CallState): void {
    this.#stopWaiting(id);
    this.#settled.set(id, state);
  }

  #tell(ids: readonly string[]): void {
    this.#needs.changed(ids);
    for (const listener of this.#listeners) listener(ids);
  }
}
