/*
 * How many calls are left (docs/verifywise-api.md: Limits), and what is left to the user: a person's calls are always
 * sent, those in the background only while there are some to spare.
 */

/** Least time between two automatic refreshes. */
const LEAST_MS = 10_000;

/** A longer time that is named counts as a mistake: it may be meant as a date. */
const LONGEST_SECONDS = 86_400;

/** Seconds until a limit ends that isn't named. */
const UNNAMED = 60;

/** The reset is named in whole seconds, which may be rounded down. */
const ROUNDING_MS = 1000;

/** Returns a header's number; undefined for anything else. */
function numberIn(text: string | null | undefined, most: number): number | undefined {
  const number = text && /^\s*\d+\s*$/.test(text) ? Number(text) : undefined;
  return number === undefined ? undefined : Math.min(number, most);
}

/** What an answer's headers say: `RateLimit-Limit`, `-Remaining` and `-Reset`, or all in one. Undefined if they don't. */
function toldIn(headers: Headers) {
  const all = headers.get("ratelimit");
  const told = (name: string, most: number) =>
    numberIn(headers.get(`ratelimit-${name}`) ?? new RegExp(`\\b${name}=(\\d+)`, "i").exec(all ?? "")?.[1], most);
  return {
    limit: told("limit", Number.MAX_SAFE_INTEGER),
    remaining: told("remaining", Number.MAX_SAFE_INTEGER),
    resetSeconds: told("reset", LONGEST_SECONDS),
  };
}

/** Returns the seconds until calls are accepted again, of an answer that refused one: `Retry-After`, or the reset. */
export const secondsUntilAccepted = (headers: Headers): number =>
  numberIn(headers.get("retry-after"), LONGEST_SECONDS) ?? toldIn(headers).resetSeconds ?? UNNAMED;

/** What is known of the calls until a time (ms since 1970). */
type Window = { remaining: number; reserve: number; until: number; pollMs: number };

/** A source's calls, as the answers tell of them. `now`: ms since 1970. */
export class RateLimit {
  readonly #now: () => number;
  #window: Window | undefined;
  /** When a refusal ends, and from when it was. */
  #refusal = { from: 0, until: 0 };
  #underWay = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Least time between two automatic refreshes, in seconds: they take at most half of the calls that are left until the
   * reset, and none of the last.
   */
  get pollSeconds(): number {
    const now = this.#now();
    const refused = now < this.#refusal.until ? this.#refusal.until - this.#refusal.from : 0;
    const stretched = this.#window && now < this.#window.until ? this.#window.pollMs : 0;
    return Math.max(LEAST_MS, refused, stretched) / 1000;
  }

  /** Returns until when no call is made in the background: the last ones are the user's. Undefined if one may be. */
  get heldUntil(): Date | undefined {
    const now = this.#now();
    if (now < this.#refusal.until) return new Date(this.#refusal.until);
    const { remaining, reserve, until } = this.#window ?? { remaining: Infinity, reserve: 0, until: 0 };
    return now < until && remaining - this.#underWay <= reserve ? new Date(until) : undefined;
  }

  /** Counts a call that is sent; returns what must be called once at its end. */
  begin(): () => void {
    this.#underWay++;
    return () => {
      this.#underWay--;
    };
  }

  /** Learns from an answer what is left. */
  learn({ status, headers }: Pick<Response, "status" | "headers">): void {
    const now = this.#now();
    if (status === 429) this.#refusal = { from: now, until: now + secondsUntilAccepted(headers) * 1000 + ROUNDING_MS };
    const { limit = 0, remaining, resetSeconds } = toldIn(headers);
    if (remaining === undefined || resetSeconds === undefined) return;
    // A tenth is kept: finding a log by its ID takes a handful of calls.
    const reserve = Math.max(1, Math.ceil(limit / 10));
    const wait = resetSeconds * 1000 + ROUNDING_MS;
    const polls = remaining <= reserve ? 1 : Math.max(1, Math.floor(remaining / 2));
    this.#window = { remaining, reserve, until: now + wait, pollMs: wait / polls };
  }
}
