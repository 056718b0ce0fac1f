import type { Conversation } from "../chat/conversation.ts";
import type { LogRef, Side } from "../cloudflare/schema.ts";
import type { Outcome } from "../logs/format.ts";
import type { PageStrings } from "./strings.ts";

/*
 * All that the panel and its page say to each other. State goes down as one whole snapshot, intents come up; nobody
 * waits for an answer.
 */

export type ToPage = { type: "show"; view: LogView; strings: PageStrings };

export type FromPage = { type: "ready" } | { type: "openBody"; side: Side } | { type: "copyId" } | { type: "retry" };

/** A short fact in the head or the foot; `title` is what a hover adds. */
export type Fact = { name: string; value: string; title?: string };

/** Whether a side's body is there, and if not, why in words. */
export type BodyState = { stored: boolean; note?: string };

export type LogContent = {
  conversation: Conversation;
  /** More than the page is given: the documents hold the rest. */
  shortened: boolean;
  /** Messages of the request left out for length, after the system prompt. */
  omitted: number;
  request: BodyState;
  response: BodyState;
};

/** One log as the page shows it. Numbers and times are text already, in the person's language and zone. */
export type LogView = {
  ref: LogRef;
  title: string;
  chips: string[];
  status: { text: string; outcome: Outcome } | undefined;
  facts: Fact[];
  metadata: Fact[];
  foot: Fact[];
  /** What went wrong with the call itself, in the provider's or the gateway's words. */
  error: string | undefined;
  state: { type: "loading" } | { type: "failed"; message: string } | { type: "ready"; content: LogContent };
};
