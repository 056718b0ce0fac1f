import * as vscode from "vscode";
import type { DebugFeatures } from "../../debugging/features.ts";
import { PlainError } from "../../words/explain.ts";
import { oneLine } from "../../logs/format.ts";
import type { LogPanels } from "../../panel/panels.ts";
import { waiting } from "../../platform/progress.ts";

/**
 * Opens the log of an id that a person asks for: beside the source while a program stands still, so that the debugger keeps the focus. One
 * that a debug session waits for is waited for.
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
          // What only looks like an id may wait without being asked for.
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
