import type { CollectionRef } from "../../source/log.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { Debugging } from "../../debugging/register.ts";
import type { LogPanels } from "../../panel/panels.ts";
import type { LogTreeView } from "../../tree/view.ts";
import type { Runs } from "../../tree/runs.ts";

/** Commands for the calls of debugged programs. */
export type DebugCommands = {
  /** Opens the log for an ID in any text. */
  "aiGateway.openLogOf": (id: string) => void;
  "aiGateway.openLogOfVariable": (place?: unknown) => void;
  /** Shows the logs of a gateway that match a filter line. */
  "aiGateway.showCalls": (gateway: CollectionRef, line: string) => void;
  "aiGateway.clearDebugSessions": () => void;
  "aiGateway.chooseDebugGateway": () => void;
};

export type DebugNeeds = {
  debugging: Pick<Debugging, "features">;
  view: Pick<LogTreeView, "showFiltered">;
  panels: Pick<LogPanels, "open" | "openBeside">;
  runs: Pick<Runs, "clear">;
};

/** Returns the handlers of the debugging commands. */
export function debugCommands(needs: DebugNeeds): Handlers<DebugCommands> {
  const { view, panels, runs, debugging } = needs;
  return {
    "aiGateway.openLogOf": async (id) =>
      (await import("../browse/open-log-of.ts")).openLogOf(await debugging.features(), panels, id),
    "aiGateway.openLogOfVariable": async (place) =>
      (await import("../browse/open-log-of-variable.ts")).openLogOfVariable(await debugging.features(), panels, place),
    "aiGateway.showCalls": (gateway, line) => view.showFiltered(gateway, line),
    "aiGateway.clearDebugSessions": () => runs.clear(),
    "aiGateway.chooseDebugGateway": async () =>
      (await import("./choose-debug-gateway.ts")).chooseDebugGateway((await debugging.features()).gateways),
  };
}
