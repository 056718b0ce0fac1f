import * as vscode from "vscode";
import type { LocalAccount } from "../../account/local-account.ts";
import { SAMPLE_ACCOUNT_ID } from "../../local/samples/account.ts";
import type { SentRatings } from "../../rating/sent.ts";

/** Removes the sample gateway after confirmation, including the ratings of its logs. */
export async function removeSampleGateway(sample: LocalAccount, ratings: Pick<SentRatings, "forget">): Promise<void> {
  if (!(await sample.isOpen())) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There is no sample gateway."));
    return;
  }
  const remove = vscode.l10n.t("Remove");
  const question = vscode.l10n.t("Remove the sample gateway?");
  const detail = vscode.l10n.t("Its logs will be deleted from this machine. Your accounts won't change.");
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  await sample.remove();
  ratings.forget(SAMPLE_ACCOUNT_ID);
}
