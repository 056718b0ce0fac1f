import * as vscode from "vscode";
import { copyText } from "../../platform/clipboard.ts";
import { recorderUpstreams } from "../../platform/settings.ts";
import { PROVIDERS } from "../../recorder/upstreams.ts";
import { PlainError } from "../../words/explain.ts";
import type { RecordNeeds } from "./table.ts";

/** Copies the base address of a provider, for a program that reads no variable. @throws PlainError if nothing is recorded */
export async function copyBaseUrl({ recording }: Pick<RecordNeeds, "recording">): Promise<void> {
  const { t } = vscode.l10n;
  if (!recording.isOn) throw new PlainError(t("Nothing is recorded now. Use the command Record Calls first."));
  const providers = [...new Set([...Object.keys(recorderUpstreams()), ...PROVIDERS])];
  const provider = await vscode.window.showQuickPick(providers, {
    title: t("Copy Base URL"),
    placeHolder: t("Select a provider. Programs may need /v1 at the end: both forms are recorded."),
  });
  const url = provider && (await recording.urlOf(provider));
  if (!url) return;
  await copyText(url);
  vscode.window.setStatusBarMessage(t("Base URL copied. Who knows it can send calls through this recorder."), 5000);
}
