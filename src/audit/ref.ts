import type { AuditEntry } from "../sources/cloudflare/audit/schema.ts";

/** Identifies an entry. The API finds it by ID only within a time range. */
export type EntryRef = { sourceId: string; entryId: string; /** ISO 8601. */ time: string };

/** Returns a unique key for an entry. */
export const entryKey = ({ sourceId, entryId }: EntryRef): string => JSON.stringify([sourceId, entryId]);

/** Returns an entry's ref. */
export const refOf = (accountId: string, { id, time }: Pick<AuditEntry, "id" | "time">): EntryRef => ({
  sourceId: accountId,
  entryId: id,
  time: time.toISOString(),
});
