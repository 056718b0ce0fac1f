import { basename } from "node:path";
import * as vscode from "vscode";
import { signedIn } from "../../account/signed-in.ts";
import type { AccountNode } from "../../audit/nodes.ts";
import type { CloudflareClient } from "../../sources/cloudflare/client.ts";
import { PlainError } from "../../words/explain.ts";
import { exportAudit as write, type AuditFormat, type AuditProgress } from "../../export/audit.ts";
import { ExportError } from "../../export/failure.ts";
import { FORMATS } from "../../export/formats.ts";
import { AUDIT_LINES } from "../../audit/filter-words.ts";
import { readLine } from "../../filter/line.ts";
import { plain, type Format } from "../../logs/format.ts";
import { signalOf } from "../../platform/notify.ts";
import { askTarget, tellWritten } from "../../platform/export-file.ts";
import type { ExportUi } from "../export/export-logs.ts";
import { formatWords, troubleWords } from "../../words/export-words.ts";
import { pickOne } from "../../platform/pick-one.ts";

export type ExportAuditNeeds = {
  sessions: { clientOf(accountId: string): Promise<Pick<CloudflareClient, "listAuditLogs"> | undefined> };
  format: Format;
  /** UI for questions: the window, or a stand-in in tests. */
  ui?: ExportUi;
};

function progressWords({ count, read, waitingUntil }: AuditProgress, format: Format): string {
  const t = vscode.l10n.t;
  const done = count === read ? format.count(count) : t("{0} of {1} read", format.count(count), format.count(read));
  return waitingUntil ? `${done} · ${t("waiting for the call limit until {0}", format.time(waitingUntil))}` : done;
}

/**
 * Exports the shown audit log of an account or, with a filter line, its matching entries: within its time range, or all
 * that the API keeps.
 */
export async function exportAudit(needs: ExportAuditNeeds, { account, filter: text }: AccountNode): Promise<void> {
  const { sessions, format, ui = vscode.window } = needs;
  const t = vscode.l10n.t;
  const line = readLine(AUDIT_LINES, text, format.calendar.zone);
  const what = AUDIT_LINES.describe(text, format) || t("all entries of the last 18 months");
  const items: (vscode.QuickPickItem & { name: AuditFormat })[] = [
    { name: "jsonLines", label: formatWords("jsonLines"), detail: t("Each entry as the API gave it, for programs") },
    {
      name: "csv",
      label: formatWords("csv"),
      detail: t("A table for spreadsheets, without requests and responses"),
    },
  ];
  const title = t("Export the Audit Log of {0}", plain(account.name));
  const chosen = await pickOne(ui, items, { title, placeholder: plain(what) });
  if (!chosen) return;
  const target = await askTarget(ui, { name: "audit-log", title, ending: FORMATS[chosen.name].ending });
  if (target === undefined) return;
  const client = signedIn(await sessions.clientOf(account.id));
  const order = { accountId: account.id, line, format: chosen.name };
  try {
    const result = await ui.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: t("Exporting to {0}", basename(target)),
        cancellable: true,
      },
      (progress, token) => {
        const onProgress = (far: AuditProgress) => progress.report({ message: progressWords(far, format) });
        return write(client, order, target, { signal: signalOf(token), onProgress });
      },
    );
    const [name, size] = [basename(target), format.size(result.bytes)];
    const words =
      result.count === 1
        ? t("1 entry exported to {0} ({1}).", name, size)
        : t("{0} entries exported to {1} ({2}).", format.count(result.count), name, size);
    await tellWritten(ui, result.file, words);
  } catch (error) {
    throw error instanceof ExportError ? new PlainError(troubleWords(error), { cause: error }) : error;
  }
}
