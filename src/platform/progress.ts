import { setTimeout as wait } from "node:timers/promises";
import * as vscode from "vscode";

/** Milliseconds up to which a wait goes unnoticed. */
const NOTICED = 700;

/** Reports progress: from 0 to 1, and in words. */
export type Report = (part: number, words?: string) => void;

/** Runs an action that the user waits for; if it takes noticeable time, shows its progress with a Cancel button. */
export async function waiting<T>(title: string, run: (signal: AbortSignal, report: Report) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let [part, words]: Parameters<Report> = [0];
  let show: (() => void) | undefined;
  const running = run(abort.signal, (now, said) => {
    [part, words] = [now, said];
    show?.();
  });
  const over = running.then(
    () => true,
    () => true,
  );
  if (await Promise.race([over, wait(NOTICED, false)])) return running;
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
    let shown = 0;
    show = () => {
      progress.report({ increment: (part - shown) * 100, ...(words === undefined ? {} : { message: words }) });
      shown = part;
    };
    show();
    token.onCancellationRequested(() => abort.abort());
    return running;
  });
}

/** Shows a view's own progress while its data is read. */
export const inView = (viewId: "aiGateway.logs" | "aiGateway.audit", read: () => Promise<void>): Promise<void> =>
  Promise.resolve(vscode.window.withProgress({ location: { viewId } }, read));
