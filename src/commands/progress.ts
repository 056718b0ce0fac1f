import * as vscode from "vscode";
import { signalOf } from "../notify.ts";

/** Shows what a person waits for, and lets them give it up. */
export const waiting = <T>(title: string, run: (signal: AbortSignal) => Promise<T>): Thenable<T> =>
  vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_, token) =>
    run(signalOf(token)),
  );
