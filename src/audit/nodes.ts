import { gatewayIdOf } from "../cloudflare/audit/keys.ts";
import type { AuditEntry } from "../cloudflare/audit/schema.ts";
import type { Explanation } from "../words/explain.ts";
import type { SavedFilter } from "../filter/saved.ts";
import type { Day } from "../logs/days.ts";
import { refOf, type EntryRef } from "./ref.ts";

/*
 * The audit log's tree as data: ids are paths of server ids, below a name that no gateway can have, so that they are no gateway's.
 */

type Base = { id: string; parent: Node | undefined };

export type AccountNode = Base & {
  kind: "account";
  account: { id: string; name: string; isSample: boolean };
  /** The query line that says which of its entries are shown; "" is all. */
  line: string;
  /** Whether it is the only one, and so open at first. */
  isOnly: boolean;
};

/** The filters kept with a name. */
export type FiltersNode = Base & { kind: "filters"; parent: AccountNode };

export type FilterNode = Base & { kind: "filter"; saved: SavedFilter; active: boolean; parent: FiltersNode };

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

/** Why there is nothing to show, or not all. */
export type StateNode = Base & { kind: "state"; state: State };

export type State =
  | { type: "failed"; explanation: Explanation }
  /** Nothing since then. */
  | { type: "none"; since: Date }
  | { type: "noMatch"; since: Date }
  /** Of the entries read, so many fit what the API cannot filter. */
  | { type: "fitHere"; fit: number; read: number }
  /** The API keeps nothing older; `line`: the filter asks for nothing older. */
  | { type: "end"; of: "kept" | "line"; since: Date }
  | { type: "badFilter"; problem: string }
  | { type: "malformed"; count: number };

export type Node = AccountNode | FiltersNode | FilterNode | DayNode | EntryNode | MoreNode | EarlierNode | StateNode;

const part = (text: string): string => encodeURIComponent(text.toWellFormed());

/** The id of an account's node. */
const accountNodeId = (accountId: string): string => `${accountId}/@audit`;

/** The node of an account with the line that is shown of it. */
export function accountNode(
  { id, name, isSample }: AccountNode["account"],
  line: string,
  isOnly: boolean,
): AccountNode {
  return { kind: "account", id: accountNodeId(id), parent: undefined, account: { id, name, isSample }, line, isOnly };
}

/** The node of the saved filters. */
export const filtersNode = (parent: AccountNode): FiltersNode => ({
  kind: "filters",
  id: `${parent.id}/filters`,
  parent,
});

/** One saved filter; active is the one whose line the account shows. */
export function filterNode(parent: FiltersNode, saved: SavedFilter): FilterNode {
  const id = `${parent.id}/${saved.ready ? "ready" : "own"}/${part(saved.name)}`;
  return { kind: "filter", id, parent, saved, active: parent.parent.line === saved.filter };
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
export const stateNode = (parent: AccountNode | undefined, state: State): StateNode => ({
  kind: "state",
  id: `${parent?.id ?? "@audit"}/state/${state.type}`,
  parent,
  state,
});
