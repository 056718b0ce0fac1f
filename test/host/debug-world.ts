import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { createDebugFeatures, type DebugFeatures } from "../../src/debugging/features.ts";
import { Bodies } from "../../src/reading/bodies.ts";
import { LogPanels } from "../../src/panel/panels.ts";
import { ACCOUNT } from "../gateway.ts";
import { panelNeeds } from "./page.ts";
import { MemoryState } from "./secrets.ts";
import { startWorld, type World } from "./world.ts";

/** Waits until a condition holds, checking it at each event. */
export async function when<T>(event: vscode.Event<unknown>, look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await new Promise<void>((resolve) => {
      const subscription = event(() => {
        subscription.dispose();
        resolve();
      });
    });
  }
}

/** A world in which programs are debugged: the features as the extension creates them, over a local gateway. */
export async function startDebugWorld() {
  const world: World = await startWorld();
  await world.signIn();
  const { sessions, runs, format, logger, read, extensionId, extensionUri } = world;
  const panels = new LogPanels(panelNeeds(world), { global: new MemoryState(), workspace: new MemoryState() });
  const workspaceState = new MemoryState();
  const commands = ["aiGateway.openLog"];
  const bodies = new Bodies((of) => sessions.sourceOf(of));
  const needs = { sessions, runs, panels, bodies, read, workspaceState, extensionId, commands, format, logger };
  const features: DebugFeatures = createDebugFeatures(needs);
  const tracking = vscode.debug.registerDebugAdapterTrackerFactory("*", features.watch);
  const programs = join(extensionUri.fsPath, "test/host/programs");
  const gatewayUrl = `${world.gateway.gatewayUrl}/${ACCOUNT}/production`;

  /** Starts a program in its language's debugger. */
  const start = async (file: string, env: Record<string, string> = {}) => {
    const program = join(programs, file);
    const isPython = file.endsWith(".py");
    const configuration = {
      ...(isPython
        ? {
            type: "debugpy",
            python: process.env["AI_GATEWAY_LOGS_PYTHON"] || "/usr/bin/python3",
            console: "internalConsole",
            justMyCode: true,
          }
        : { type: "pwa-node", runtimeExecutable: process.execPath, console: "internalConsole", outputCapture: "std" }),
      request: "launch",
      name: `Launch ${file}`,
      program,
      cwd: programs,
      env: { GATEWAY_URL: gatewayUrl, ...env },
    };
    // Other tests' documents must not be saved: VS Code would ask where.
    const started = await vscode.debug.startDebugging(undefined, configuration, { suppressSaveBeforeStart: true });
    assert.ok(started, "the debugger has started");
    return vscode.Uri.file(program);
  };

  /** Sets a breakpoint at the program's line "stop here", and returns that line from 0. */
  const breakAt = async (file: string) => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(programs, file)));
    const line = document.positionAt(document.getText().indexOf("stop here")).line;
    const breakpoint = new vscode.SourceBreakpoint(new vscode.Location(document.uri, new vscode.Position(line, 0)));
    vscode.debug.addBreakpoints([breakpoint]);
    return { document, line };
  };

  /** The frame in which the program is stopped. */
  const stopped = () =>
    when(vscode.debug.onDidChangeActiveStackItem, () => {
      const item = vscode.debug.activeStackItem;
      return item instanceof vscode.DebugStackFrame && item;
    });

  return {
    ...world,
    features,
    panels,
    workspaceState,
    start,
    breakAt,
    stopped,
    /** The debug session that was started last, once it has ended. */
    over: () => when(runs.onDidChange, () => runs.all[0]?.endedAt && runs.all[0]),
    close: async () => {
      vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
      await vscode.debug.stopDebugging();
      tracking.dispose();
      features.dispose();
      panels.dispose();
      // A debugger shows the source where it stops.
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      await vscode.window.tabGroups.close(tabs.filter(({ isDirty }) => !isDirty));
      await world.close();
    },
  };
}
