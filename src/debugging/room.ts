import * as vscode from "vscode";
import { ByTime } from "./by-time.ts";
import { consoleLinks } from "./console-links.ts";
import { followNewest } from "./follow.ts";
import { Frames } from "./frames.ts";
import { CalledGateways } from "./gateways.ts";
import { CallHover } from "./hover.ts";
import { CallInlineValues } from "./inline-values.ts";
import { LateValues } from "./late-values.ts";
import { CallLenses } from "./lenses.ts";
import type { DebuggingNeeds } from "./register.ts";
import { CallWatch } from "./watch.ts";

/** What works while programs are debugged and their sources are read. Put together when the first of it is needed. */
export type Room = {
  gateways: CalledGateways;
  watch: CallWatch;
  frames: Frames;
  inlineValues: vscode.InlineValuesProvider;
  hover: vscode.HoverProvider;
  lenses: CallLenses;
  dispose(): void;
};

/** Puts the parts together. */
export function openRoom(needs: DebuggingNeeds): Room {
  const { sessions, runs, panels, format, logger } = needs;
  const gateways = new CalledGateways({ sessions, state: needs.workspaceState, logger });
  const watch = new CallWatch({ sessions, gateways, runs, isTrusted: () => vscode.workspace.isTrusted });
  const frames = new Frames();
  const late = new LateValues(watch, format);
  const lenses = new CallLenses({ watch, runs, gateways, sessions, format, logger });
  const byTime = new ByTime({ sessions, gateways, watch, runs, format, logger });
  const parts = [
    watch,
    late,
    lenses,
    byTime,
    followNewest(watch, panels),
    consoleLinks(watch, needs.extensionId, format),
    watch.onDidMove(() => frames.clear()),
  ];
  return {
    gateways,
    watch,
    frames,
    inlineValues: new CallInlineValues({ watch, frames, late, format }),
    hover: new CallHover({ ...needs, clientOf: (accountId) => sessions.clientOf(accountId), watch, frames }),
    lenses,
    dispose: () => vscode.Disposable.from(...parts).dispose(),
  };
}
