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

  /** Keeps a body that came with something else. */
  keep(ref: LogRef, side: Side, body: StoredBody): void {
    this.#kept.set(keyOf(ref, side), body);
  }

  /** Forgets all bodies: an account may have been signed out of. */
  clear(): void {
    this.#kept = keeping();
  }

  /** A stored body, a large one as bytes, or undefined when none is stored; rejects with a CloudflareError. */
  async get(ref: LogRef, side: Side, signal?: AbortSignal): Promise<StoredBody | undefined> {
    const before = this.#kept;
    const kept = before.get(keyOf(ref, side));
    if (kept) return kept;
    const client = signedIn(await this.#clientOf(ref.accountId));
    const options = { bytesAbove: SMALL, ...(signal ? { signal } : {}) };
    try {
      const body = await (side === "request" ? client.getRequest(ref, options) : client.getResponse(ref, options));
      // Not what was asked for before all was to be forgotten.
      if (before === this.#kept) this.keep(ref, side, body);
      return body;
    } catch (error) {
      if (error instanceof CloudflareError && error.reason === "notFound") return undefined;
      throw error;
    }
  }
}
