import type { LogRef } from "../source/log.ts";
import type { Verdict } from "../logs/verdict.ts";
import type { FromPage } from "./protocol.ts";

/** The commands for the user's actions on a log's page. */
export type PanelCalls = Record<
  | "aiGateway.openRequest"
  | "aiGateway.openResponse"
  | "aiGateway.copyLogId"
  | "aiGateway.rateUp"
  | "aiGateway.rateDown"
  | "aiGateway.clearRating"
  | "aiGateway.setScore"
  | "aiGateway.editMetadata"
  | "aiGateway.skipLog"
  | "aiGateway.undoRating"
  | "aiGateway.stopRating",
  (ref: LogRef) => void
>;

const RATE: Record<Verdict | "none", keyof PanelCalls> = {
  up: "aiGateway.rateUp",
  down: "aiGateway.rateDown",
  none: "aiGateway.clearRating",
};

/** The intents handled by a command, as from the tree. */
type CommandIntent = Extract<
  FromPage,
  { type: "openBody" | "copyId" | "rate" | "setScore" | "editMetadata" | "skipLog" | "undoRating" | "stopRating" }
>;

/** Returns the command ID for an intent; it runs with the log's ref. */
export function commandFor(intent: CommandIntent): keyof PanelCalls {
  switch (intent.type) {
    case "openBody":
      return intent.side === "request" ? "aiGateway.openRequest" : "aiGateway.openResponse";
    case "copyId":
      return "aiGateway.copyLogId";
    case "rate":
      return RATE[intent.verdict];
    case "setScore":
    case "editMetadata":
    case "skipLog":
    case "undoRating":
    case "stopRating":
      return `aiGateway.${intent.type}`;
  }
}
