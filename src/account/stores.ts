import * as vscode from "vscode";
import type { CollectionRef } from "../source/log.ts";

/** State key: the gateways that have their logs in Workers Observability, as `account/gateway`. */
const OBSERVED = "observedGateways";

/** Where a Cloudflare gateway's logs are: in its own store, or in Workers Observability. */
export type Store = "gateway" | "observability";

const nameOf = ({ sourceId, collectionId }: CollectionRef): string => `${sourceId}/${collectionId}`;

/** In which store each gateway's logs were found. */
export class Stores {
  readonly #state: vscode.Memento;
  readonly #moved = new vscode.EventEmitter<CollectionRef>();
  /** Fires when a gateway's logs were found in another store than before. */
  readonly onDidMove = this.#moved.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get #observed(): readonly string[] {
    return this.#state.get<readonly string[]>(OBSERVED, []);
  }

  /** Returns the store of a gateway; its own, unless another one is known. */
  of(gateway: CollectionRef): Store {
    return this.#observed.includes(nameOf(gateway)) ? "observability" : "gateway";
  }

  /** Remembers the store of a gateway. */
  set(gateway: CollectionRef, store: Store): void {
    if (this.of(gateway) === store) return;
    const others = this.#observed.filter((one) => one !== nameOf(gateway));
    void this.#state.update(OBSERVED, store === "gateway" ? others : [...others, nameOf(gateway)]);
    this.#moved.fire(gateway);
  }

  /** Removes what is remembered of an account. */
  forget(sourceId: string): void {
    void this.#state.update(
      OBSERVED,
      this.#observed.filter((one) => !one.startsWith(`${sourceId}/`)),
    );
  }

  dispose(): void {
    this.#moved.dispose();
  }
}
