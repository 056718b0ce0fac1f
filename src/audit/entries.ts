import { LRUCache } from "lru-cache";
import { signedIn } from "../account/signed-in.ts";
import type { AuditEntry } from "../cloudflare/audit/schema.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";
import { entryKey, type EntryRef } from "./ref.ts";

/** Maximum number of cached entries. */
const KEPT = 200;

/** Margin around the time of an entry in its query, in milliseconds: the API doesn't document its precision. */
const AROUND = 1000;

/** A cache of recently viewed entries, so that a tab and its document share one call. Entries don't change. */
export class Entries {
  readonly #clientOf: (accountId: string) => Promise<Pick<CloudflareClient, "listAuditLogs"> | undefined>;
  #kept = keeping();

  constructor(clientOf: (accountId: string) => Promise<Pick<CloudflareClient, "listAuditLogs"> | undefined>) {
    this.#clientOf = clientOf;
  }

  /** Adds an entry received with a list. */
  keep(ref: EntryRef, entry: AuditEntry): void {
    this.#kept.set(entryKey(ref), entry);
  }

  /** Clears the cache: an account may have been signed out of. */
  clear(): void {
    this.#kept = keeping();
  }

  /**
   * Returns an entry; one call unless cached.
   * @throws CloudflareError; `notFound` if the API has no entry with that ID at that time
   */
  async get(ref: EntryRef, signal?: AbortSignal): Promise<AuditEntry> {
    const before = this.#kept;
    const kept = before.get(entryKey(ref));
    if (kept) return kept;
    const client = signedIn(await this.#clientOf(ref.accountId));
    const time = Date.parse(ref.time);
    const query = {
      since: new Date(time - AROUND),
      before: new Date(time + AROUND),
      filters: [{ name: "id", values: [ref.entryId] }],
    } as const;
    const { entries } = await client.listAuditLogs(ref.accountId, query, signal ? { signal } : {});
    const entry = entries.find(({ id }) => id === ref.entryId);
    if (!entry) throw new CloudflareError("notFound", "The audit log has no entry of this id.");
    // Not cached if the cache was cleared in the meantime.
    if (before === this.#kept) this.keep(ref, entry);
    return entry;
  }
}
