import * as vscode from "vscode";
import { entryDescription, entryIcon, entryLabel } from "./row.ts";
import { entryCount } from "./items.ts";
import { auditCompletionsOf } from "../sources/cloudflare/audit/completion.ts";
import type { AuditLine } from "../sources/cloudflare/audit/query-line.ts";
import { matchesAudit } from "../sources/cloudflare/audit/matches.ts";
import type { AuditPage } from "../sources/cloudflare/audit/calls.ts";
import type { AuditEntry, ProductCategory } from "../sources/cloudflare/audit/schema.ts";
import type { FilterProblem } from "../query/query-line.ts";
import type { Seen } from "../query/completion.ts";
import { AUDIT_PERMISSION, explain } from "../words/explain.ts";
import { plain, type Format } from "../logs/format.ts";
import { auditKeyWords } from "./filter-keys.ts";
import { describeAuditLine, explainAuditProblem } from "./filter-words.ts";
import { applyItem, completionItems, newestItems, problemItem, type FilterItem } from "../filter/items.ts";
import { newestOf, type Preview } from "../filter/preview.ts";

/** The known matches of a filter: the newest entries, and how many were read to find them. */
export type FoundEntries = { entries: readonly AuditEntry[]; read: number; isAll: boolean };

/** Returns the entries of a page that match the conditions checked here. */
export const foundIn = ({ entries, cursor }: AuditPage, { clientSide }: AuditLine): FoundEntries => ({
  entries: entries.filter((entry) => matchesAudit(entry, clientSide)),
  read: entries.length,
  isAll: cursor === undefined,
});

/** The data for the items in addition to the filter. */
export type AuditLineState = {
  line: string;
  read: AuditLine & { problems: readonly FilterProblem[] };
  preview: Preview<FoundEntries>;
  seen: Seen;
  categories: readonly ProductCategory[];
};

function previewWords({ preview, read }: AuditLineState, format: Format): string {
  const t = vscode.l10n.t;
  switch (preview.state) {
    case "asking":
      return "…";
    case "failed":
      return explain(preview.error, format, AUDIT_PERMISSION).summary;
    case "told": {
      const { entries, read: looked, isAll } = preview.found;
      if (read.clientSide.length > 0)
        return t("{0} of the newest {1} match", format.count(entries.length), format.count(looked));
      const count = entryCount(entries.length, format);
      if (!isAll) return t("{0} and more", count);
      return read.since ? count : t("{0} in the last 7 days", count);
    }
  }
}

function entryItem(entry: AuditEntry, format: Format): FilterItem<AuditEntry> {
  const today = format.calendar.dayOf(new Date());
  return {
    id: `open ${entry.id}`,
    label: `$(${entryIcon(entry).id})`,
    description: plain(`${entryLabel(entry)} · ${entryDescription(entry, format, today)}`, 400),
    alwaysShow: true,
    does: { type: "open", row: entry },
  };
}

/**
 * Returns the items below a filter of the audit log: its problem, or the item that applies it; completions; and the
 * newest matching entries.
 */
export function auditItemsFor(state: AuditLineState, format: Format): FilterItem<AuditEntry>[] {
  const { line, read, preview, seen, categories } = state;
  const { problems } = read;
  const entries = problems.length === 0 && preview.state === "told" ? newestOf(preview.found.entries) : [];
  const words = { key: auditKeyWords, count: (count: number) => entryCount(count, format) };
  return [
    ...(problems.length > 0
      ? problems.map((problem) => problemItem<AuditEntry>(explainAuditProblem(problem, line)))
      : [
          applyItem<AuditEntry>(
            describeAuditLine(line, format),
            vscode.l10n.t("Show all entries"),
            previewWords(state, format),
          ),
        ]),
    ...completionItems<AuditEntry>(auditCompletionsOf(line, seen, categories), words),
    ...newestItems(entries.map((entry) => entryItem(entry, format))),
  ];
}
