import type { Verdict } from "../logs/verdict.ts";
import type { FromPage } from "./protocol.ts";

const RATE: Record<Verdict | "none", string> = {
  up: "aiGateway.rateUp",
  down: "aiGateway.rateDown",
  none: "aiGateway.clearRating",
};

/** What a page reports that a command does, as it does from the tree. */
type CommandIntent = Extract<
  FromPage,
  { type: "openBody" | "copyId" | "rate" | "setScore" | "editMetadata" | "skipLog" | "undoRating" | "stopRating" }
>;

/** The id of the command that does what a person did on the page; it is run with the log's ref. */
export function commandFor(intent: CommandIntent): string {
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
