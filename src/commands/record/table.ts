import * as vscode from "vscode";
import type { LocalAccount } from "../../account/local-account.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { SentRatings } from "../../rating/sent.ts";
import type { Recording } from "../../recording/recording.ts";

/** Commands for recording calls on this machine. */
export type RecordCommands = {
  "aiGateway.recordCalls": () => void;
  "aiGateway.stopRecording": () => void;
  "aiGateway.copyBaseUrl": () => void;
  "aiGateway.clearRecordings": () => void;
};

export type RecordNeeds = {
  recording: Pick<Recording, "isOn" | "start" | "stop" | "urlOf">;
  recorded: Pick<LocalAccount, "id" | "isOpen" | "remove">;
  ratings: Pick<SentRatings, "forget">;
};

/** Starts recording, and says what is recorded. */
async function recordCalls({ recording }: RecordNeeds): Promise<void> {
  const { t } = vscode.l10n;
  if (recording.isOn) return;
  await recording.start();
  const terminal = t("New Terminal");
  const copy = t("Copy Base URL");
  const chosen = await vscode.window.showInformationMessage(
    t(
      "Recording. Waiting for the first call of a new terminal or debug session. Claude Code has no Remote Control and connectors while its base URL is set; Codex doesn't read one, so it isn't recorded.",
    ),
    terminal,
    copy,
  );
  if (chosen === terminal) vscode.window.createTerminal().show();
  if (chosen === copy) await vscode.commands.executeCommand("aiGateway.copyBaseUrl");
}

/** Returns the handlers of the recorder's commands. */
export const recordCommands = (needs: RecordNeeds): Handlers<RecordCommands> => ({
  "aiGateway.recordCalls": () => recordCalls(needs),
  "aiGateway.stopRecording": () => needs.recording.stop(),
  "aiGateway.copyBaseUrl": async () => (await import("./copy-base-url.ts")).copyBaseUrl(needs),
  "aiGateway.clearRecordings": async () => (await import("./clear-recordings.ts")).clearRecordings(needs),
});
