import { basename } from "node:path";
import * as vscode from "vscode";
import { signedIn, type SourceOf } from "../../account/signed-in.ts";
import { isAborted } from "../../source/errors.ts";
import type { LogRef } from "../../source/log.ts";
import { explain, inSentences, PlainError } from "../../words/explain.ts";
import { Checkpoints } from "../../export/checkpoints.ts";
import { exportLogs as runExport, resumeExport, type ExportResult } from "../../export/export.ts";
import { ExportError } from "../../export/failure.ts";
import type { Redaction } from "../../export/format.ts";
import { FORMATS, type FormatName } from "../../export/formats.ts";
import { differences, type ExportJob } from "../../export/job.ts";
import { partialOf } from "../../export/partial.ts";
import { logCount } from "../../filter/items.ts";
import { plain, type Format } from "../../logs/format.ts";
import type { Subset } from "../../logs/subset.ts";
import type { Logger } from "../../platform/logger.ts";
import { askTarget, exportOptions, tellWritten } from "../../platform/export-file.ts";
import { withoutLinks } from "../../platform/notify.ts";
import type { Node } from "../../tree/nodes.ts";
import { formatWords, resultWords, troubleWords } from "../../words/export-words.ts";
import { pickOne, type Ui } from "../../platform/pick-one.ts";
import { subsetIn, type SubsetPlaces } from "../subsets.ts";
import type { Target } from "../targets.ts";
import { askGoOn, keptWords, unfinishedItem } from "./unfinished-exports.ts";

export type ExportNeeds = SubsetPlaces & {
  sessions: { sourceOf: SourceOf };
  /** Folder for the checkpoints of unfinished exports. */
  exportsFolder: string;
  format: Format;
  logger: Logger;
  /** UI for questions: the window, or a stand-in in tests. */
  ui?: ExportUi;
};

/** UI for questions about files. */
export type ExportUi = Ui &
  Pick<
    typeof vscode.window,
    "showSaveDialog" | "showInformationMessage" | "showWarningMessage" | "showErrorMessage" | "withProgress"
  >;

/** A file to write: a whole job, or the rest of an unfinished one. */
type Task = { target: string; job: ExportJob; goOn: boolean };

type Choice = { type: "new"; name: FormatName; bodies: boolean } | { type: "goOn"; task: Task };
type ChoiceItem = vscode.QuickPickItem & { choice?: Choice };

const item = (name: FormatName, bodies: boolean, description: string, detail: string): ChoiceItem => ({
  label: formatWords(name),
  description,
  detail,
  choice: { type: "new", name, bodies },
});

async function pickChoice(
  { format, ui = vscode.window }: ExportNeeds,
  checkpoints: Checkpoints,
  subset: Subset,
): Promise<Choice | undefined> {
  const t = vscode.l10n.t;
  const gateway = plain(subset.gateway.collectionId);
  const begun = (await checkpoints.list()).map((one): ChoiceItem => {
    const task = { target: one.target, job: one.state.job, goOn: true };
    const choice: Choice = { type: "goOn", task };
    return Object.assign(unfinishedItem(one, subset.gateway.sourceId, format), { choice });
  });
  const items: ChoiceItem[] = [
    ...begun,
    ...(begun.length > 0 ? [{ label: "", kind: vscode.QuickPickItemKind.Separator }] : []),
    item("jsonLines", true, t("with bodies"), t("A row for each log and what it recorded, for databases and programs")),
    item("jsonLines", false, t("without bodies"), t("The same columns, and far fewer calls to the API")),
    item("csv", false, t("without bodies"), t("A table for spreadsheets")),
    item("markdown", true, t("with bodies"), t("Conversations to read")),
    item("har", true, t("with bodies"), t("The calls as HTTP, for tools that read browser recordings")),
    item("chatJsonLines", true, t("chats only"), t("For evaluation and fine-tuning, in OpenAI's format")),
  ];
  const picked = await pickOne(ui, items, {
    title:
      subset.type === "chosen"
        ? t("Export {0} of {1}", logCount(subset.logIds.length, format), gateway)
        : t("Export Logs of {0}", gateway),
    placeholder: t("Select a format"),
  });
  return picked?.choice;
}

async function pickRedaction({ ui = vscode.window }: ExportNeeds) {
  const t = vscode.l10n.t;
  const items: (vscode.QuickPickItem & { redaction?: Redaction })[] = [
    { label: t("As recorded"), detail: t("Nothing is redacted") },
    {
      label: t("Redact API keys, tokens and passwords"),
      detail: t("Each is replaced by a mark such as [redacted: API key]"),
      redaction: { keys: true, tokens: true },
    },
    {
      label: t("Redact email addresses and card numbers too"),
      detail: t("With the above"),
      redaction: { keys: true, tokens: true, emails: true, cards: true },
    },
  ];
  return pickOne(ui, items, { title: t("Export Logs"), placeholder: t("Select what to redact") });
}

/** Asks for the format, redaction and file; returns undefined if the user cancels. */
async function ask(needs: ExportNeeds, checkpoints: Checkpoints, subset: Subset): Promise<Task | undefined> {
  const { format, ui = vscode.window } = needs;
  const choice = await pickChoice(needs, checkpoints, subset);
  if (!choice) return undefined;
  if (choice.type === "goOn") return choice.task;
  const redacting = await pickRedaction(needs);
  if (!redacting) return undefined;
  const target = await askTarget(ui, {
    name: subset.gateway.collectionId,
    title: vscode.l10n.t("Export Logs"),
    ending: FORMATS[choice.name].ending,
  });
  if (target === undefined) return undefined;
  const { redaction } = redacting;
  const job = { subset, format: choice.name, bodies: choice.bodies, ...(redaction ? { redaction } : {}) };
  const unfinished = await checkpoints.read(target);
  if (!unfinished) return { target, job, goOn: false };
  const answer = await askGoOn({ job, target, state: unfinished.state }, format, ui);
  return answer && { target, job, goOn: answer === "goOn" };
}

/**
 * Exports the logs that the command targets: asks for a format, what to redact and a file; or resumes an unfinished
 * export.
 * @throws PlainError for logs that can't be exported, and for a file that can't be written
 */
export async function exportLogs(
  needs: ExportNeeds,
  target: Target | LogRef | undefined,
  selected: readonly Node[] | undefined,
): Promise<void> {
  const checkpoints = new Checkpoints(needs.exportsFolder);
  try {
    const subset = await subsetIn(target, selected, needs);
    const task = subset && (await ask(needs, checkpoints, subset));
    if (task) await finish(needs, checkpoints, task);
  } catch (error) {
    throw error instanceof ExportError ? new PlainError(troubleWords(error), { cause: error }) : error;
  }
}

async function write(
  { sessions, format, ui = vscode.window }: ExportNeeds,
  checkpoints: Checkpoints,
  { target, job, goOn }: Task,
): Promise<ExportResult> {
  const source = signedIn(await sessions.sourceOf(job.subset.gateway));
  const title = vscode.l10n.t("Exporting to {0}", basename(target));
  return ui.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const options = { ...exportOptions(progress, token, format), checkpoints };
      const result = goOn
        ? await resumeExport(source, job, target, options)
        : await runExport(source, job, target, options);
      if (!result)
        throw new PlainError(
          vscode.l10n.t("The unfinished export to {0} no longer exists. Start it again.", basename(target)),
        );
      return result;
    },
  );
}

/** Writes until the file is complete, or the user stops. */
async function finish(needs: ExportNeeds, checkpoints: Checkpoints, task: Task): Promise<void> {
  for (let next = task; ; next = { ...task, goOn: true }) {
    try {
      return await tellResult(await write(needs, checkpoints, next), needs);
    } catch (error) {
      if (!isAborted(error))
        needs.logger.error(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
      if (!(await asksToGoOn(error, needs, checkpoints, task))) return;
    }
  }
}

/**
 * Reports why an export stopped early, and asks whether to resume it.
 * @throws the error if there is nothing to resume
 */
async function asksToGoOn(
  error: unknown,
  { format, ui = vscode.window }: ExportNeeds,
  checkpoints: Checkpoints,
  { target, job }: Task,
): Promise<boolean> {
  const t = vscode.l10n.t;
  const state = (await checkpoints.read(target))?.state;
  const isOther = !state || differences(state.job, job).length > 0;
  if (isOther || (error instanceof ExportError && error.partial === undefined)) throw error;
  const [goOn, discard] = [t("Resume"), t("Discard")];
  const kept = keptWords(state, partialOf(target), format);
  const words = error instanceof ExportError ? troubleWords(error) : `${inSentences(explain(error, format))} ${kept}`;
  const answer = isAborted(error)
    ? await ui.showInformationMessage(withoutLinks(`${t("Export stopped.")} ${kept}`), goOn, discard)
    : await ui.showErrorMessage(withoutLinks(words), goOn, discard);
  if (answer === discard) await checkpoints.discard(target);
  return answer === goOn;
}

const tellResult = (result: ExportResult, { format, ui = vscode.window }: ExportNeeds): Promise<void> =>
  tellWritten(ui, result.file, resultWords(result, basename(result.file), format));
