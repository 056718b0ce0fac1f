import type { GatewayNode, Node } from "../tree/nodes.ts";
import type { LogTree } from "../tree/provider.ts";

const gatewayAbove = (node: Node | undefined): GatewayNode | undefined =>
  node === undefined || node.kind === "gateway" ? node : gatewayAbove(node.parent);

/** Shows all logs again: of the gateway that it is called on, else of all. */
export function clearFilter(tree: Pick<LogTree, "filters" | "setFilter">, node?: Node): void {
  const only = gatewayAbove(node);
  const gateways = only ? [only.ref] : tree.filters.map(({ gateway }) => gateway);
  for (const gateway of gateways) tree.setFilter(gateway, []);
}
