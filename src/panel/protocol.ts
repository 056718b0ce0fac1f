import type { Capability } from "../source/capabilities.ts";
import type { Conversation } from "../chat/conversation.ts";
import type { LogRef, Side } from "../source/log.ts";
import type { Outcome } from "../logs/format.ts";
import type { Verdict } from "../logs/verdict.ts";
import type { Bounded } from "../reading/core/bounded.ts";
import type { BodyState, RawBody } from "../reading/core/body-state.ts";
import type { RoundView } from "../rating/round-view.ts";
import type { Packed } from "../reading/core/packed.ts";
import type { PageStrings } from "./strings.ts";

/*
 * The messages between the panel and its page. The panel sends the whole state as a snapshot, without the parts that
 * the page already has; the page sends intents. No message has a response.
 */

export type ToPage =
  /** The beginning of the log's conversation, as our own HTML, for a page whose script hasn't loaded yet. */
  | { type: "opening"; html: string }
  | { type: "show"; view: SentView; strings: PageStrings }
  /** The same log with the same content; never the first message to a page. */
  | { type: "update"; update: LogUpdate };

/** A view without its content, and with only the new or changed media. */
export type LogUpdate = Omit<LogView, "state">;

/** The user's actions on the page. IDs and URLs in them come from recorded content, so the host validates them. */
export type FromPage =
  | { type: "ready" }
  | { type: "retry" }
  | { type: "setView"; view: ViewName }
  | { type: "openBody"; side: Side }
  | { type: "copyId" }
  | { type: "copy"; text: string }
  /** A link in a message; the host shows its target and asks. */
  | { type: "openLink"; url: string }
  /** A medium referenced by the log; the host fetches it and includes it in the next snapshot. */
  | { type: "loadMedia"; url: string }
  | { type: "openLog"; ref: LogRef }
  | { type: "go"; to: "next" | "previous" }
  | { type: "filterBy"; name: string; value: string }
  /** With the ID of the log seen: the panel may show another one by the time it receives this. */
  | { type: "rate"; logId: string; verdict: Verdict | "none" }
  | { type: "setScore" }
  | { type: "editMetadata" }
  /** Rating logs one by one: skip this one, go back to the last one, stop. */
  | { type: "skipLog"; logId: string }
  | { type: "undoRating" }
  | { type: "stopRating" };

export type ViewName = "conversation" | "raw" | "markdown";

/** A short fact in the head or the foot; `title` is its tooltip. */
export type Fact = { name: string; value: string; title?: string };

/** Another step of the same event. */
export type Sibling = { ref: LogRef; step: string; title: string; status: { text: string; outcome: Outcome } };

export type LogContent = {
  conversation: Conversation;
  /** The page has only part of it: the documents have the rest. */
  shortened: boolean;
  /** Number of the request's messages left out for length, after the system prompt. */
  omitted: number;
  request: BodyState;
  response: BodyState;
  /** The bodies as text in the "raw" view, undefined if not stored, and the log without them as the source gives it. */
  raw?: Record<Side | "fields", RawBody | undefined>;
  /** The conversation as Markdown in the "markdown" view. */
  markdown?: RawBody;
};

/** The content in its form for messages to the page. */
export type SentContent = Pick<LogContent, "request" | "response"> & {
  conversation: Packed<Bounded>;
  raw?: Record<Side | "fields", Packed<RawBody> | undefined>;
  markdown?: Packed<RawBody>;
};

/** The error of a call: the provider's or Guardrails' message, and its usual meaning. */
export type CallError = { message: string; code?: string; meaning?: string };

/** A remote medium requested by the user. */
export type RemoteMedia =
  { state: "loading" } | { state: "failed"; message: string } | { state: "loaded"; mimeType: string; data: string };

/** A log's rating and score; `words` describe the verdict and whether only this window knows it. */
export type RatingView = { verdict: Verdict | undefined; words: string | undefined; score: string | undefined };

/** A log as shown on the page. Numbers and times are formatted in the user's language and time zone. */
export type LogView<Content = LogContent> = {
  ref: LogRef;
  title: string;
  chips: string[];
  status: { text: string; outcome: Outcome } | undefined;
  facts: Fact[];
  metadata: Fact[];
  /** Number of metadata entries left out. */
  moreMetadata: number;
  foot: Fact[];
  /** Undefined while the log is unknown. */
  rating: RatingView | undefined;
  /** Set while this log is the current one of a rating round. */
  round: RoundView | undefined;
  siblings: Sibling[];
  error: CallError | undefined;
  media: Record<string, RemoteMedia>;
  view: ViewName;
  /** What can be done with the log. */
  can: readonly Capability[];
  /** Whether the log is being deleted. */
  isDeleting: boolean;
  state: { type: "loading" } | { type: "failed"; message: string } | { type: "ready"; content: Content };
};

/** A view in its form for messages to the page. */
export type SentView = LogView<SentContent>;
