/** Calls per token in a window of milliseconds; the API's limit is 1,200 in five minutes (API notes: Call limits). */
export type RateLimit = { limit: number; windowMs: number };

/** Whether a call may pass, and its response headers. */
export type RateVerdict = { allowed: boolean; headers: Record<string, string> };

/** Counts calls in windows; exceeding the limit blocks for a whole further window (API notes: Call limits). */
export class RateCounter {
  readonly #rate: RateLimit;
  readonly #now: () => number;
  readonly #windows = new Map<string, { until: number; used: number; blocked: boolean }>();

  constructor(rate: RateLimit, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Counts a call of `who`. */
  take(who: string): RateVerdict {
    const now = this.#now();
    let window = this.#windows.get(who);
    if (window === undefined || now >= window.until) {
      this.#windows.set(who, (window = { until: now + this.#rate.windowMs, used: 0, blocked: false }));
    }
    window.used++;
    const allowed = window.used <= this.#rate.limit;
    if (!allowed && !window.blocked) {
      window.blocked = true;
      window.until = now + this.#rate.windowMs;
    }
    const headers: Record<string, string> = {
      "x-ratelimit-limit": String(this.#rate.limit),
      "x-ratelimit-remaining": String(Math.max(0, this.#rate.limit - window.used)),
      "x-ratelimit-reset": new Date(window.until).toUTCString(),
    };
    if (!allowed) headers["retry-after"] = String(Math.max(1, Math.ceil((window.until - now) / 1000)));
    return { allowed, headers };
  }
}
