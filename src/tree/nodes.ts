import type { SourceKind } from "../account/kinds.ts";
import type { ProgramCall, Run } from "../debugging/core/run.ts";
import type { Collection, CollectionRef, Log, LogRef } from "../source/log.ts";
import type { LogGroup } from "../logs/log-group.ts";
import type { GroupName } from "../logs/grouping.ts";
import type { OrderName } from "../source/query.ts";
import type { EmptyReason } from "../source/source.ts";
import { part, type CommonState, type FilterNode as SavedFilterNode, type FiltersNode } from "./node-kinds.ts";

/*
 * The logs' tree as data.
 */

type Base = { id: string; parent: Node | undefined };

export type GatewayNode = Base & {
  kind: "gateway";
  ref: CollectionRef;
  gateway: Collection;
  account: { id: string; name: string; kind: SourceKind };
  /** The query line that says which of its logs are shown; "" is all. */
  filter: string;
  /** How many logs fit it, in all; undefined until they were asked for. */
  total?: number | undefined;
};

export type FilterNode = SavedFilterNode<GatewayNode>;

/** Logs put together: those of a day, of a model … */
export type GroupNode = Base & {
  kind: "group";
  ref: CollectionRef;
  group: GroupName;
  known: LogGroup;
  parent: GatewayNode;
};

export type LogNode = Base & {
  kind: "log";
  ref: LogRef;
  log: Log;
  isNew: boolean;
  parent: GroupNode | GatewayNode | RunNode;
};

/** A debug session and the calls that were made in it. */
export type RunNode = Base & { kind: "run"; run: Run };

/** A call of a debug session whose log is not known. */
export type CallNode = Base & { kind: "call"; call: ProgramCall; parent: RunNode };

/** The next page of a group, or of the whole list. */
export type MoreNode = Base & { kind: "more"; left: number | undefined; parent: GroupNode | GatewayNode };

/** The days before (`later`: after) the one of that key, or (undefined) those shown. */
export type EarlierNode = Base & {
  kind: "earlier";
  after: string | undefined;
  later: boolean;
  parent: GatewayNode;
};

/** Why there is nothing to show, or not all: always with words, and with one action where something helps. */
export type StateNode = Base & { kind: "state"; state: State };

export type State =
  | CommonState
  | { type: "noGateways"; accountName: string }
  /** Why the gateway has no logs. */
  | EmptyReason
  | { type: "groupEmpty" }
  /** Nothing of the gateway fits the filter. */
  | { type: "noMatch" }
  /** None of the rows loaded fits what the API cannot filter. */
  | { type: "noneFitsHere"; loaded: number; service: string }
  /** Of the rows loaded, those that fit what the API cannot filter are shown. */
  | { type: "fitHere"; fit: number; loaded: number; service: string }
  /** The API does not sort by it: the rows loaded are sorted here. */
  | { type: "sortedHere"; order: OrderName; loaded: number; total: number | undefined; service: string }
  /** The source looked at a part of the logs only. */
  | { type: "sampled"; service: string }
  /** A debug session in which no calls were made. */
  | { type: "noCalls" };

export type Node =
  | GatewayNode
  | FiltersNode<GatewayNode>
  | FilterNode
  | GroupNode
  | LogNode
  | RunNode
  | CallNode
  | MoreNode
  | EarlierNode
  | StateNode;

/** The id of a gateway's node. */
export const gatewayNodeId = ({ sourceId, collectionId }: CollectionRef): string => `${sourceId}/${collectionId}`;

/** The node of a gateway; `account` is the one it belongs to. */
export function gatewayNode(gateway: Collection, account: GatewayNode["account"], filter = ""): GatewayNode {
  const ref = { sourceId: account.id, collectionId: gateway.id };
  const { id, name, kind } = account;
  return {
    kind: "gateway",
    id: gatewayNodeId(ref),
    parent: undefined,
    ref,
    gateway,
    account: { id, name, kind },
    filter,
  };
}

/** The node of a group with what is known of it. */
export function groupNode(parent: GatewayNode, group: GroupName, known: LogGroup): GroupNode {
  const path = group === "day" ? known.key : `${part(group)}/${part(known.key)}`;
  return { kind: "group", id: `${parent.id}/${path}`, parent, ref: parent.ref, group, known };
}

/** The id of a log's node. */
export const logNodeId = (ref: LogRef): string => `${gatewayNodeId(ref)}/log/${part(ref.logId)}`;

/** The node that was last made of a log: to make those of thousands of rows again with each page takes longer than the page. */
const NODES = new WeakMap<Log, LogNode>();

/** The node of a log below its group, or below the gateway where logs are in no group; the same as long as nothing changes. */
export function logNode(parent: GroupNode | GatewayNode, log: Log, isNew = false): LogNode {
  const known = NODES.get(log);
  if (known?.parent === parent && known.isNew === isNew) return known;
  const ref = { ...parent.ref, logId: log.id };
  const node: LogNode = { kind: "log", id: logNodeId(ref), parent, ref, log, isNew };
  NODES.set(log, node);
  return node;
}

/** A debug session. */
export function runNode(run: Run): RunNode {
  return { kind: "run", id: `run/${part(run.id)}`, parent: undefined, run };
}

/** A call of a debug session: its log once that is known. */
export function callNode(parent: RunNode, call: ProgramCall): LogNode | CallNode {
  const id = `${parent.id}/${part(call.id)}`;
  if (call.state.type !== "known") return { kind: "call", id, parent, call };
  const { gateway, log } = call.state;
  return { kind: "log", id, parent, ref: { ...gateway, logId: log.id }, log, isNew: false };
}

/** "Load more" at the end of a list; `left`: at least how many rows that are. */
export function moreNode(parent: GroupNode | GatewayNode, left: number | undefined): MoreNode {
  return { kind: "more", id: `${parent.id}/more`, parent, left: left === undefined ? undefined : Math.max(left, 1) };
}

/** "Earlier…" where days may be missing. */
export function earlierNode(parent: GatewayNode, after: string | undefined, later: boolean): EarlierNode {
  return { kind: "earlier", id: `${parent.id}/earlier${after === undefined ? "" : `/${after}`}`, parent, after, later };
}

/** A state below `parent`; `owner` tells two of them at the root apart. */
export function stateNode(parent: Node | undefined, state: State, owner = parent?.id ?? "root"): StateNode {
  return { kind: "state", id: `${owner}/state/${state.type}`, parent, state };
}
