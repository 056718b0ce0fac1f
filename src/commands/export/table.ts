import type { LogRef } from "../../source/log.ts";
import type { Node } from "../../tree/nodes.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { ExportNeeds } from "./export-logs.ts";
import type { Target } from "../targets.ts";

/** Commands for exporting logs to a file. */
export type ExportCommands = {
  "aiGateway.exportLogs": (target?: Target | LogRef, selected?: readonly Node[]) => void;
};

/** Returns the handlers of the export commands. */
export const exportCommands = (needs: ExportNeeds): Handlers<ExportCommands> => ({
  "aiGateway.exportLogs": async (target, selected) =>
    (await import("./export-logs.ts")).exportLogs(needs, target, selected),
});
