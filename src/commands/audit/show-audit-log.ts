import type { AuditView } from "../../audit/view.ts";
import { auditWord } from "../../sources/cloudflare/audit/query-line.ts";
import type { CollectionRef } from "../../source/log.ts";

/** Assumed maximum difference between this machine's clock and the audit log's, in milliseconds. */
const CLOCKS = 60_000;

/** Shows a gateway's entries in the audit log; with `deletedSince`, its deletions since then. */
export async function showAuditLog(
  audit: Pick<AuditView, "tree" | "showFiltered">,
  { sourceId: accountId, collectionId: gatewayId }: CollectionRef,
  deletedSince?: Date,
): Promise<void> {
  const { line } = await audit.tree.gatewayChanges(accountId);
  const words = [line, auditWord("gateway", [gatewayId])];
  if (deletedSince) {
    const since = new Date(deletedSince.getTime() - CLOCKS);
    words.push(auditWord("action", ["delete"]), `since:${since.toISOString()}`);
  }
  await audit.showFiltered(accountId, words.join(" "));
}
