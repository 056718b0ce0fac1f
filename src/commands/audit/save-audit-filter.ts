import * as vscode from "vscode";
import { parseAuditLine } from "../../cloudflare/audit/query-line.ts";
import { PlainError } from "../../words/explain.ts";
import { describeAuditLine, explainAuditProblem } from "../../audit/filter-words.ts";
import { ownFilters, saveFilter } from "../../filter/saved.ts";
import type { Format } from "../../logs/format.ts";
import type { Ui } from "../pick-one.ts";
import { askFilterName } from "../filter/save-filter.ts";

/** Keeps a line of the audit log with a name. */
export async function saveAuditFilter(
  { format, ui = vscode.window }: { format: Format; ui?: Ui },
  line: string,
): Promise<void> {
  if (line === "") throw new PlainError(vscode.l10n.t("There is no filter to save: the audit log shows all entries."));
  const [problem] = parseAuditLine(line, new Date(), format.calendar.zone).problems;
  if (problem) throw new PlainError(explainAuditProblem(problem, line));
  const name = await askFilterName(ui, ownFilters("savedAuditFilters"), describeAuditLine(line, format));
  if (name !== undefined) await saveFilter("savedAuditFilters", { name, filter: line, ready: false });
}
