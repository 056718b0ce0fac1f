import type { Wishes } from "./wishes.ts";

/** A call as it began. Times are in milliseconds since 1970. */
export type Exchange = {
  /** The log's ID, which the response carries as `cf-aig-log-id`. */
  id: string;
  /** The program's own, or the log's ID. */
  eventId: string;
  account: string;
  gateway: string;
  provider: string;
  /** Path below the provider, as sent, without a leading slash and without parameters that may hold a credential. */
  path: string;
  /** The upstream's host with its port. */
  host: string;
  method: string;
  startedAt: number;
  /** Headers that say how to read the bodies and which session a call belongs to, by name in lower case. */
  requestHeaders: Readonly<Record<string, string>>;
  wishes: Wishes;
  /** Whether the program asks for a WebSocket: then bytes are counted only. */
  isWebSocket: boolean;
};

/**
 * How a call ended: the whole response was passed on; the upstream's connection broke, and so did the program's; the
 * program went away; or there was no connection to the upstream.
 */
export type Outcome = "finished" | "cut" | "canceled" | "unreachable";

/** The end of a call. `error`: a network error's code, "ECONNREFUSED". */
export type Ending = { outcome: Outcome; at: number; error?: string };

/**
 * Hears of one call. It gets copies of the bytes, and whatever it does or throws, the call goes on; nothing waits for a
 * promise that it returns. `ended` comes exactly once and last.
 */
type ExchangeObserver = {
  requestChunk?(chunk: Uint8Array, at: number): void;
  /** The response's status and headers have come. `headers`: by name in lower case, none with a credential. */
  answered?(status: number, headers: Readonly<Record<string, string>>, at: number): void;
  responseChunk?(chunk: Uint8Array, at: number): void;
  /** Bytes went through a WebSocket: frames with their heads. */
  tunneled?(side: "request" | "response", bytes: number, at: number): void;
  ended?(ending: Ending): void;
};

/** Called as a call begins; returns what hears the rest of it. */
export type Observer = (exchange: Exchange) => ExchangeObserver | undefined;

/** What reports a call: as `ExchangeObserver`, without exceptions. */
export type Reporter = Required<ExchangeObserver>;

/** Makes a reporter for a call. The first failure of its observer goes to `onError`, later ones are dropped. */
export function reporterOf(observe: Observer, exchange: Exchange, onError: (error: unknown) => void): Reporter {
  let hasFailed = false;
  let hasEnded = false;
  const failed = (error: unknown): void => {
    if (hasFailed) return;
    hasFailed = true;
    try {
      onError(error);
    } catch {
      // There is nothing left to tell.
    }
  };
  const guarded = <T>(call: () => T): T | undefined => {
    try {
      const result: unknown = call();
      if (result instanceof Promise) result.catch(failed);
      return result as T;
    } catch (error) {
      failed(error);
      return undefined;
    }
  };
  const observer = guarded(() => observe(exchange));
  return {
    requestChunk: (chunk, at) =>
      guarded(() => observer?.requestChunk && !hasEnded && observer.requestChunk(new Uint8Array(chunk), at)),
    answered: (status, headers, at) => guarded(() => !hasEnded && observer?.answered?.(status, headers, at)),
    responseChunk: (chunk, at) =>
      guarded(() => observer?.responseChunk && !hasEnded && observer.responseChunk(new Uint8Array(chunk), at)),
    tunneled: (side, bytes, at) => guarded(() => !hasEnded && observer?.tunneled?.(side, bytes, at)),
    ended: (ending) => {
      if (hasEnded) return;
      hasEnded = true;
      guarded(() => observer?.ended?.(ending));
    },
  };
}
