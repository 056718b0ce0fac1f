import type { SourceKind } from "../account/kinds.ts";
import { gatewayIdOf } from "../sources/cloudflare/audit/keys.ts";
import type { AuditEntry } from "../sources/cloudflare/audit/schema.ts";
import type { Day } from "../logs/days.ts";
import { part, type CommonState, type FilterNode, type FiltersNode } from "../tree/node-kinds.ts";
import { refOf, type EntryRef } from "./ref.ts";

/*
 * The audit log's tree as data. IDs are below a name that no gateway can have, so that they are no gateway's.
 */

type Base = { id: string; parent: Node | undefined };

export type AccountNode = Base & {
  kind: "account";
  account: { id: string; name: string; kind: SourceKind };
  /** The query line that says which of its entries are shown; "" is all. */
  filter: string;
  /** Whether it is the only one, and so open at first. */
  isOnly: boolean;
};

/** The entries of a day; `isWhole`: all of it is read. */
export type DayNode = Base & { kind: "day"; day: Day; count: number; isWhole: boolean; parent: AccountNode };

export type EntryNode = Base & {
  kind: "entry";
  ref: EntryRef;
  entry: AuditEntry;
  /** The gateway that it is about. */
  gatewayId: string | undefined;
  parent: DayNode;
};

/** The next page of what is read. */
export type MoreNode = Base & { kind: "more"; parent: AccountNode };

/** What is before the days that were read. */
export type EarlierNode = Base & { kind: "earlier"; since: Date; parent: AccountNode };

export type StateNode = Base & { kind: "state"; state: State };

export type State =
  | CommonState
  /** Nothing since then. */
  | { type: "none"; since: Date }
  | { type: "noMatch"; since: Date }
  /** Of the entries read, so many fit what the API cannot filter. */
  | { type: "fitHere"; fit: number; read: number }
  /** The API keeps nothing older; `line`: the filter asks for nothing older. */
  | { type: "end"; of: "kept" | "line"; since: Date };

export type Node =
  | AccountNode
  | FiltersNode<AccountNode>
  | FilterNode<AccountNode>
  | DayNode
  | EntryNode
  | MoreNode
  | EarlierNode
  | StateNode;

/** The id of an account's node. */
export const accountNodeId = (accountId: string): string => `${accountId}/@audit`;

/** The node of an account with the line that is shown of it. */
export function accountNode({ id, name, kind }: AccountNode["account"], filter: string, isOnly: boolean): AccountNode {
  const account = { id, name, kind };
  return { kind: "account", id: accountNodeId(id), parent: undefined, account, filter, isOnly };
}

/** The node of a day; `count`: of its entries that are loaded, `isWhole`: whether those are all of it. */
export const dayNode = (parent: AccountNode, day: Day, count: number, isWhole: boolean): DayNode => ({
  kind: "day",
  id: `${parent.id}/${day}`,
  parent,
  day,
  count,
  isWhole,
});

/** The node of an entry below its day. */
export function entryNode(parent: DayNode, entry: AuditEntry): EntryNode {
  const ref = refOf(parent.parent.account.id, entry);
  const id = `${parent.parent.id}/entry/${part(entry.id)}`;
  return { kind: "entry", id, parent, ref, entry, gatewayId: gatewayIdOf(entry) };
}

/** The node that loads the next page. */
export const moreNode = (parent: AccountNode): MoreNode => ({ kind: "more", id: `${parent.id}/more`, parent });

/** The node that looks on before `since`. */
export const earlierNode = (parent: AccountNode, since: Date): EarlierNode => ({
  kind: "earlier",
  id: `${parent.id}/earlier`,
  parent,
  since,
});

/** A state below an account, or at the root. */
export const stateNode = (parent: Node | undefined, state: State): StateNode => ({
  kind: "state",
  id: `${parent?.id ?? "@audit"}/state/${state.type}`,
  parent,
  state,
});
