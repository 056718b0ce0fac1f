import * as vscode from "vscode";
import type { AccountNode } from "../../audit/nodes.ts";
import { parseAuditLine } from "../../cloudflare/audit/query-line.ts";
import { describeAuditLine } from "../../audit/filter-words.ts";
import type { SavedFilter } from "../../filter/saved.ts";
import { askSaved } from "../filter/apply-filter.ts";
import { editAuditFilter, type EditAuditNeeds } from "./edit-audit-filter.ts";

/** Shows what fits a saved filter of the audit log, asking which when none is given; all entries again when it is the one shown. */
export async function applyAuditFilter(needs: EditAuditNeeds, node: AccountNode, saved?: SavedFilter): Promise<void> {
  const { audit, format, ui = vscode.window } = needs;
  const { filters } = audit;
  const { id, name } = node.account;
  const shown = filters.of(id);
  const chosen =
    saved ??
    (await askSaved(ui, vscode.l10n.t("Saved Filters of {0}", name), {
      all: await (await audit.tree()).savedFilters(id),
      shown,
      describe: (line) => describeAuditLine(line, format),
    }));
  if (!chosen) return;
  const { problems } = parseAuditLine(chosen.filter, new Date(), format.calendar.zone);
  if (problems.length > 0) await editAuditFilter(needs, node, chosen.filter);
  else filters.set(id, shown === chosen.filter ? "" : chosen.filter);
}
