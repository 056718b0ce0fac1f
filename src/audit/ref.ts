import type { AuditEntry } from "../cloudflare/audit/schema.ts";

/** One entry. The API finds it by its id within a time only. */
export type EntryRef = { accountId: string; entryId: string; /** ISO 8601. */ time: string };

/** An entry's name among all. */
export const entryKey = ({ accountId, entryId }: EntryRef): string => JSON.stringify([accountId, entryId]);

/** What names an entry. */
export const refOf = (accountId: string, { id, time }: Pick<AuditEntry, "id" | "time">): EntryRef => ({
  accountId,
  entryId: id,
  time: time.toISOString(),
});
