// Limits on all calls, as some builds of VerifyWise have them (docs/verifywise-api.md: Limits).

export type LimiterOptions = {
  /** Calls in a window. */
  limit: number;
  windowMs: number;
  /** Whether each call begins the window anew, as with a shared store. */
  restarts?: boolean;
  /** `RateLimit-Limit`, `-Remaining` and `-Reset`; all of them in one header; or none, but `Retry-After` of a refusal. */
  headers?: "separate" | "combined" | "none";
  now?: () => number;
};

/** A limiter. `left`: the calls that are left at this time. */
export type Limiter = { take(): { isRefused: boolean; headers: Record<string, string> }; readonly left: number };

/** Makes a limiter; its window begins with the first call. */
export function limiterOf(options: LimiterOptions): Limiter {
  const { limit, windowMs, restarts = false, headers = "separate", now = Date.now } = options;
  let [used, end] = [0, 0];
  const clean = () => {
    if (now() >= end) used = 0;
  };
  return {
    take() {
      clean();
      if (used === 0 || restarts) end = now() + windowMs;
      used++;
      const [left, reset] = [Math.max(0, limit - used), Math.floor((end - now()) / 1000)];
      const isRefused = used > limit;
      const told = {
        separate: {
          "ratelimit-limit": String(limit),
          "ratelimit-remaining": String(left),
          "ratelimit-reset": String(reset),
        },
        combined: { ratelimit: `limit=${limit}, remaining=${left}, reset=${reset}` },
        none: isRefused ? { "retry-after": String(reset) } : {},
      }[headers];
      return { isRefused, headers: told };
    },
    get left() {
      clean();
      return limit - used;
    },
  };
}
