import * as vscode from "vscode";
import type { Log, LogRef } from "../source/log.ts";
import type { Format } from "../logs/format.ts";
import { linkTo } from "../logs/link.ts";
import { debugConsoleLinks } from "../platform/settings.ts";
import { summaryOf } from "./summary.ts";
import type { CallWatch } from "./watch.ts";

/**
 * Delay for batching calls into one message, in milliseconds, and the maximum number of calls in it; the rest is
 * counted.
 */
const TOGETHER = 500;
const MOST = 5;

/**
 * Reports the program's calls in the debug console, each with a link that opens its log: VS Code has no API for links
 * in the program's own output there.
 */
export function consoleLinks(
  watch: Pick<CallWatch, "onDidFind">,
  extensionId: string,
  format: Format,
): vscode.Disposable {
  const found: { ref: LogRef; log: Log }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    timer = undefined;
    const all = found.splice(0);
    if (!vscode.debug.activeDebugSession) return;
    const { activeDebugConsole } = vscode.debug;
    for (const { ref, log } of all.slice(0, MOST)) {
      const link = linkTo(ref);
      if (link)
        activeDebugConsole.appendLine(
          `${summaryOf(log, format)}  ${vscode.env.uriScheme}://${extensionId}${link.path}?${link.query}`,
        );
    }
    if (all.length > MOST)
      activeDebugConsole.appendLine(
        vscode.l10n.t("… and {0} more calls: see the AI Gateway view.", format.count(all.length - MOST)),
      );
  };
  const subscription = watch.onDidFind((one) => {
    if (!debugConsoleLinks()) return;
    found.push(one);
    timer ??= setTimeout(tell, TOGETHER);
  });
  return {
    dispose: () => {
      clearTimeout(timer);
      subscription.dispose();
    },
  };
}
