import { createHash } from "node:crypto";
import { CloudflareError } from "../errors.ts";

export type Priority = "person" | "background";

export type BudgetOptions = {
  /** Calls in a window: 1,200 in 5 minutes (API notes: Call limits). */
  limit?: number;
  windowMs?: number;
  /** Calls under way at once. */
  atOnce?: number;
  /** The share of the limit that background calls leave free. */
  reserve?: number;
  now?: () => number;
};

/** Must be called once, when the call is over. */
type Release = () => void;

type Waiting = { priority: Priority; start: () => void; onWait?: (until: Date) => void };

/**
 * How many calls may still be made with one token. Calls of a person go first; background calls wait while the rest is
 * meant for people. The count is of calls made here, corrected by what the API says of those made elsewhere.
 */
export class CallBudget {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #atOnce: number;
  readonly #background: number;
  readonly #now: () => number;
  /** When the calls of the last window began, oldest first. */
  readonly #made: number[] = [];
  readonly #waiting: Waiting[] = [];
  #underWay = 0;
  /** Calls of this window that were made elsewhere, until `#elsewhereUntil`. */
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

  /** Calls of the current window, as far as is known. */
  get used(): number {
    const now = this.#now();
    while (this.#made[0] !== undefined && this.#made[0] <= now - this.#windowMs) this.#made.shift();
    return this.#made.length + (now < this.#elsewhereUntil ? this.#elsewhere : 0);
  }

  /**
   * Resolves when the call may begin. `onWait` is told until when a background call waits for its share of the budget.
   * @throws CloudflareError `rateLimited` with the time it ends, when the budget is used up or the API has said so;
   *   `aborted` when `signal` is
   */
  take(priority: Priority, signal?: AbortSignal, onWait?: (until: Date) => void): Promise<Release> {
    return new Promise((resolve, reject) => {
      const aborted = () => {
        this.#leave(waiting);
        reject(new CloudflareError("aborted", "The call was given up while it waited."));
      };
      const waiting: Waiting = {
        priority,
        ...(onWait ? { onWait } : {}),
        start: () => {
          signal?.removeEventListener("abort", aborted);
          const full = this.#fullUntil(priority);
          if (full) {
            reject(new CloudflareError("rateLimited", "The budget of calls is used up.", { retryAt: new Date(full) }));
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

  /** Counts a call that is made again within one that has begun. */
  countRetry(): void {
    this.#made.push(this.#now());
  }

  /** Takes account of what an answer's headers say (API notes: Call limits): calls made elsewhere, and a block. */
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

  /** The API refuses all calls until then. */
  block(until: Date): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until.getTime());
  }

  /** When a call that may not begin now can be tried again, or undefined when it may begin. */
  #fullUntil(priority: Priority): number | undefined {
    const now = this.#now();
    if (this.#blockedUntil > now) return this.#blockedUntil;
    if (this.used < this.#limit) return undefined;
    // Background calls wait for their turn instead; see #next.
    return priority === "background" ? undefined : this.#roomAt(this.#limit);
  }

  /** When fewer than `limit` calls will lie in the window. */
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
      // One place is always kept for a person.
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

/** One budget a token, shared by all clients that use it. Tokens are told apart by a hash and not kept. */
export class CallBudgets {
  readonly #options: BudgetOptions;
  readonly #budgets = new Map<string, CallBudget>();

  constructor(options: BudgetOptions = {}) {
    this.#options = options;
  }

  /** The budget that `secret` draws on. */
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
