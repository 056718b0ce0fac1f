import type { Fact } from "../panel/protocol.ts";
import type { EntryRef } from "./ref.ts";
import type { EntryStrings } from "./strings.ts";

/*
 * The messages between an entry's tab and its page, like in `panel/protocol.ts`: the tab sends the whole state as a
 * snapshot, the page sends intents.
 */

export type ToEntryPage = { type: "show"; view: EntryView; strings: EntryStrings };

export type FromEntryPage =
  | { type: "ready" }
  | { type: "retry" }
  | { type: "go"; to: "next" | "previous" }
  | { type: "copy"; text: string }
  | { type: "copyJson" }
  | { type: "copyMarkdown" }
  | { type: "openDocument" }
  | { type: "showGateway" }
  | { type: "showHistory" }
  /** An entry of the shown history. */
  | { type: "openEntry"; id: string };

/** Another entry about the same resource. */
export type HistoryRow = { id: string; title: string; facts: Fact[]; isShown: boolean };

/** The other actions on the resource, once requested. */
export type HistoryView =
  | { type: "closed" }
  | { type: "loading" }
  | { type: "failed"; message: string }
  /** `notes`: whether the entries are certainly about the same resource, and whether there are more. */
  | { type: "ready"; rows: HistoryRow[]; notes: string[] };

/** Facts of one kind below their heading. */
export type FactGroup = { name: string; facts: Fact[] };

export type EntryContent = {
  groups: FactGroup[];
  /** The JSON of the request and the response, truncated if too long for a page. */
  request?: unknown;
  response?: unknown;
};

/** An entry as shown on the page. */
export type EntryView = {
  ref: EntryRef;
  title: string;
  status: { text: string; outcome: "success" | "error" } | undefined;
  gatewayId: string | undefined;
  history: HistoryView;
  state: { type: "loading" } | { type: "failed"; message: string } | { type: "ready"; content: EntryContent };
};
