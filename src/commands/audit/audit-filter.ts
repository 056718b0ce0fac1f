import * as vscode from "vscode";
import { auditItemsFor, foundIn, type FoundEntries } from "../../audit/filter-items.ts";
import { AUDIT_LINES } from "../../audit/filter-words.ts";
import type { AccountNode } from "../../audit/nodes.ts";
import { refOf } from "../../audit/ref.ts";
import type { AuditView } from "../../audit/view.ts";
import { auditValuesSeen } from "../../sources/cloudflare/audit/completion.ts";
import type { AuditLine } from "../../sources/cloudflare/audit/query-line.ts";
import type { AuditEntry } from "../../sources/cloudflare/audit/schema.ts";
import { ROWS } from "../../filter/preview.ts";
import type { SavedFilter } from "../../filter/saved.ts";
import { applySaved } from "../filter/apply-filter.ts";
import type { Filtered } from "../filter/filtered.ts";
import { editLine, type Editing, type Subject } from "../filter/line-editor.ts";
import { saveLine } from "../filter/save-filter.ts";

export type AuditFilterNeeds = Editing & { audit: Pick<AuditView, "tree" | "filters" | "panels"> };

/** Maximum number of entries searched for conditions that the API can't filter by. */
const LOOKED_THROUGH = 100;

/** The audit log of an account. */
const filteredAudit = (
  { tree, filters }: Pick<AuditView, "tree" | "filters">,
  { account: { id, name } }: Pick<AccountNode, "account">,
): Filtered<AuditLine> => ({
  name,
  lines: AUDIT_LINES,
  shown: () => filters.of(id),
  show: (line) => filters.set(id, line),
  setting: "savedAuditFilters",
  saved: () => tree.savedFilters(id),
  unfiltered: vscode.l10n.t("There is no filter to save: the audit log shows all entries."),
});

/** Edits the filter of an account's audit log; `line` is the initial text, by default the current filter. */
export async function editAuditFilter(needs: AuditFilterNeeds, node: AccountNode, line?: string): Promise<void> {
  const { audit, format } = needs;
  const { t } = vscode.l10n;
  const { tree, panels } = audit;
  const { id, name } = node.account;
  const seen = auditValuesSeen(tree.entries(id));
  const categories = await tree.categories.of(id);
  const subject: Subject<AuditLine, FoundEntries, AuditEntry> = {
    filtered: filteredAudit(audit, node),
    title: t("Filter the Audit Log of {0}", name),
    placeholder: t("action:delete actor:alice@example.com -context:dash since:30d or any text"),
    find: async (query, signal) => {
      const limit = query.clientSide.length > 0 ? LOOKED_THROUGH : ROWS;
      return foundIn(await tree.newest(id, query, limit, signal), query);
    },
    items: (read, preview, text) => auditItemsFor({ line: text, read, preview, seen, categories }, format),
    open: (entry) => panels.openFromTree(refOf(id, entry), entry),
  };
  await editLine(subject, needs, line);
}

/** Like `saveLine`, for an account's audit log. */
export const saveAuditFilter = (needs: AuditFilterNeeds, node: AccountNode, line?: string): Promise<void> =>
  saveLine(filteredAudit(needs.audit, node), needs, line);

/** Like `applySaved`, for an account's audit log. */
export const applyAuditFilter = (needs: AuditFilterNeeds, node: AccountNode, saved?: SavedFilter): Promise<void> =>
  applySaved(filteredAudit(needs.audit, node), needs, (line) => editAuditFilter(needs, node, line), saved);
