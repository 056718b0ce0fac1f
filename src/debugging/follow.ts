import type * as vscode from "vscode";
import type { Log, LogRef } from "../source/log.ts";
import type { LogPanels } from "../panel/panels.ts";
import { debugFollow } from "../platform/settings.ts";
import type { CallWatch } from "./watch.ts";

/** Delay before the newest of many calls is shown, in milliseconds. */
const TOGETHER = 300;

/**
 * Shows the newest call of a debug session next to the source, if the setting is on. The focus stays with the debugger.
 */
export function followNewest(
  watch: Pick<CallWatch, "onDidFind">,
  panels: Pick<LogPanels, "openBeside">,
): vscode.Disposable {
  let newest: { ref: LogRef; log: Log } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const show = () => {
    timer = undefined;
    const shown = newest;
    newest = undefined;
    if (shown) void panels.openBeside(shown.ref, shown.log);
  };
  const subscription = watch.onDidFind((found) => {
    if (!debugFollow()) return;
    if (!timer || !newest || found.log.createdAt >= newest.log.createdAt) newest = found;
    timer ??= setTimeout(show, TOGETHER);
  });
  return {
    dispose: () => {
      clearTimeout(timer);
      subscription.dispose();
    },
  };
}
