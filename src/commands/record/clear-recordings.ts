import * as vscode from "vscode";
import type { RecordNeeds } from "./table.ts";

/** Deletes all recorded calls after a yes, and stops recording. */
export async function clearRecordings({ recording, recorded, ratings }: RecordNeeds): Promise<void> {
  const { t } = vscode.l10n;
  if (!(await recorded.isOpen())) {
    void vscode.window.showInformationMessage(t("There are no recordings."));
    return;
  }
  const clear = t("Clear");
  const question = t("Clear all recordings?");
  const detail = t(
    "The recorded calls of all workspaces will be deleted from this machine, and recording stops. You can't undo this.",
  );
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, clear)) !== clear) return;
  await recording.stop();
  await recorded.remove();
  ratings.forget(recorded.id);
}
