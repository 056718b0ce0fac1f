import type { LogRef } from "../../source/log.ts";
import type { Node } from "../../tree/nodes.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { LogPanels } from "../../panel/panels.ts";
import type { RateLogsNeeds, UnderWay } from "./rate-logs.ts";
import { logsIn, type Target } from "../targets.ts";

type OnLogs = (target?: Target | LogRef, selected?: readonly Node[]) => void;

/** Commands for ratings, scores and metadata: of one log, of many, or one by one. */
export type RateCommands = {
  "aiGateway.rateUp": OnLogs;
  "aiGateway.rateDown": OnLogs;
  "aiGateway.clearRating": OnLogs;
  "aiGateway.setScore": OnLogs;
  "aiGateway.editMetadata": OnLogs;
  "aiGateway.rateLogs": (target?: Target) => void;
  "aiGateway.skipLog": () => void;
  "aiGateway.undoRating": () => void;
  "aiGateway.stopRating": () => void;
};

export type RateNeeds = RateLogsNeeds & { panels: Pick<LogPanels, "known"> };

/** Returns the handlers of the rating commands. */
export function rateCommands(needs: RateNeeds): Handlers<RateCommands> {
  const { tree, panels } = needs;
  const known = (ref: LogRef) => tree.rowOf(ref)?.log ?? panels.known(ref);
  let underWay: UnderWay | undefined;

  const rate =
    (feedback: 1 | -1): OnLogs =>
    async (target, selected) => {
      const logs = logsIn(target, selected, needs);
      // Rating the current log of a round moves on to the next.
      if (logs.length === 1 && underWay?.round.isTurnOf(logs[0]))
        return underWay.round.rate(feedback === 1 ? "up" : "down");
      return (await import("./rate.ts")).rate(needs, logs, feedback);
    };

  return {
    "aiGateway.rateUp": rate(1),
    "aiGateway.rateDown": rate(-1),
    "aiGateway.clearRating": async (target, selected) =>
      (await import("./rate.ts")).rate(needs, logsIn(target, selected, needs), null),
    "aiGateway.setScore": async (target, selected) =>
      (await import("./set-score.ts")).setScore({ ...needs, known }, logsIn(target, selected, needs)),
    "aiGateway.editMetadata": async (target, selected) =>
      (await import("./edit-metadata.ts")).editMetadata(needs, logsIn(target, selected, needs)),
    "aiGateway.rateLogs": async (target) => {
      underWay = await (await import("./rate-logs.ts")).rateLogs(needs, target, underWay);
    },
    "aiGateway.skipLog": () => underWay?.round.skip(),
    "aiGateway.undoRating": () => underWay?.round.undo(),
    "aiGateway.stopRating": () => {
      underWay?.round.stop();
      underWay = undefined;
    },
  };
}
