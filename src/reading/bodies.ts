import { LRUCache } from "lru-cache";
import { signedIn } from "../account/signed-in.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";
import type { StoredBody } from "../cloudflare/logs.ts";
import type { LogRef, Side } from "../cloudflare/schema.ts";
import { logKey } from "../logs/log-key.ts";
import { SMALL } from "./core/reader.ts";

/** How many bodies are kept, and how many bytes of them at the most; one that is larger is kept alone. */
const KEPT = { count: 40, bytes: 48 * 1024 * 1024 };

const keyOf = (ref: LogRef, side: Side): string => `${side} ${logKey(ref)}`;

const keeping = (): LRUCache<string, StoredBody> =>
  new LRUCache({
    max: KEPT.count,
    maxSize: KEPT.bytes,
    sizeCalculation: ({ body }) => Math.max(1, Math.min(body.length, KEPT.bytes)),
  });

/** The recorded bodies that were read lately, so that a panel and its documents ask once. Stored bodies do not change. */
export class Bodies {
  readonly #clientOf: (accountId: string) => Promise<CloudflareClient | undefined>;
  #kept = keeping();

  constructor(clientOf: (accountId: string) => Promise<CloudflareClient | undefined>) {
    this.#clientOf = clientOf;
  }

  /** Caches a body that came with another response. */
  keep(ref: LogRef, side: Side, body: StoredBody): void {
    this.#kept.set(keyOf(ref, side), body);
  }

  /** Clears the cache, for example after a sign-out. */
  clear(): void {
    this.#kept = keeping();
  }

  /** Returns a stored body, a large one as bytes; undefined if none is stored. Rejects with a CloudflareError. */
  async get(ref: LogRef, side: Side, signal?: AbortSignal): Promise<StoredBody | undefined> {
    const before = this.#kept;
    const kept = before.get(keyOf(ref, side));
    if (kept) return kept;
    const client = signedIn(await this.#clientOf(ref.accountId));
    const options = { bytesAbove: SMALL, ...(signal ? { signal } : {}) };
    try {
      const body = await (side === "request" ? client.getRequest(ref, options) : client.getResponse(ref, options));
      // Skip it if the cache was cleared during the request.
      if (before === this.#kept) this.keep(ref, side, body);
      return body;
    } catch (error) {
      if (error instanceof CloudflareError && error.reason === "notFound") return undefined;
      throw error;
    }
  }
}
