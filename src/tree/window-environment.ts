import * as vscode from "vscode";
import { autoRefreshSeconds } from "../platform/settings.ts";

/** The window and the clock, as far as the tree follows them. */
export type WindowEnvironment = {
  isFocused(): boolean;
  onDidChangeFocus: vscode.Event<unknown>;
  onDidChangeSeconds: vscode.Event<unknown>;
  /** How often auto refresh reads, in seconds. */
  seconds(): number;
  /** In ms since 1970. */
  now(): number;
  /** Runs once after `ms`, unless disposed before. */
  after(ms: number, run: () => void): vscode.Disposable;
};

/** This window, and real time. */
export const thisWindow: WindowEnvironment = {
  isFocused: () => vscode.window.state.focused,
  onDidChangeFocus: vscode.window.onDidChangeWindowState,
  onDidChangeSeconds: (listener) =>
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("aiGateway.autoRefreshSeconds")) listener(undefined);
    }),
  seconds: autoRefreshSeconds,
  now: Date.now,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return { dispose: () => clearTimeout(timer) };
  },
};
