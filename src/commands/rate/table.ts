import type { LogRef } from "../../cloudflare/schema.ts";
import type { SendNeeds } from "../../rating/send.ts";
import type { Node } from "../../tree/nodes.ts";
import type { CommandNeeds, Handlers } from "../needs.ts";
import type { UnderWay } from "./rate-logs.ts";
import { logsIn, type Target } from "../targets.ts";

type OnLogs = (target?: Target | LogRef, selected?: readonly Node[]) => void;

/** What is made of logs: verdicts, scores and metadata; of one, of many, or of one after the other. */
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

/** What runs the commands of rating. */
export function rateCommands(needs: CommandNeeds): Handlers<RateCommands> {
  const { tree, panels, ratings, format } = needs;
  const sending: SendNeeds = { clientOf: (accountId) => needs.sessions.clientOf(accountId), ratings, format };
  const known = (ref: LogRef) => tree.rowOf(ref)?.log ?? panels.known(ref);
  let underWay: UnderWay | undefined;

  const rate =
    (feedback: 1 | -1): OnLogs =>
    async (target, selected) => {
      const logs = logsIn(target, selected, needs);
      // The verdict on the one whose turn it is goes on to the next.
      if (logs.length === 1 && underWay?.round.isTurnOf(logs[0]))
        return underWay.round.rate(feedback === 1 ? "up" : "down");
      return (await import("./rate.ts")).rate(sending, logs, feedback);
    };

  return {
    "aiGateway.rateUp": rate(1),
    "aiGateway.rateDown": rate(-1),
    "aiGateway.clearRating": async (target, selected) =>
      (await import("./rate.ts")).rate(sending, logsIn(target, selected, needs), null),
    "aiGateway.setScore": async (target, selected) =>
      (await import("./set-score.ts")).setScore({ ...sending, known }, logsIn(target, selected, needs)),
    "aiGateway.editMetadata": async (target, selected) =>
      (await import("./edit-metadata.ts")).editMetadata(sending, logsIn(target, selected, needs)),
    "aiGateway.rateLogs": async (target) => {
      underWay = await (await import("./rate-logs.ts")).rateLogs({ ...needs, ...sending }, target, underWay);
    },
    "aiGateway.skipLog": () => underWay?.round.skip(),
    "aiGateway.undoRating": () => underWay?.round.undo(),
    "aiGateway.stopRating": () => {
      underWay?.round.stop();
      underWay = undefined;
    },
  };
}
