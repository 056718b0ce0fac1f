import type { CollectionRef, LogRef } from "../source/log.ts";
import type { Run } from "../debugging/core/run.ts";
import type { GatewayLogs } from "../logs/gateway-logs.ts";
import {
  gatewayNodeId,
  groupNode,
  logNodeId,
  runNode,
  type GatewayNode,
  type GroupNode,
  type LogNode,
  type Node,
  type RunNode,
} from "./nodes.ts";

/** The node objects that VS Code has: it knows a node by its object, so only these can be shown again. */
export class NodeCache {
  readonly #gateways = new Map<string, GatewayNode>();
  readonly #groups = new Map<string, GroupNode>();
  readonly #logs = new Map<string, LogNode>();
  #runs = new Map<Run, RunNode>();

  get gateways(): readonly GatewayNode[] {
    return [...this.#gateways.values()];
  }

  /** The node of a gateway; undefined when the tree has none. */
  gateway(gateway: CollectionRef): GatewayNode | undefined {
    return this.#gateways.get(gatewayNodeId(gateway));
  }

  /** The node of a log; undefined when it was not given out. */
  log(ref: LogRef): LogNode | undefined {
    return this.#logs.get(logNodeId(ref));
  }

  /** The node of a debug session; undefined when it was not given out. */
  run(run: Run): RunNode | undefined {
    return this.#runs.get(run);
  }

  /** The object that was given out for a node, or the node itself. */
  of(node: GatewayNode | GroupNode): GatewayNode | GroupNode {
    return (node.kind === "group" ? this.#groups : this.#gateways).get(node.id) ?? node;
  }

  /** The node of a group as it was given out, or as it would be. */
  group(gateway: GatewayNode, logs: GatewayLogs, key: string): GroupNode {
    const empty = { key, logs: [], loaded: 0, total: 0, hasMore: false, opened: true, malformed: 0 };
    const fresh = groupNode(gateway, logs.view.group, logs.group(key) ?? empty);
    return this.#groups.get(fresh.id) ?? fresh;
  }

  /** Gives out the roots: the gateways among them are those that the tree has from now on. */
  giveRoots(roots: readonly Node[]): Node[] {
    const before = new Map(this.#gateways);
    this.#gateways.clear();
    return roots.map((root) => (root.kind === "gateway" ? same(root, before, this.#gateways) : root));
  }

  /** Gives out the debug sessions: those that the tree has from now on. */
  giveRuns(runs: readonly Run[]): RunNode[] {
    this.#runs = new Map(runs.map((run) => [run, this.#runs.get(run) ?? runNode(run)]));
    return [...this.#runs.values()];
  }

  /** Gives out a node below a gateway. */
  give(node: Node): Node {
    if (node.kind === "log" && this.#logs.get(node.id) !== node) this.#logs.set(node.id, node);
    return node.kind === "group" ? same(node, this.#groups, this.#groups) : node;
  }

  /** Forgets the gateways of an account and what is below them. */
  forgetAccount(sourceId: string): void {
    for (const below of [this.#gateways, this.#groups, this.#logs])
      for (const id of below.keys()) if (id.startsWith(`${sourceId}/`)) below.delete(id);
  }

  /** Forgets what is below a gateway, or below all. */
  forget(collectionId: string | undefined): void {
    for (const below of [this.#groups, this.#logs])
      for (const id of below.keys())
        if (collectionId === undefined || id.startsWith(`${collectionId}/`)) below.delete(id);
  }
}

/** The object given out before, now as `node` is; kept in `given`. */
export function same<N extends { id: string }>(node: N, before: ReadonlyMap<string, N>, given: Map<string, N>): N {
  const known = before.get(node.id);
  const one = known ? Object.assign(known, node) : node;
  given.set(one.id, one);
  return one;
}
