import type { AuditView } from "../../audit/view.ts";
import { auditWord } from "../../cloudflare/audit/query-line.ts";
import type { GatewayRef } from "../../cloudflare/schema.ts";

/** How far this machine's clock may be from the one that writes the audit log, in ms. */
const CLOCKS = 60_000;

/** Shows in the audit log what was done to a gateway; with `deletedSince`, what was deleted of it from then on. */
export async function showAuditLog(
  audit: Pick<AuditView, "tree" | "showFiltered">,
  { accountId, gatewayId }: GatewayRef,
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
