import { LRUCache } from "lru-cache";
import { signedIn } from "../account/signed-in.ts";
import type { RecordedExchange } from "../chat/conversation.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import type { StoredBody } from "../cloudflare/logs.ts";
import type { LogDetail, LogRef, Side } from "../cloudflare/schema.ts";
import { exchangeOf, headOf } from "../logs/exchange.ts";
import { logKey } from "../logs/log-key.ts";
import type { Bodies } from "./bodies.ts";

/** A log and what is stored of its bodies. */
export type Recording = { ref: LogRef; log: LogDetail; exchange: RecordedExchange };

/** How many are kept: two that are compared are asked for several times. Their bodies are those that `Bodies` keeps. */
const KEPT = 4;

/** Logs with their whole bodies, for what is done with them outside a panel. All of it rejects with a CloudflareError. */
export class Recordings {
  readonly #clientOf: (accountId: string) => Promise<Pick<CloudflareClient, "getLog"> | undefined>;
  readonly #bodies: Pick<Bodies, "get" | "keep">;
  #kept = new LRUCache<string, Recording>({ max: KEPT });

  constructor(
    clientOf: (accountId: string) => Promise<Pick<CloudflareClient, "getLog"> | undefined>,
    bodies: Pick<Bodies, "get" | "keep">,
  ) {
    this.#clientOf = clientOf;
    this.#bodies = bodies;
  }

  /** Forgets all of them: an account may have been signed out of. */
  clear(): void {
    this.#kept = new LRUCache({ max: KEPT });
  }

  /** A log with both bodies: 1 to 3 calls. */
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

  /** A log as far as its request goes: 1 or 2 calls. The response counts as not stored. */
  async getRequest(ref: LogRef, signal?: AbortSignal): Promise<Recording> {
    const log = await this.#detail(ref, signal);
    return { ref, log, exchange: exchangeOf(log, await this.#body(ref, "request", log, signal), undefined) };
  }

  async #detail(ref: LogRef, signal: AbortSignal | undefined): Promise<LogDetail> {
    const client = signedIn(await this.#clientOf(ref.accountId));
    return client.getLog(ref, signal ? { signal } : {});
  }

  /** A side's body: from the detail while it is whole there, else by a call of its own; a head where no more is stored. */
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
