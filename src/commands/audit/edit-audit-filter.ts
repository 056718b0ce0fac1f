import * as vscode from "vscode";
import type { AccountNode } from "../../audit/nodes.ts";
import { refOf } from "../../audit/ref.ts";
import type { AuditView } from "../../audit/view.ts";
import { auditValuesSeen } from "../../cloudflare/audit/completion.ts";
import { parseAuditLine } from "../../cloudflare/audit/query-line.ts";
import type { AuditEntry } from "../../cloudflare/audit/schema.ts";
import { auditItemsFor, foundIn, type FoundEntries } from "../../audit/filter-items.ts";
import { ROWS } from "../../filter/preview.ts";
import type { Format } from "../../logs/format.ts";
import { editLine, saveButtons, type Editing, type Left, type Subject } from "../filter/line-editor.ts";
import { saveAuditFilter } from "./save-audit-filter.ts";

export type EditAuditNeeds = Editing & {
  audit: Pick<AuditView, "tree" | "filters" | "panels">;
  format: Format;
  /** Tells the person of a failure after which the editor goes on. */
  tell: (error: unknown) => void;
};

/** Entries that are looked through for what the API cannot filter. */
const LOOKED_THROUGH = 100;

type ReadLine = ReturnType<typeof parseAuditLine>;

/** Lets a person write which entries of an account's audit log are shown; `line` is where to begin, if not with the one that is shown. */
export async function editAuditFilter(needs: EditAuditNeeds, { account }: AccountNode, line?: string): Promise<void> {
  const { audit, format } = needs;
  const { t } = vscode.l10n;
  const { filters, panels } = audit;
  const tree = await audit.tree();
  const seen = auditValuesSeen(tree.entries(account.id));
  const categories = await tree.categories.of(account.id);
  const subject: Subject<ReadLine, FoundEntries, AuditEntry> = {
    title: t("Filter the Audit Log of {0}", account.name),
    placeholder: t("action:delete actor:alice@example.com -context:dash since:30d or any text"),
    read: (text) => parseAuditLine(text, new Date(), format.calendar.zone),
    find: async (read, signal) => {
      const limit = read.here.length > 0 ? LOOKED_THROUGH : ROWS;
      return foundIn(await tree.newest(account.id, read, limit, signal), read);
    },
    items: (text, read, preview) => auditItemsFor({ line: text, read, preview, seen, categories }, format),
    buttons: (_, canSave) => saveButtons(canSave),
  };
  const follow = async (left: Left<AuditEntry>): Promise<string | undefined> => {
    switch (left.type) {
      case "open":
        await panels.openFromTree(refOf(account.id, left.row), left.row);
        return undefined;
      case "save":
        await saveAuditFilter(needs, left.line.trim());
        return left.line;
      case "apply":
      case "pick":
        filters.set(account.id, left.line.trim());
        return undefined;
    }
  };
  await editLine(subject, needs, line ?? filters.of(account.id), follow);
}
