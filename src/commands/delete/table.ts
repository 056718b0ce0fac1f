import type { LogRef } from "../../cloudflare/schema.ts";
import type { Node } from "../../tree/nodes.ts";
import type { Decision } from "./preview-deletion.ts";
import type { CommandNeeds, Handlers } from "../needs.ts";
import { subsetIn } from "../subsets.ts";
import type { Target } from "../targets.ts";

type Run = (target?: Target | LogRef, selected?: readonly Node[]) => void;

/** Logs that go for good. */
export type DeleteCommands = { "aiGateway.deleteLogs": Run; "aiGateway.exportThenDelete": Run };

/** What runs the commands of deleting. */
export function deleteCommands(needs: CommandNeeds): Handlers<DeleteCommands> {
  const deleting = (first: Decision) => async (target?: Target | LogRef, selected?: readonly Node[]) => {
    const subset = await subsetIn(target, selected, needs);
    if (subset) await (await import("./delete-logs.ts")).deleteLogs(needs, subset, first);
  };
  return {
    "aiGateway.deleteLogs": deleting("delete"),
    "aiGateway.exportThenDelete": deleting("exportThenDelete"),
  };
}
