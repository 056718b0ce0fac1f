import * as vscode from "vscode";
import type { CollectionRef } from "../source/log.ts";
import type { GroupName } from "../logs/grouping.ts";
import { FilterLines } from "../filter/filter-lines.ts";
import { ORDER_NAMES, type OrderName } from "../source/query.ts";
import { gatewayNodeId } from "./nodes.ts";

const [ORDER, GROUP] = ["order", "group"];

/** A gateway and the query line that says which of its logs are shown. */
export type GatewayFilter = { gateway: CollectionRef; line: string };

/** What a change is about: the gateway that shows other logs now, or (undefined) all of them. */
export type Rearranged = { gateway: CollectionRef | undefined };

const refOf = (nodeId: string): CollectionRef => {
  const [sourceId = "", collectionId = ""] = nodeId.split("/");
  return { sourceId, collectionId };
};

/** How the person has arranged the tree: which logs each gateway shows, in which order, grouped by what. Kept for this window's workspace. */
export class Arrangements {
  readonly #state: vscode.Memento;
  readonly #filters: FilterLines;
  readonly #changed = new vscode.EventEmitter<Rearranged>();
  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
    this.#filters = new FilterLines(state, "filters");
    this.#filters.onDidChange((id) => this.#changed.fire({ gateway: refOf(id) }));
  }

  /** The query line of a gateway; "" when it shows all. */
  filterOf(gateway: CollectionRef): string {
    return this.#filters.of(gatewayNodeId(gateway));
  }

  /** The gateways that show only what fits a filter. */
  get filters(): readonly GatewayFilter[] {
    return this.#filters.all.map(([id, line]) => ({ gateway: refOf(id), line }));
  }

  /** Shows only the logs of a gateway that fit the line; with "", all. */
  setFilter(gateway: CollectionRef, line: string): void {
    this.#filters.set(gatewayNodeId(gateway), line);
  }

  /** Forgets the filters of an account. */
  forget(sourceId: string): void {
    this.#filters.forget(sourceId);
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
    this.#filters.dispose();
    this.#changed.dispose();
  }
}
