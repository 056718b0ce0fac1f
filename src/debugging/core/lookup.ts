import { LRUCache } from "lru-cache";
import { CloudflareError, isAborted } from "../../cloudflare/errors.ts";
import type { LogPage, LogQuery } from "../../cloudflare/logs.ts";
import type { GatewayRef, Log } from "../../cloudflare/schema.ts";
import type { SeenId } from "./scanner.ts";

/** A call of a program, as far as the gateway has told of it. `error`: why it could not be asked, when that is so. */
export type CallState =
  { type: "waiting" } | { type: "known"; gateway: GatewayRef; log: Log } | { type: "missing"; error?: unknown };

export type LookupNeeds = {
  /** One call to the API, after those of people. */
  list(gateway: GatewayRef, query: LogQuery, signal: AbortSignal): Promise<Pick<LogPage, "logs">>;
  /** The gateways that the program is known or said to use, the likeliest first, and all others. */
  gateways(signal: AbortSignal): Promise<{ used: readonly GatewayRef[]; others: readonly GatewayRef[] }>;
  /** The gateways on this machine: what they are asked for goes nowhere. No other is asked for its gateways. */
  samples(): Promise<readonly GatewayRef[]>;
  /**
   * Which ids that only look like ours may be sent to any gateway: a key or a session's id may look the same. Judged at each try, since a
   * program may turn out to call a gateway.
   */
  guesses(): Promise<(id: string) => boolean>;
  /** A log was found there. */
  found(gateway: GatewayRef): void;
  /** Of these ids another state is known now. */
  changed(ids: readonly string[]): void;
  /** In ms since 1970. */
  now(): number;
  /** Runs once after `ms`, unless disposed before. */
  after(ms: number, run: () => void): { dispose(): void };
};

/** When an id is asked for, in ms after it was seen: a log can be read some seconds after its call, at the latest in a minute. */
const TRIES = [0, 1000, 3000, 7000, 15_000, 30_000, 60_000];
/** The try at which the other gateways are asked too: by then the log would be where it belongs. */
const OTHERS = 3;
/** Ids are gathered for so long, in ms, so that many are one call. */
const GATHER = 200;
/** From one round of calls to the next, in ms, unless somebody waits: a program may go on calling for hours. */
const APART = 1000;
/** Ids of one call: as many as rows fit in a page (API notes: Paging). */
const AT_ONCE = 50;
/** Ids of several values in one filter that are asked for again one by one before they are given up: see `#ask`. */
const SINGLY = 10;
/** Words that only look like an id which wait at once: a program may print thousands that are none, and calls are counted. */
const MOST_UNSURE = 600;
const MOST_SETTLED = 5000;

/** `asked`: whether any gateway but the samples could be asked. */
type Wanted = SeenId & { since: number; tries: number; once: boolean; asked: boolean; error?: unknown };

const settles = ({ tries, once }: Wanted): boolean => once || tries >= TRIES.length;

/**
 * What is known of the logs of ids that were seen. Asks for many at once, again and again for a minute, in the background. The one place
 * that decides which ids are sent where: those that are surely ours to all gateways, others only where `guesses` allows it, else to the
 * samples. Secrets are not among them: what finds ids leaves them out.
 */
export class Lookup {
  readonly #needs: LookupNeeds;
  readonly #waiting = new Map<string, Wanted>();
  readonly #settled = new LRUCache<string, CallState>({ max: MOST_SETTLED });
  readonly #listeners = new Set<(ids: readonly string[]) => void>();
  #abort = new AbortController();
  #timer: { dispose(): void } | undefined;
  /** When the timer strikes, in ms since 1970. */
  #due = 0;
  #unsure = 0;
  #isAsking = false;
  /** When the last round began, in ms since 1970. */
  #askedAt = 0;
  /** Nothing is asked before, in ms since 1970: the API has said so. */
  #pausedUntil = 0;

  constructor(needs: LookupNeeds) {
    this.#needs = needs;
  }

  /** What is known of an id; undefined when it was never asked for. */
  state(id: string): CallState | undefined {
    return this.#waiting.has(id) ? { type: "waiting" } : this.#settled.get(id);
  }

  /** Asks for a log until it is there, for a minute. One that was not found then is not asked for again. */
  want(seen: SeenId): void {
    if (!this.#settled.has(seen.id)) this.#add(seen, false);
  }

  /** Whether an id may be sent to any gateway without somebody's asking. */
  async mayAsk({ id, sure }: SeenId): Promise<boolean> {
    return sure || (await this.#needs.guesses())(id);
  }

  /**
   * Asks for a log once, now, and for one that was not found anew. Somebody has asked for it, unless `sure` says that it only looks like an
   * id of ours. @throws CloudflareError `aborted` as the signal says
   */
  async find(id: string, signal: AbortSignal, sure = true): Promise<CallState> {
    const known = this.#settled.get(id);
    if (known?.type === "known") return known;
    this.#settled.delete(id);
    this.#add({ id, sure }, true);
    return this.settled(id, signal);
  }

  /** The state of an id once it waits no more. @throws CloudflareError `aborted` as the signal says */
  settled(id: string, signal: AbortSignal): Promise<CallState> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const state = this.#settled.get(id);
        if (!state && this.#waiting.has(id) && !signal.aborted) return;
        this.#listeners.delete(look);
        if (signal.aborted) reject(new CloudflareError("aborted", "The log is not waited for any more."));
        else resolve(state ?? { type: "missing" });
      };
      signal.addEventListener("abort", look, { once: true });
      this.#listeners.add(look);
      look();
    });
  }

  /** Notes a log that was found in another way. */
  know(gateway: GatewayRef, logs: readonly Log[]): void {
    for (const log of logs) this.#settle(log.id, { type: "known", gateway, log });
  }

  /** Forgets all: other accounts may be asked now. */
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
    // One that turns out to be ours is asked for from now on: it may not have been so far.
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

  /** Asks for what is due, as much in a call as goes into one. */
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
      // Meanwhile it may be wanted in another way.
      return settles(wanted) && this.#waiting.get(wanted.id) === wanted;
    });
    for (const { id, asked, error } of missing)
      if (asked) this.#settle(id, { type: "missing", ...(error === undefined ? {} : { error }) });
      else this.#forget(id);
  }

  /** Those that are nowhere, or only in gateways that may not be asked. */
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
    // Of those that are not where they are expected, once; where nothing is expected, every other time.
    const asksOthers = ({ tries, once }: Wanted) => once || (used.length > 0 ? tries === OTHERS : tries % 2 === 0);
    const elsewhere = left.filter(asksOthers);
    await Promise.all(others.map((gateway) => this.#ask(gateway, elsewhere, signal)));
  }

  /**
   * Asks one gateway, first for logs of these ids and then, of those that the gateway is known to have named, for events. That several
   * values of a filter mean any of them is nowhere documented (API notes: Filters), so the last time some are asked for one by one.
   */
  async #ask(gateway: GatewayRef, wanted: readonly Wanted[], signal: AbortSignal): Promise<readonly Wanted[]> {
    const left = () => wanted.filter(({ id }) => this.#waiting.has(id));
    await this.#list(gateway, "id", wanted, signal);
    const named = left().filter(({ sure, tries, once }) => once || (sure && tries > 0));
    await this.#list(gateway, "event_id", named, signal);
    const last = left().filter(({ sure, tries }) => sure && tries === TRIES.length - 1);
    if (last.length > 1) for (const one of last.slice(0, SINGLY)) await this.#list(gateway, "id", [one], signal);
    return left();
  }

  async #list(
    gateway: GatewayRef,
    key: "id" | "event_id",
    wanted: readonly Wanted[],
    signal: AbortSignal,
  ): Promise<void> {
    if (wanted.length === 0) return;
    const filters = [{ key, operator: "eq" as const, value: wanted.map(({ id }) => id) }];
    try {
      const { logs } = await this.#needs.list(gateway, { filters, perPage: AT_ONCE }, signal);
      for (const one of wanted) delete one.error;
      this.#take(gateway, key, wanted, logs);
    } catch (error) {
      if (isAborted(error)) throw error;
      if (error instanceof CloudflareError && error.retryAt) this.#pausedUntil = error.retryAt.getTime();
      for (const one of wanted) one.error = error;
    }
  }

  #take(gateway: GatewayRef, key: "id" | "event_id", wanted: readonly Wanted[], logs: readonly Log[]): void {
    const taken = wanted.flatMap(({ id }) => {
      // Of the steps of an event the last is the one that answered.
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

  /** Forgets an id that was not asked for: it may be, from elsewhere. */
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
