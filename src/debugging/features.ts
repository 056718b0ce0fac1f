import * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import { GATEWAY_NAMES } from "../account/gateway-names.ts";
import type { Format } from "../logs/format.ts";
import { LogIds } from "../logs/log-ids.ts";
import type { LogPanels } from "../panel/panels.ts";
import type { Logger } from "../platform/logger.ts";
import type { Bodies } from "../reading/bodies.ts";
import type { Read } from "../reading/core/reader.ts";
import type { Runs } from "../tree/runs.ts";
import { ByTime } from "./by-time.ts";
import { consoleLinks } from "./console-links.ts";
import { followNewest } from "./follow.ts";
import { Frames } from "./frames.ts";
import { CalledGateways } from "./gateways.ts";
import { CallHover } from "./hover.ts";
import { CallInlineValues } from "./inline-values.ts";
import { LateValues } from "./late-values.ts";
import { CallLenses } from "./lenses.ts";
import { CallWatch } from "./watch.ts";

export type DebuggingNeeds = {
  sessions: Sessions;
  runs: Runs;
  panels: LogPanels;
  bodies: Bodies;
  read: Read;
  workspaceState: vscode.Memento;
  extensionId: string;
  /** IDs of this extension's commands. */
  commands: readonly string[];
  format: Format;
  logger: Logger;
};

/** The features for debugged programs and their sources, created on first use. */
export type DebugFeatures = {
  ids: LogIds;
  gateways: CalledGateways;
  watch: CallWatch;
  frames: Frames;
  inlineValues: vscode.InlineValuesProvider;
  hover: vscode.HoverProvider;
  lenses: CallLenses;
  dispose(): void;
};

/** Creates and connects the features. */
export function createDebugFeatures(needs: DebuggingNeeds): DebugFeatures {
  const { sessions, runs, panels, format, logger } = needs;
  const { host, headers, logIds } = GATEWAY_NAMES;
  const ids = new LogIds(logIds);
  const gateways = new CalledGateways({ host, sessions, state: needs.workspaceState, logger });
  const watch = new CallWatch({ ids, sessions, gateways, runs, isTrusted: () => vscode.workspace.isTrusted });
  const frames = new Frames({ ids, header: headers.logId });
  const late = new LateValues(watch, format);
  const lenses = new CallLenses({ ids, host, watch, runs, gateways, sessions, format, logger });
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
    ids,
    gateways,
    watch,
    frames,
    inlineValues: new CallInlineValues({ watch, frames, late, format }),
    hover: new CallHover({ ...needs, ids, sourceOf: (of) => sessions.sourceOf(of), watch, frames }),
    lenses,
    dispose: () => vscode.Disposable.from(...parts).dispose(),
  };
}
