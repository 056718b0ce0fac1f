import { SERVICE } from "../service.ts";
import type { Priority } from "../../../source/query.ts";
import { createHash } from "node:crypto";
import { SourceError } from "../../../source/errors.ts";

export type BudgetOptions = {
  /** Calls in a window: 1,200 in 5 minutes (API notes: Call limits). */
  limit?: number;
  windowMs?: number;
  /** Limit on concurrent calls. */
  atOnce?: number;
  /** Share of the limit that background calls leave unused. */
  reserve?: number;
  now?: () => number;
};

/** Must be called once, at the end of the call. */
type Release = () => void;

type Waiting = { priority: Priority; start: () => void; onWait?: (until: Date) => void };

/**
 * The call budget of one token. A user's calls go first; background calls wait while the rest is reserved for users.
 * Counts calls made here, corrected by the API's report of calls made elsewhere.
 */
export class CallBudget {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #atOnce: number;
  readonly #background: number;
  readonly #now: () => number;
  /** Start times of the last window's calls, oldest first. */
  readonly #made: number[] = [];
  readonly #waiting: Waiting[] = [];
  #underWay = 0;
  /** Calls in this window made elsewhere, until `#elsewhereUntil`. */
  #elsewhere = 0;
  #elsewhereUntil = 0;
  #blockedUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ limit = 1200, windowMs = 300_000, atOnce = 6, reserve = 0.2, now = Date.now }: BudgetOptions = {}) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#atOnce = atOnce;
    this.#background = Math.floor(limit * (1 - reserve));
    this.#now = now;
  }

  /** Known number of calls in the current window. */
  get used(): number {
    const now = this.#now();
    while (this.#made[0] !== undefined && this.#made[0] <= now - this.#windowMs) this.#made.shift();
    return this.#made.length + (now < this.#elsewhereUntil ? this.#elsewhere : 0);
  }

  /**
   * Resolves when the call may begin. `onWait`: called with the time until which a background call waits.
   * @throws SourceError `rateLimited` with its end, if the budget is used up or the API said so; `aborted` if
   * `signal` is
   */
  take(priority: Priority, signal?: AbortSignal, onWait?: (until: Date) => void): Promise<Release> {
    return new Promise((resolve, reject) => {
      const aborted = () => {
        this.#leave(waiting);
        reject(new SourceError("aborted", "The call was canceled while it waited."));
      };
      const waiting: Waiting = {
        priority,
        ...(onWait ? { onWait } : {}),
        start: () => {
          signal?.removeEventListener("abort", aborted);
          const full = this.#fullUntil(priority);
          if (full) {
            reject(
              new SourceError("rateLimited", "The budget of calls is used up.", {
                service: SERVICE,
                retryAt: new Date(full),
              }),
            );
            return;
          }
          this.#made.push(this.#now());
          this.#underWay++;
          resolve(this.#releaseOnce());
        },
      };
      if (signal?.aborted) return aborted();
      signal?.addEventListener("abort", aborted, { once: true });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  /** Counts a retry within a call. */
  countRetry(): void {
    this.#made.push(this.#now());
  }

  /** Updates the budget from a response's headers (API notes: Call limits): calls made elsewhere, and a block. */
  learn(headers: Headers): void {
    const now = this.#now();
    const remaining = Number(headers.get("x-ratelimit-remaining") ?? Number.NaN);
    const reset = Date.parse(headers.get("x-ratelimit-reset") ?? "");
    if (Number.isFinite(remaining)) {
      this.#elsewhere = 0;
      const limit = Number(headers.get("x-ratelimit-limit") ?? Number.NaN);
      const elsewhere = (Number.isFinite(limit) ? limit : this.#limit) - remaining - this.used;
      this.#elsewhere = Math.max(0, elsewhere);
      this.#elsewhereUntil = Number.isFinite(reset) ? reset : now + this.#windowMs;
    }
  }

  /** Blocks all calls until then, like the API does. */
  block(until: Date): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until.getTime());
  }

  /** Returns when to retry a call that may not begin now; undefined if it may. */
  #fullUntil(priority: Priority): number | undefined {
    const now = this.#now();
    if (this.#blockedUntil > now) return this.#blockedUntil;
    if (this.used < this.#limit) return undefined;
    // Background calls wait their turn instead; see #next.
    return priority === "background" ? undefined : this.#roomAt(this.#limit);
  }

  /** Returns when the window will hold fewer than `limit` calls. */
  #roomAt(limit: number): number {
    const over = this.used - limit;
    const elsewhere = this.#now() < this.#elsewhereUntil && over >= this.#made.length ? this.#elsewhereUntil : 0;
    const oldest = this.#made[Math.min(Math.max(over, 0), this.#made.length - 1)];
    return Math.max(elsewhere, oldest === undefined ? this.#now() : oldest + this.#windowMs);
  }

  #next(): void {
    while (this.#underWay < this.#atOnce) {
      const person = this.#waiting.findIndex(({ priority }) => priority === "person");
      const index = person >= 0 ? person : 0;
      const waiting = this.#waiting[index];
      if (!waiting) return;
      // One slot is always reserved for a user's call.
      if (waiting.priority === "background" && this.#underWay >= Math.max(1, this.#atOnce - 1)) return;
      const blocked = this.#blockedUntil > this.#now();
      if (waiting.priority === "background" && !blocked && this.used >= this.#background)
        return this.#wakeAt(this.#roomAt(this.#background));
      this.#waiting.splice(index, 1);
      waiting.start();
    }
  }

  #wakeAt(time: number): void {
    clearTimeout(this.#timer);
    for (const { onWait } of this.#waiting) onWait?.(new Date(time));
    const delay = Math.max(1, time - this.#now());
    this.#timer = setTimeout(() => this.#next(), delay);
    this.#timer.unref();
  }

  #leave(waiting: Waiting): void {
    const index = this.#waiting.indexOf(waiting);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  #releaseOnce(): Release {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#underWay--;
      this.#next();
    };
  }
}

/** One budget per token, shared by all its clients. Tokens are identified by a hash and not kept. */
export class CallBudgets {
  readonly #options: BudgetOptions;
  readonly #budgets = new Map<string, CallBudget>();

  constructor(options: BudgetOptions = {}) {
    this.#options = options;
  }

  /** Returns the budget of `secret`. */
  of(secret: string): CallBudget {
    const key = createHash("sha256").update(secret).digest("base64");
    let budget = this.#budgets.get(key);
    if (!budget) {
      budget = new CallBudget(this.#options);
      this.#budgets.set(key, budget);
    }
    return budget;
  }
}
