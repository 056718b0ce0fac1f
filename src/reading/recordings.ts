import { LRUCache } from "lru-cache";
import { signedIn, type SourceOf } from "../account/signed-in.ts";
import type { RecordedExchange } from "../chat/conversation.ts";
import { readDetail } from "../source/rows.ts";
import type { StoredBody } from "../source/source.ts";
import type { LogDetail, LogRef, Side } from "../source/log.ts";
import { exchangeOf, headOf } from "../logs/exchange.ts";
import { logKey } from "../logs/log-key.ts";
import type { Bodies } from "./bodies.ts";

/** A log and its stored bodies. */
export type Recording = { ref: LogRef; log: LogDetail; exchange: RecordedExchange };

/** Cache size: two logs under comparison are read several times. `Bodies` caches their bodies. */
const KEPT = 4;

/** Logs with whole bodies, for uses outside of a panel. All methods reject with a SourceError. */
export class Recordings {
  readonly #sourceOf: SourceOf;
  readonly #bodies: Pick<Bodies, "get" | "keep">;
  #kept = new LRUCache<string, Recording>({ max: KEPT });

  constructor(sourceOf: SourceOf, bodies: Pick<Bodies, "get" | "keep">) {
    this.#sourceOf = sourceOf;
    this.#bodies = bodies;
  }

  /** Clears the cache, for example after a sign-out. */
  clear(): void {
    this.#kept = new LRUCache({ max: KEPT });
  }

  /** Returns a log with both bodies: 1 to 3 calls. */
  async get(ref: LogRef, signal?: AbortSignal): Promise<Recording> {
    const before = this.#kept;
    const key = logKey(ref);
    const kept = before.get(key);
    if (kept) return kept;
    const log = await this.#detail(ref, signal);
    const [request, response] = await Promise.all([
      this.#body(ref, "request", log, signal),
      this.#body(ref, "response", log, signal),
    ]);
    const recording = { ref, log, exchange: exchangeOf(log, request, response) };
    // What is still being written is asked for again.
    if (request && response) before.set(key, recording);
    return recording;
  }

  /** Returns a log with its request only: 1 or 2 calls. The response counts as not stored. */
  async getRequest(ref: LogRef, signal?: AbortSignal): Promise<Recording> {
    const log = await this.#detail(ref, signal);
    return { ref, log, exchange: exchangeOf(log, await this.#body(ref, "request", log, signal), undefined) };
  }

  async #detail(ref: LogRef, signal: AbortSignal | undefined): Promise<LogDetail> {
    return readDetail(signedIn(await this.#sourceOf(ref)), ref, signal ? { signal } : {});
  }

  /**
   * Returns a side's body: from the detail if it's complete there, else with a separate call; its head if no more is
   * stored.
   */
  async #body(
    ref: LogRef,
    side: Side,
    log: LogDetail,
    signal: AbortSignal | undefined,
  ): Promise<StoredBody | undefined> {
    const head = headOf(log, side);
    if (head && log[side].complete) {
      this.#bodies.keep(ref, side, head);
      return head;
    }
    return (await this.#bodies.get(ref, side, signal)) ?? head;
  }
}
