import { LRUCache } from "lru-cache";
import { signedIn } from "../account/signed-in.ts";
import type { AuditEntry } from "../sources/cloudflare/audit/schema.ts";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";
import { SourceError } from "../source/errors.ts";
import { entryKey, type EntryRef } from "./ref.ts";

/** How many entries are kept. */
const KEPT = 200;

/** Margin around an entry's time in its query, in ms: the API doesn't document its precision. */
const AROUND = 1000;

const keeping = (): LRUCache<string, AuditEntry> => new LRUCache({ max: KEPT });

/** The entries that were looked at lately, so that a tab and its document ask once. Entries do not change. */
export class Entries {
  readonly #clientOf: (accountId: string) => Promise<Pick<CloudflareClient, "listAuditLogs"> | undefined>;
  #kept = keeping();

  constructor(clientOf: (accountId: string) => Promise<Pick<CloudflareClient, "listAuditLogs"> | undefined>) {
    this.#clientOf = clientOf;
  }

  /** Keeps an entry that came with a list. */
  keep(ref: EntryRef, entry: AuditEntry): void {
    this.#kept.set(entryKey(ref), entry);
  }

  /** Forgets all: an account may have been signed out of. */
  clear(): void {
    this.#kept = keeping();
  }

  /** An entry: one call where it is not kept. @throws SourceError; `notFound` when the API has none of that id at that time */
  async get(ref: EntryRef, signal?: AbortSignal): Promise<AuditEntry> {
    const before = this.#kept;
    const kept = before.get(entryKey(ref));
    if (kept) return kept;
    const client = signedIn(await this.#clientOf(ref.sourceId));
    const time = Date.parse(ref.time);
    const query = {
      since: new Date(time - AROUND),
      before: new Date(time + AROUND),
      filters: [{ name: "id", values: [ref.entryId] }],
    } as const;
    const { entries } = await client.listAuditLogs(ref.sourceId, query, signal ? { signal } : {});
    const entry = entries.find(({ id }) => id === ref.entryId);
    if (!entry) throw new SourceError("notFound", "The audit log has no entry of this id.");
    // Not what was asked for before all was to be forgotten.
    if (before === this.#kept) this.keep(ref, entry);
    return entry;
  }
}
