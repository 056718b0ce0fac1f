import * as vscode from "vscode";
import type { DebugFeatures } from "../../debugging/features.ts";
import { PlainError } from "../../words/explain.ts";
import { oneLine } from "../../logs/format.ts";
import type { LogPanels } from "../../panel/panels.ts";
import { waiting } from "../../platform/progress.ts";

/**
 * Opens the log with an ID at the user's request: next to the source while a program is stopped, so that the debugger
 * keeps the focus. Waits for a log that a debug session is waiting for.
 */
export async function openLogOf(
  { watch }: Pick<DebugFeatures, "watch">,
  panels: Pick<LogPanels, "open" | "openBeside">,
  id: string,
): Promise<void> {
  const { t } = vscode.l10n;
  const { lookup } = watch;
  const known = lookup.state(id);
  const state =
    known?.type === "known"
      ? known
      : await waiting(t("Waiting for the gateway to have the log…"), (signal) => {
          if (known?.type !== "waiting") return lookup.find(id, signal);
          // A possible ID may be waiting without ever being sent.
          lookup.want({ id, sure: true });
          return lookup.settled(id, signal);
        });
  if (state.type !== "known") {
    if (state.type === "missing" && state.error !== undefined) throw state.error;
    throw new PlainError(t("None of your gateways has a log with the ID {0}.", oneLine(id, 80)));
  }
  const ref = { ...state.gateway, logId: state.log.id };
  await (watch.isStopped ? panels.openBeside(ref, state.log) : panels.open(ref, state.log));
}
