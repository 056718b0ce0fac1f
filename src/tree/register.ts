import { LazyTree } from "../platform/lazy.ts";
import type { Node } from "./nodes.ts";

/** Registers the view of the logs. `load` connects it. */
export const registerLogs = (load: () => Promise<unknown>): LazyTree<Node> =>
  new LazyTree<Node>("aiGateway.logs", load, { showCollapseAll: true, canSelectMany: true });
