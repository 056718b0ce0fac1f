import type { AuditEntry } from "../cloudflare/audit-schema.ts";

/** One entry. The API finds it by its id within a time only. */
export type EntryRef = { accountId: string; entryId: string; /** ISO 8601. */ time: string };

/** What names an entry. */
export const refOf = (accountId: string, { id, time }: Pick<AuditEntry, "id" | "time">): EntryRef => ({
  accountId,
  entryId: id,
  time: time.toISOString(),
});
