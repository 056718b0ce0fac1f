import { LRUCache } from "lru-cache";
import { signedIn, type SourceOf } from "../account/signed-in.ts";
import type { StoredBody } from "../source/source.ts";
import type { LogRef, Side } from "../source/log.ts";
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
  readonly #sourceOf: SourceOf;
  #kept = keeping();

  constructor(sourceOf: SourceOf) {
    this.#sourceOf = sourceOf;
  }

  /** Caches a body that came with another response. */
  keep(ref: LogRef, side: Side, body: StoredBody): void {
    this.#kept.set(keyOf(ref, side), body);
  }

  /** Clears the cache, for example after a sign-out. */
  clear(): void {
    this.#kept = keeping();
  }

  /** Returns a stored body, a large one as bytes; undefined if none is stored. Rejects with a SourceError. */
  async get(ref: LogRef, side: Side, signal?: AbortSignal): Promise<StoredBody | undefined> {
    const before = this.#kept;
    const kept = before.get(keyOf(ref, side));
    if (kept) return kept;
    const source = signedIn(await this.#sourceOf(ref));
    const options = { bytesAbove: SMALL, ...(signal ? { signal } : {}) };
    const body = await source.body?.(ref, side, options);
    // Skip it if the cache was cleared during the request.
    if (body && before === this.#kept) this.keep(ref, side, body);
    return body;
  }
}
