import type { AuditLine } from "../sources/cloudflare/audit/query-line.ts";
import type { AuditEntry } from "../sources/cloudflare/audit/schema.ts";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";
import { SourceError } from "../source/errors.ts";
import { allEntries } from "../audit/core/list.ts";
import { csvLine, type CellValue } from "./csv.ts";
import { jsonLine } from "./json-lines.ts";
import { PartialFile, type Written } from "./partial.ts";
import { waitOutRateLimits } from "./rate-limit-wait.ts";

/** File formats of audit logs. */
export type AuditFormat = "jsonLines" | "csv";

/** An audit export: account, filter, format. */
export type AuditOrder = { accountId: string; line: AuditLine; format: AuditFormat };

export type AuditProgress = {
  count: number;
  /** Number of entries read. */ read: number;
  waitingUntil?: Date;
};

const VALUES = {
  id: ({ id }) => id,
  time: ({ time }) => time.toISOString(),
  account_id: ({ account }) => account.id,
  account_name: ({ account }) => account.name,
  action_type: ({ action }) => action.type,
  action_result: ({ action }) => action.result,
  action_description: ({ action }) => action.description,
  actor_type: ({ actor }) => actor.type,
  actor_context: ({ actor }) => actor.context,
  actor_email: ({ actor }) => actor.email,
  actor_id: ({ actor }) => actor.id,
  actor_ip_address: ({ actor }) => actor.ipAddress,
  actor_token_id: ({ actor }) => actor.tokenId,
  actor_token_name: ({ actor }) => actor.tokenName,
  resource_product: ({ resource }) => resource.product,
  resource_type: ({ resource }) => resource.type,
  resource_id: ({ resource }) => resource.id,
  resource_scope: ({ resource }) => resource.scope,
  zone_id: ({ zone }) => zone.id,
  zone_name: ({ zone }) => zone.name,
  raw_method: ({ call }) => call.method,
  raw_uri: ({ call }) => call.uri,
  raw_status_code: ({ call }) => call.statusCode,
  raw_cf_ray_id: ({ call }) => call.rayId,
  raw_user_agent: ({ call }) => call.userAgent,
} satisfies Record<string, (entry: AuditEntry) => CellValue | undefined>;

/** Columns of an entry, in order; only JSON Lines includes the JSON of request and response. */
export const AUDIT_COLUMNS = Object.keys(VALUES);

const rowOf = (entry: AuditEntry): CellValue[] => Object.values(VALUES).map((valueOf) => valueOf(entry) ?? null);

/** Head and entry writer of each format: in JSON Lines as the API returned it, in CSV as a row of the columns. */
const FORMATS: Readonly<Record<AuditFormat, { head: string; entry: (entry: AuditEntry) => string }>> = {
  jsonLines: { head: "", entry: ({ raw }) => jsonLine(raw) },
  csv: { head: csvLine(AUDIT_COLUMNS), entry: (entry) => csvLine(rowOf(entry)) },
};

/**
 * Writes matching entries, newest first, to a file at constant memory. With 1,000 entries per call, an interrupted
 * export starts over instead of resuming.
 * @throws ExportError for the file; SourceError for the API, `aborted` if `signal` is
 */
export async function exportAudit(
  client: Pick<CloudflareClient, "listAuditLogs">,
  order: AuditOrder,
  target: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress?: (progress: AuditProgress) => void },
): Promise<Written & { count: number }> {
  const { head, entry: written } = FORMATS[order.format];
  let [count, read] = [0, 0];
  const heard = {
    onCall: () => undefined,
    onWait: (waitingUntil: Date) => onProgress?.({ count, read, waitingUntil }),
  };
  const list: Parameters<typeof allEntries>[1] = (accountId, query) =>
    waitOutRateLimits(() => client.listAuditLogs(accountId, query, { signal, priority: "background" }), signal, heard);
  const file = await PartialFile.begin(target);
  try {
    if (head) await file.append(head);
    for await (const page of allEntries({ ...order, now: new Date() }, list)) {
      if (signal.aborted) throw new SourceError("aborted", "The export was canceled.");
      for (const entry of page.entries) await file.append(written(entry));
      count += page.entries.length;
      read += page.read;
      onProgress?.({ count, read });
    }
    return { ...(await file.finish()), count };
  } catch (error) {
    await file.discard();
    throw error;
  }
}
