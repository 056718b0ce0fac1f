import type { Fact } from "../panel/protocol.ts";
import type { EntryRef } from "./ref.ts";
import type { EntryStrings } from "./strings.ts";

/*
 * What the tab of an entry and its page say to each other, in the manner of `panel/protocol.ts`: state goes down as one whole snapshot,
 * intents come up.
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
  /** One of the history shown. */
  | { type: "openEntry"; id: string };

/** Another entry about the same resource. */
export type HistoryRow = { id: string; title: string; facts: Fact[]; isShown: boolean };

/** What else was done to the resource, once it is asked for. */
export type HistoryView =
  | { type: "closed" }
  | { type: "loading" }
  | { type: "failed"; message: string }
  /** `note`: how sure the API is that they are of the same resource, or that there are more. */
  | { type: "ready"; rows: HistoryRow[]; notes: string[] };

/** Facts of one kind below their heading. */
export type FactGroup = { name: string; facts: Fact[] };

export type EntryContent = {
  groups: FactGroup[];
  /** The JSON that was sent and answered, cut where it is too long for a page. */
  request?: unknown;
  response?: unknown;
};

/** One entry as the page shows it. */
export type EntryView = {
  ref: EntryRef;
  title: string;
  status: { text: string; outcome: "success" | "error" } | undefined;
  gatewayId: string | undefined;
  history: HistoryView;
  state: { type: "loading" } | { type: "failed"; message: string } | { type: "ready"; content: EntryContent };
};
