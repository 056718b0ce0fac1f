import type { Gateway, GatewayRef, Log, LogRef } from "../cloudflare/schema.ts";
import type { Explanation } from "../explain.ts";
import type { Day } from "../logs/days.ts";
import type { DayLogs } from "../logs/gatewayLogs.ts";

/*
 * The tree as data. An id is a path of server ids, so a node is the same one after a refresh; a node knows its parent,
 * so that it can be revealed.
 */

type Base = { id: string; parent: Node | undefined };

export type GatewayNode = Base & {
  kind: "gateway";
  ref: GatewayRef;
  gateway: Gateway;
  account: { id: string; name: string; createdAt?: Date; isSample: boolean };
};

export type DayNode = Base & { kind: "day"; ref: GatewayRef; day: Day; known: DayLogs; parent: GatewayNode };

export type LogNode = Base & { kind: "log"; ref: LogRef; log: Log; parent: DayNode };

/** The next page of a day. */
export type MoreNode = Base & { kind: "more"; left: number; parent: DayNode };

/** The days before those shown. */
export type EarlierNode = Base & { kind: "earlier"; parent: GatewayNode };

/** Why there is nothing to show, or not all: always with words, and with one action where something helps. */
export type StateNode = Base & { kind: "state"; state: State };

export type State =
  | { type: "failed"; explanation: Explanation }
  | { type: "noGateways"; accountName: string }
  | { type: "loggingOff" }
  /** `maybeOtherStore`: the account's age is not known, so its logs may be kept elsewhere. */
  | { type: "noLogs"; maybeOtherStore: boolean }
  | { type: "otherStore" }
  | { type: "gatewayGone" }
  | { type: "dayEmpty" }
  /** Nothing of the gateway fits the filter. */
  | { type: "noMatch" }
  | { type: "malformed"; count: number };

export type Node = GatewayNode | DayNode | LogNode | MoreNode | EarlierNode | StateNode;

/** The id of a gateway's node. */
export const gatewayNodeId = ({ accountId, gatewayId }: GatewayRef): string => `${accountId}/${gatewayId}`;

/** The node of a gateway; `account` is the one it belongs to. */
export function gatewayNode(gateway: Gateway, account: GatewayNode["account"]): GatewayNode {
  const ref = { accountId: account.id, gatewayId: gateway.id };
  const { id, name, createdAt, isSample } = account;
  const owner = { id, name, isSample, ...(createdAt ? { createdAt } : {}) };
  return { kind: "gateway", id: gatewayNodeId(ref), parent: undefined, ref, gateway, account: owner };
}

/** The node of a day with what is known of it. */
export function dayNode(parent: GatewayNode, known: DayLogs): DayNode {
  return { kind: "day", id: `${parent.id}/${known.day}`, parent, ref: parent.ref, day: known.day, known };
}

/** The node of a log below its day. */
export function logNode(parent: DayNode, log: Log): LogNode {
  return { kind: "log", id: `${parent.parent.id}/log/${log.id}`, parent, ref: { ...parent.ref, logId: log.id }, log };
}

/** "Load more" at the end of a day. */
export function moreNode(parent: DayNode): MoreNode {
  const left = (parent.known.total ?? 0) - parent.known.logs.length - parent.known.malformed;
  return { kind: "more", id: `${parent.id}/more`, parent, left: Math.max(left, 1) };
}

/** "Earlier…" at the end of a gateway. */
export function earlierNode(parent: GatewayNode): EarlierNode {
  return { kind: "earlier", id: `${parent.id}/earlier`, parent };
}

/** A state below `parent`; `owner` tells two of them at the root apart. */
export function stateNode(parent: Node | undefined, state: State, owner = parent?.id ?? "root"): StateNode {
  return { kind: "state", id: `${owner}/state/${state.type}`, parent, state };
}
