import type { LogRef } from "../../source/log.ts";
import type { Node } from "../../tree/nodes.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { CompareLogsNeeds } from "./compare-logs.ts";
import type { ComparePreviousNeeds } from "./compare-previous.ts";
import type { CompareSelection } from "./compare-selection.ts";
import { logIn, logsIn, type Places, type Target } from "../targets.ts";

/** Commands for comparing two logs. */
export type CompareCommands = {
  "aiGateway.compareLogs": (target?: Target | LogRef, selected?: readonly Node[]) => void;
  "aiGateway.comparePrevious": (target?: Target | LogRef) => void;
  "aiGateway.selectForCompare": (target?: Target | LogRef) => void;
  "aiGateway.compareWithSelected": (target?: Target | LogRef) => void;
  /** For the active diff. */
  "aiGateway.compareAnother": () => void;
};

const load = () => import("./compare.ts");

export type CompareTableNeeds = CompareLogsNeeds &
  ComparePreviousNeeds &
  Places & { compareSelection: Pick<CompareSelection, "select" | "ref"> };

/** Returns the handlers of the comparison commands. */
export function compareCommands(needs: CompareTableNeeds): Handlers<CompareCommands> {
  const { compareSelection: selection } = needs;
  return {
    "aiGateway.compareLogs": async (target, selected) => {
      const logs = logsIn(target, selected, needs);
      const [{ compareLogs }, { compareUi }] = await Promise.all([import("./compare-logs.ts"), load()]);
      await compareLogs(logs, needs, compareUi);
    },
    "aiGateway.comparePrevious": async (target) => {
      const ref = logIn(target, needs);
      const [{ comparePrevious }, { compareUi }] = await Promise.all([import("./compare-previous.ts"), load()]);
      await comparePrevious(ref, needs, compareUi);
    },
    "aiGateway.selectForCompare": (target) => selection.select(logIn(target, needs)),
    "aiGateway.compareWithSelected": async (target) => {
      const [before, ref] = [selection.ref, logIn(target, needs)];
      const { compare, compareUi } = await load();
      await compare(before, ref, needs, compareUi);
    },
    "aiGateway.compareAnother": async () => {
      const { compareAnother, compareUi } = await load();
      await compareAnother(needs, compareUi);
    },
  };
}
