import * as vscode from "vscode";
import type { GatewayRef } from "../cloudflare/schema.ts";
import type { GroupName } from "../logs/grouping.ts";
import { ORDER_NAMES, type OrderName } from "../logs/order.ts";
import { gatewayNodeId } from "./nodes.ts";

const [FILTERS, ORDER, GROUP] = ["filters", "order", "group"];

/** A gateway and the query line that says which of its logs are shown. */
export type GatewayFilter = { gateway: GatewayRef; line: string };

/** What a change is about: the gateway that shows other logs now, or (undefined) all of them. */
export type Rearranged = { gateway: GatewayRef | undefined };

/**
 * How the person has arranged the tree: which logs each gateway shows, in which order, grouped by what. Kept for this window's
 * workspace, so that it survives a reload and another window has its own. A filter is kept as its line: `since:2h` means
 * two hours before it is read.
 */
export class Arrangements {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<Rearranged>();
  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get #lines(): Record<string, string> {
    return this.#state.get<Record<string, string>>(FILTERS, {});
  }

  /** The query line of a gateway; "" when it shows all. */
  filterOf(gateway: GatewayRef): string {
    const id = gatewayNodeId(gateway);
    return Object.hasOwn(this.#lines, id) ? (this.#lines[id] ?? "") : "";
  }

  /** The gateways that show only what fits a filter. */
  get filters(): readonly GatewayFilter[] {
    return Object.entries(this.#lines).map(([id, line]) => {
      const [accountId = "", gatewayId = ""] = id.split("/");
      return { gateway: { accountId, gatewayId }, line };
    });
  }

  /** Shows only the logs of a gateway that fit the line; with "", all. */
  setFilter(gateway: GatewayRef, line: string): void {
    const { [gatewayNodeId(gateway)]: _, ...others } = this.#lines;
    const lines = line.trim() === "" ? others : { ...others, [gatewayNodeId(gateway)]: line.trim() };
    void this.#state.update(FILTERS, lines);
    this.#changed.fire({ gateway });
  }

  /** Forgets the filters of an account: they may name what only its logs tell. */
  forget(accountId: string): void {
    for (const { gateway } of this.filters) if (gateway.accountId === accountId) this.setFilter(gateway, "");
  }

  /** In which order logs are shown. */
  get order(): OrderName {
    const name = this.#state.get<string>(ORDER);
    return ORDER_NAMES.find((known) => known === name) ?? "newest";
  }

  /** Shows the logs of all gateways in this order. */
  setOrder(order: OrderName): void {
    void this.#state.update(ORDER, order);
    this.#changed.fire({ gateway: undefined });
  }

  /** What logs are grouped by. */
  get group(): GroupName {
    return this.#state.get<GroupName>(GROUP, "day");
  }

  /** Groups the logs of all gateways. */
  setGroup(group: GroupName): void {
    void this.#state.update(GROUP, group);
    this.#changed.fire({ gateway: undefined });
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
