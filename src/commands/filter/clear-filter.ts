import type { Node } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";
import { gatewayAbove } from "../../tree/view.ts";

/** Shows all logs again: of the gateway that it is called on, else of all. */
export function clearFilter({ arrangements }: Pick<LogTree, "arrangements">, node?: Node): void {
  const only = gatewayAbove(node);
  const gateways = only ? [only.ref] : arrangements.filters.map(({ gateway }) => gateway);
  for (const gateway of gateways) arrangements.setFilter(gateway, "");
}
