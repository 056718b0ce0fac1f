import type { Condition } from "../cloudflare/filter.ts";
import type { GatewayRef } from "../cloudflare/schema.ts";
import { gatewayNodeId } from "./nodes.ts";

/** Which of its logs each gateway shows; all of them unless set. */
export class TreeFilters {
  readonly #filters = new Map<string, { gateway: GatewayRef; conditions: readonly Condition[] }>();

  /** The conditions of a gateway; none when it shows all. */
  of(gateway: GatewayRef): readonly Condition[] {
    return this.#filters.get(gatewayNodeId(gateway))?.conditions ?? [];
  }

  /** The gateways that are filtered. */
  get all(): readonly { gateway: GatewayRef; conditions: readonly Condition[] }[] {
    return [...this.#filters.values()];
  }

  /** Shows only what fits the conditions; with none of them, all. */
  set(gateway: GatewayRef, conditions: readonly Condition[]): void {
    const key = gatewayNodeId(gateway);
    if (conditions.length === 0) this.#filters.delete(key);
    else this.#filters.set(key, { gateway, conditions });
  }
}
