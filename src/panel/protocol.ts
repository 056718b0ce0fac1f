import type { Conversation } from "../chat/conversation.ts";
import type { LogRef, Side } from "../cloudflare/schema.ts";
import type { Outcome } from "../logs/format.ts";
import type { Verdict } from "../logs/verdict.ts";
import type { Bounded } from "../reading/core/bounded.ts";
import type { BodyState, RawBody } from "../reading/core/body-state.ts";
import type { RoundView } from "../rating/round-view.ts";
import type { Packed } from "../reading/core/packed.ts";
import type { PageStrings } from "./strings.ts";

/*
 * All that the panel and its page say to each other. State goes down as one whole snapshot, less what the page has of it already;
 * intents come up; nobody waits for an answer.
 */

export type ToPage =
  /** What is first seen of the log's conversation, as HTML of our own making, for a page whose script is not there yet. */
  | { type: "opening"; html: string }
  | { type: "show"; view: SentView; strings: PageStrings }
  /** The same log with the same content; never the first message to a page. */
  | { type: "update"; update: LogUpdate };

/** All of a view but its content; of the media only those that are new or have changed. */
export type LogUpdate = Omit<LogView, "state">;

/** What the person did on the page. Ids and addresses in it come from recorded content and are checked by the host. */
export type FromPage =
  | { type: "ready" }
  | { type: "retry" }
  | { type: "setView"; view: ViewName }
  | { type: "openBody"; side: Side }
  | { type: "copyId" }
  | { type: "copy"; text: string }
  /** A link in a message; the host shows where it leads and asks. */
  | { type: "openLink"; url: string }
  /** A medium that is only named in the log; the host fetches it and shows it in the next snapshot. */
  | { type: "loadMedia"; url: string }
  | { type: "openLog"; ref: LogRef }
  | { type: "go"; to: "next" | "previous" }
  | { type: "filterBy"; name: string; value: string }
  /** Of the log that was seen: another one may be shown by the time it is heard. */
  | { type: "rate"; logId: string; verdict: Verdict | "none" }
  | { type: "setScore" }
  | { type: "editMetadata" }
  /** Logs are rated one after the other: on without a verdict, back to the last one, no more. */
  | { type: "skipLog"; logId: string }
  | { type: "undoRating" }
  | { type: "stopRating" };

export type ViewName = "conversation" | "raw" | "markdown";

/** A short fact in the head or the foot; `title` is what a hover adds. */
export type Fact = { name: string; value: string; title?: string };

/** Another step of the same event. */
export type Sibling = { ref: LogRef; step: string; title: string; status: { text: string; outcome: Outcome } };

export type LogContent = {
  conversation: Conversation;
  /** More than the page is given: the documents hold the rest. */
  shortened: boolean;
  /** Messages of the request left out for length, after the system prompt. */
  omitted: number;
  request: BodyState;
  response: BodyState;
  /** The bodies as text, while the view is "raw"; undefined where none is stored. */
  raw?: { request: RawBody | undefined; response: RawBody | undefined };
  /** The conversation as Markdown, while the view is "markdown". */
  markdown?: RawBody;
};

/** The same on its way to the page. */
export type SentContent = Pick<LogContent, "request" | "response"> & {
  conversation: Packed<Bounded>;
  raw?: { request: Packed<RawBody> | undefined; response: Packed<RawBody> | undefined };
  markdown?: Packed<RawBody>;
};

/** What went wrong with the call: the provider's or the guardrail's words, and what that usually means. */
export type CallError = { message: string; code?: string; meaning?: string };

/** A remote medium that the person asked to load, by its address. */
export type RemoteMedia =
  { state: "loading" } | { state: "failed"; message: string } | { state: "loaded"; mimeType: string; data: string };

/** What was made of a log; `words` say the verdict and whether only this window knows of it. */
export type RatingView = { verdict: Verdict | undefined; words: string | undefined; score: string | undefined };

/** One log as the page shows it. Numbers and times are text already, in the person's language and zone. */
export type LogView<Content = LogContent> = {
  ref: LogRef;
  title: string;
  chips: string[];
  status: { text: string; outcome: Outcome } | undefined;
  facts: Fact[];
  metadata: Fact[];
  /** Entries of it that are not among them. */
  moreMetadata: number;
  foot: Fact[];
  /** Undefined while the log is not known. */
  rating: RatingView | undefined;
  /** While it is the turn of this log. */
  round: RoundView | undefined;
  siblings: Sibling[];
  error: CallError | undefined;
  media: Record<string, RemoteMedia>;
  view: ViewName;
  /** The log is being deleted. */
  isDeleting: boolean;
  state: { type: "loading" } | { type: "failed"; message: string } | { type: "ready"; content: Content };
};

/** A view on its way to the page. */
export type SentView = LogView<SentContent>;
