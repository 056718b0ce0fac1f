import { lookup as lookUp } from "node:dns";
import { isIP, type LookupFunction, type Socket } from "node:net";
import { createSecureContext } from "node:tls";
import { Agent, buildConnector, type Dispatcher, fetch as undiciFetch, interceptors, Pool, ProxyAgent } from "undici";
import { trustedAuthorities } from "./certificates.ts";
import { isLoopback, type ProxyEnvironment, type ProxySettings, type Route, routeTo } from "./proxy.ts";
import { type CountedInit, delayBeforeRetry, RETRY_LIMITS, type RetryLimits } from "./retry.ts";

export type Transport = { fetch: typeof fetch; close(): Promise<void> };

export type TransportOptions = {
  /** VS Code's `http.*` settings. */
  proxy?: ProxySettings;
  /** Environment with proxies, if the settings have none: `process.env`. None by default. */
  env?: ProxyEnvironment;
  /** Additional certificate authorities, besides Node's own, NODE_EXTRA_CA_CERTS and the system's, as PEM. */
  certificates?: readonly string[];
  /** `http.systemCertificates`: whether to trust the system's certificate authorities; true by default. */
  systemCertificates?: boolean;
  retry?: Partial<RetryLimits>;
  /**
   * Timeouts in milliseconds: to connect (TLS and proxy included, each step separately), to the headers, between parts
   * of a body.
   */
  timeouts?: Partial<typeof TIMEOUTS>;
  /**
   * Whether an address may be connected to: the URL's own, or each address that its host resolves to for this
   * connection. Any by default. A proxy resolves names itself, so calls through one aren't checked.
   */
  mayConnect?: (address: string, host: string) => boolean;
  /** Resolves names; Node's own by default. */
  lookup?: LookupFunction;
  /** VS Code's own fetch, which also uses the operating system's proxies and PAC files. Not used with `mayConnect`. */
  fallback?: typeof fetch;
  /** Called once, when `fallback` has succeeded and replaces this transport. `reason`: without a password. */
  onFallback?: (reason: string) => void;
};

const TIMEOUTS = { connect: 10_000, headers: 30_000, body: 30_000 };

/** A call's progress, over all its attempts. */
type Progress = { sent: boolean; answered: boolean; failure: Error | undefined };

/**
 * Creates a fetch over undici's own dispatcher: the two must come from the same package, because Node's built-in fetch
 * must not get a dispatcher of the npm package. At most 6 connections (HTTP/1.1), kept alive until `close`, which ends
 * them and all calls. Redirects are never followed. GET, HEAD and a POST that only reads are retried as in `retry.ts`, and the last response is
 * passed through; no other method is sent twice. If nothing of a call could be sent, it goes through `fallback`; once
 * that succeeds, so do all later calls, without this transport's limits. Bodies are strings or bytes. Rejects like
 * fetch: `cause.code` is the reason, `PROXY_407` if a proxy refused, `ADDRESS_REFUSED` if `mayConnect` did.
 */
export function createTransport(options: TransportOptions = {}): Transport {
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const limits = { ...RETRY_LIMITS, ...options.retry };
  const closing = new AbortController();
  const network = openNetwork(options, timeouts);
  let usesFallback = false;

  async function throughFallback(fallback: typeof fetch, reason: string, url: URL, init: RequestInit) {
    const signal = init.signal ? AbortSignal.any([init.signal, closing.signal]) : closing.signal;
    const response = await fallback(url.href, { ...init, signal });
    if (!usesFallback) options.onFallback?.(reason);
    usesFallback = true;
    return response;
  }

  async function fetchThrough(
    input: string | URL,
    { onRetry, isRead = false, ...given }: CountedInit = {},
  ): Promise<Response> {
    const url = new URL(input);
    const init: RequestInit = { ...given, redirect: "manual" };
    const here = isLoopback(url);
    if (closing.signal.aborted) throw failed("CLOSED", "The connections to the API are closed.");
    if (url.protocol !== "https:" && !(url.protocol === "http:" && here)) {
      throw failed("NOT_SECURE", "Only https leaves this machine.");
    }
    // VS Code's own fetch doesn't reveal what it connects to.
    const fallback = here || options.mayConnect ? undefined : options.fallback;
    const route = routeTo(url, options.proxy, options.env);
    if (route.kind === "unsupported") {
      if (!fallback) throw failed("UNSUPPORTED_PROXY", route.reason);
      return throughFallback(fallback, route.reason, url, init);
    }
    if (fallback && usesFallback) return throughFallback(fallback, "", url, init);
    const progress: Progress = { sent: false, answered: false, failure: undefined };
    const repeatable = isRead || ["GET", "HEAD"].includes((init.method ?? "GET").toUpperCase());
    const signals = [closing.signal, ...(init.signal ? [init.signal] : [])];
    const chain = repeatable
      ? [retrying(limits, progress, signals, onRetry), watching(progress)]
      : [watching(progress), once()];
    try {
      const dispatcher = network.dispatcherFor(route).compose(chain);
      // Node's fetch and undici's have separate types for the same things.
      return await undiciFetch(url, { ...init, dispatcher } as never);
    } catch (error) {
      const { sent, failure } = progress;
      if (sent || !failure || signals.some((signal) => signal.aborted)) throw error;
      const status = /^Proxy response \((\d+)\)/.exec(failure.message)?.[1];
      const told = status ? failed(`PROXY_${status}`, `The proxy refused with status ${status}.`) : error;
      if (!fallback || (status && status !== "407")) throw told;
      const code = status ? `PROXY_${status}` : "code" in failure ? String(failure.code) : failure.name;
      return throughFallback(fallback, `the connection failed (${code})`, url, init).catch(() => {
        throw told;
      });
    }
  }

  return {
    fetch: fetchThrough as typeof fetch,
    close: () => {
      closing.abort();
      return network.close();
    },
  };
}

/**
 * How long an unused connection is kept when other programs' calls are passed on, in milliseconds. A server may close it
 * just as a call is sent, and these calls aren't sent twice. Local servers close after as little as 5 seconds, and
 * connecting to them takes no time.
 */
const KEPT_MS = { local: 2000, remote: 30_000 };

/** Limit on the bytes of a response's headers when other programs' calls are passed on. */
const MOST_HEADER_BYTES = 131_072;

/** Passes calls on through the user's proxy. */
export type PassingOn = Pick<Dispatcher, "dispatch"> & { close(): Promise<void> };

/**
 * Creates a dispatcher that passes other programs' calls on as they are: any number of connections (HTTP/1.1, whose
 * headers keep their case, order and repeats), no limit on how long a model thinks, nothing sent twice. `dispatch` throws
 * for a proxy that isn't supported.
 */
export function createDispatcher(
  options: Pick<TransportOptions, "proxy" | "env" | "certificates" | "systemCertificates"> = {},
): PassingOn {
  const network = openNetwork(
    options,
    { ...TIMEOUTS, headers: 0, body: 0 },
    {
      connections: null,
      maxHeaderSize: MOST_HEADER_BYTES,
      factory: (origin, shared) => {
        const keepAliveTimeout = isLoopback(new URL(origin)) ? KEPT_MS.local : KEPT_MS.remote;
        return new Pool(origin, { ...(shared as Pool.Options), keepAliveTimeout });
      },
    },
  );
  return {
    dispatch: (call, handler) => {
      const route = routeTo(new URL(String(call.origin)), options.proxy, options.env);
      if (route.kind === "unsupported") throw failed("UNSUPPORTED_PROXY", route.reason);
      return network.dispatcherFor(route).dispatch(call, handler);
    },
    close: () => network.close(),
  };
}

/** Creates dispatchers on demand, and tracks their sockets. `how`: other options of their pools. */
function openNetwork(options: TransportOptions, timeouts: typeof TIMEOUTS, how: Agent.Options = {}) {
  const common = { timeout: timeouts.connect, autoSelectFamily: true, allowH2: false };
  const pool = {
    connections: 6,
    allowH2: false,
    keepAliveTimeout: 30_000,
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.body,
    ...how,
  };
  const sockets = new Set<Socket>();
  let tls: buildConnector.BuildOptions | undefined;
  let direct: Agent | undefined;
  let proxied: ProxyAgent | undefined;

  const secured = () =>
    (tls ??= {
      ...common,
      rejectUnauthorized: options.proxy?.strictSSL ?? true,
      secureContext: createSecureContext({
        ca: trustedAuthorities(options.systemCertificates ?? true, options.certificates ?? []),
      }),
    });

  function connecting(lookup: LookupFunction = lookUp): buildConnector.connector {
    const plain = buildConnector({ ...common, lookup });
    let secure: buildConnector.connector | undefined;
    return (target, callback) => {
      const { servername, ...rest } = target;
      const connector = target.protocol === "https:" ? (secure ??= buildConnector({ ...secured(), lookup })) : plain;
      // An address isn't a server name, but undici passes a proxy's address as one.
      const named = servername && !isIP(servername.replace(/^\[(.*)\]$/, "$1")) ? { ...rest, servername } : rest;
      // Undici doesn't expose a connecting socket; its connector returns it, untyped.
      const socket = connector(named, callback) as unknown as Socket;
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    };
  }

  function connectingDirectly(): buildConnector.connector {
    const { mayConnect, lookup } = options;
    if (!mayConnect) return connecting(lookup);
    const connect = connecting(checkedLookup(mayConnect, lookup));
    return (target, callback) => {
      // An address isn't resolved.
      if (!isIP(target.hostname) || mayConnect(target.hostname, target.hostname)) connect(target, callback);
      else process.nextTick(callback, addressRefused(), null);
    };
  }

  function throughProxy(route: Route & { kind: "proxy" }): ProxyAgent {
    return new ProxyAgent({
      ...pool,
      uri: route.uri,
      ...(route.authorization ? { token: route.authorization } : {}),
      requestTls: secured(),
      // The proxy's response time to CONNECT counts as connecting.
      clientFactory: (origin) =>
        new Pool(origin, { connect: connecting(), allowH2: false, headersTimeout: timeouts.connect }),
    });
  }

  return {
    dispatcherFor: (route: Route & { kind: "direct" | "proxy" }): Dispatcher =>
      route.kind === "proxy"
        ? (proxied ??= throughProxy(route))
        : (direct ??= new Agent({ ...pool, connect: connectingDirectly() })),
    close: async () => {
      const ended = Promise.all([direct?.destroy(), proxied?.destroy()]);
      for (const socket of sockets) socket.destroy();
      await ended;
    },
  };
}

/**
 * Resolves names, and returns the result only if every address may be connected to: the connection uses one of them.
 */
function checkedLookup(
  mayConnect: (address: string, host: string) => boolean,
  lookup: LookupFunction = lookUp,
): LookupFunction {
  return (host, options, done) =>
    lookup(host, options, (error, found, family) => {
      const addresses = typeof found === "string" ? [found] : (found ?? []).map(({ address }) => address);
      if (error || addresses.every((address) => mayConnect(address, host))) done(error, found, family);
      else done(addressRefused(), []);
    });
}

const addressRefused = (): Error =>
  Object.assign(new Error("The host is at an address that may not be connected to."), { code: "ADDRESS_REFUSED" });

/** Returns an error in fetch's own form: its cause has the code. */
function failed(code: string, message: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}

/**
 * Undici's retry handler with our own policy. `throwOnError: false` passes the last response through instead of an
 * error without its body. After a response's headers were passed on there is no retry: undici would request the rest by
 * Range.
 */
function retrying(limits: RetryLimits, progress: Progress, signals: AbortSignal[], onRetry?: () => void) {
  let waiting: ((result: Error | null) => void)[] | undefined;
  return interceptors.retry({
    throwOnError: false,
    retry: (failure, { state }, done) => {
      // Asked again if the connection breaks while its response is held back: undici needs both answered, in order.
      if (waiting) {
        waiting.push(done);
        return;
      }
      const stopped = progress.answered || signals.some((signal) => signal.aborted);
      const delay = stopped ? undefined : delayBeforeRetry(failure, state.counter, limits);
      if (delay === undefined) {
        done(failure);
        return;
      }
      const asked = (waiting = [done]);
      const end = (result: Error | null) => {
        waiting = undefined;
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener("abort", stop);
        if (result === null) onRetry?.();
        for (const each of asked) each(result);
      };
      const stop = () => end(failure);
      const timer = setTimeout(end, delay, null);
      for (const signal of signals) signal.addEventListener("abort", stop);
    },
  });
}

/** Keeps `progress` up to date. Undici starts a request when a connection exists and nothing was sent yet. */
function watching(progress: Progress): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context) => {
        progress.sent = true;
        handler.onRequestStart?.(controller, context);
      },
      onResponseStart: (controller, status, headers, message) => {
        if (status >= 200) progress.answered = true;
        handler.onResponseStart?.(controller, status, headers, message);
      },
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => {
        progress.failure = error;
        handler.onResponseError?.(controller, error);
      },
    });
}

/** Lets a call be dispatched only once: fetch itself resends a request after status 421. */
function once(): Dispatcher.DispatcherComposeInterceptor {
  let dispatched = false;
  return (dispatch) => (options, handler) => {
    if (dispatched) throw new Error("A call that changes something is not sent again.");
    dispatched = true;
    return dispatch(options, handler);
  };
}
