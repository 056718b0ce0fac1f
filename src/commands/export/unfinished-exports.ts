import { basename } from "node:path";
import * as vscode from "vscode";
import type { Redaction } from "../../export/format.ts";
import { FORMATS } from "../../export/formats.ts";
import { differences, hasBodies, type ExportJob, type ExportCheckpoint, type JobPart } from "../../export/job.ts";
import { describeSubset } from "../../filter/subset-words.ts";
import { oneLine, plain, type Format } from "../../logs/format.ts";
import { withoutLinks } from "../../platform/notify.ts";
import { formatWords, handledWords } from "../../words/export-words.ts";

/** Describes where the logs of a stopped export are: "40 of 130 logs are in …". `partial`: their file. */
export function keptWords({ count, skipped, total }: ExportCheckpoint, partial: string, format: Format): string {
  const { t } = vscode.l10n;
  const handled = count + skipped;
  if (total === undefined && handled === 1) return t("1 log is in {0}; Export can resume from there.", partial);
  const far = total === undefined ? format.count(handled) : handledWords({ count, skipped, total }, format);
  return t("{0} logs are in {1}; Export can resume from there.", far, partial);
}

function redactionWords({ keys, tokens, emails, cards }: Redaction = {}): string {
  const { t } = vscode.l10n;
  if (emails || cards) return t("secrets, email addresses and card numbers redacted");
  return keys || tokens ? t("secrets redacted") : t("nothing redacted");
}

/** Describes the content of a job. */
function jobWords(job: ExportJob, format: Format): string[] {
  const { t } = vscode.l10n;
  const isOptional = FORMATS[job.format].bodies === "optional";
  return [
    formatWords(job.format),
    ...(isOptional ? [hasBodies(job) ? t("with bodies") : t("without bodies")] : []),
    redactionWords(job.redaction),
    plain(job.subset.gateway.collectionId),
    oneLine(describeSubset(job.subset, format), 300) || t("all logs"),
  ];
}

/** Returns the list item for an unfinished export. `sourceId`: account of the other logs in the list. */
export function unfinishedItem(
  { target, state }: { target: string; state: ExportCheckpoint },
  sourceId: string,
  format: Format,
): vscode.QuickPickItem {
  const { t } = vscode.l10n;
  const { gateway } = state.job.subset;
  const other = gateway.sourceId === sourceId ? [] : [t("account {0}", plain(gateway.sourceId))];
  return {
    label: `$(debug-continue) ${t("Resume {0}", plain(basename(target)))}`,
    description: handledWords(state, format),
    detail: [...jobWords(state.job, format), ...other, plain(target, 400)].join(" · "),
  };
}

function partWords(part: JobPart): string {
  const { t } = vscode.l10n;
  switch (part) {
    case "format":
      return t("format");
    case "bodies":
      return t("bodies");
    case "redaction":
      return t("redaction");
    case "account":
      return t("account");
    case "gateway":
      return t("gateway");
    case "logs":
      return t("filter or selection");
  }
}

/**
 * Asks what to do with an unfinished export to the chosen file. It can be resumed only if it matches the current job.
 * Returns undefined if the user cancels.
 */
export async function askGoOn(
  { job, target, state }: { job: ExportJob; target: string; state: ExportCheckpoint },
  format: Format,
  ui: Pick<typeof vscode.window, "showWarningMessage">,
): Promise<"goOn" | "startOver" | undefined> {
  const { t } = vscode.l10n;
  const [goOn, startOver] = [t("Resume"), t("Start Over")];
  const name = basename(target);
  const different = differences(state.job, job);
  const isSame = different.length === 0;
  const message = isSame
    ? t("An export to {0} is unfinished.", name)
    : t("An export to {0} is unfinished, and differs from this one: {1}.", name, different.map(partWords).join(", "));
  const found = [...jobWords(state.job, format), handledWords(state, format)].join(" · ");
  const detail = isSame ? found : `${found}\n${t("Start Over discards it.")}`;
  const options = { modal: true, detail: withoutLinks(detail) };
  const answer = await ui.showWarningMessage(withoutLinks(message), options, ...(isSame ? [goOn] : []), startOver);
  if (answer === goOn) return "goOn";
  return answer === startOver ? "startOver" : undefined;
}
