import { Agent, fetch as undiciFetch } from "undici";

export type Transport = { fetch: typeof fetch; close(): Promise<void> };

/**
 * Undici's own fetch over undici's own dispatcher: the two must come as a pair, since a dispatcher of the npm package
 * must not be handed to the fetch that is built into Node. Connections are kept alive and closed by `close`.
 */
export function createTransport(): Transport {
  const dispatcher = new Agent({
    connect: { timeout: 10_000 },
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
    connections: 6,
  });
  const fetchThrough = (input: string, init?: RequestInit) => undiciFetch(input, { ...init, dispatcher } as never);
  return { fetch: fetchThrough as unknown as typeof fetch, close: () => dispatcher.destroy() };
}
