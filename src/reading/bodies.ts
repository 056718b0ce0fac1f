import { signedIn } from "../account/signed-in.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";
import type { StoredBody } from "../cloudflare/logs.ts";
import type { LogRef, Side } from "../cloudflare/schema.ts";
import { logKey } from "../logs/log-key.ts";
import { SMALL } from "./core/reader.ts";

/** How many bodies are kept, and how many bytes of them at the most. */
const KEPT = { count: 40, bytes: 48 * 1024 * 1024 };

const keyOf = (ref: LogRef, side: Side): string => `${side} ${logKey(ref)}`;

/** The recorded bodies that were read lately, so that a panel and its documents ask once. Stored bodies do not change. */
export class Bodies {
  readonly #clientOf: (accountId: string) => Promise<CloudflareClient | undefined>;
  #kept = new Map<string, StoredBody>();

  constructor(clientOf: (accountId: string) => Promise<CloudflareClient | undefined>) {
    this.#clientOf = clientOf;
  }

  /** Keeps a body that came with something else. */
  keep(ref: LogRef, side: Side, body: StoredBody): void {
    const key = keyOf(ref, side);
    this.#kept.delete(key);
    this.#kept.set(key, body);
    let bytes = [...this.#kept.values()].reduce((sum, kept) => sum + kept.body.length, 0);
    for (const [oldest, kept] of this.#kept) {
      if (oldest === key || (this.#kept.size <= KEPT.count && bytes <= KEPT.bytes)) break;
      this.#kept.delete(oldest);
      bytes -= kept.body.length;
    }
  }

  /** Forgets all bodies: an account may have been signed out of. */
  clear(): void {
    this.#kept = new Map();
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
