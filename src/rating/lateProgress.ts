import { setTimeout as wait } from "node:timers/promises";
import * as vscode from "vscode";

/** What takes no longer than that is not noticed, in ms. */
const NOTICED = 700;

/** Runs, and once that takes long enough to be noticed, shows how far it is (a part from 0 to 1) with a way to cancel it. */
export async function withLateProgress<T>(
  title: string,
  run: (signal: AbortSignal, report: (part: number) => void) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let part = 0;
  let show: ((part: number) => void) | undefined;
  const running = run(abort.signal, (now) => {
    part = now;
    show?.(part);
  });
  const over = running.then(
    () => true,
    () => true,
  );
  if (await Promise.race([over, wait(NOTICED, false)])) return running;
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
    let shown = 0;
    show = (now) => {
      progress.report({ increment: (now - shown) * 100 });
      shown = now;
    };
    show(part);
    token.onCancellationRequested(() => abort.abort());
    return running;
  });
}
