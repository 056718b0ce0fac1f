import type { Conversation } from "./conversation.ts";
import type { JsonRecord } from "./json/json.ts";
import type { StreamEvent } from "./stream/events.ts";

/** A response as readers get it: a JSON value, a stream's events, or (as the gateway assembles) both. */
export type Reply = {
  value: unknown;
  events: StreamEvent[];
  done: boolean;
  /** The recording ends within an event or within the JSON, which matters to readers of streams. */
  cut: boolean;
};

/** Tool names by call ID: a result names only its call. */
export type CallNames = Map<string, string>;

/** What a reader may ask about the exchange in addition to the body. */
export type Context = {
  callNames: CallNames;
  /** The gateway's provider slug. */
  provider: string;
  /** In lowercase, without the query. */
  path: string;
  /** The request, for responses that need it (such as an embedding's encoding). */
  request?: JsonRecord;
};

export type RequestReading = Pick<Conversation, "messages" | "tools" | "settings" | "model">;
export type ResponseReading = Pick<
  Conversation,
  "answers" | "usage" | "error" | "model" | "complete" | "envelope" | "unstored"
>;

/** Reads one wire format. A new one is a file and a row in the table of readers/index.ts. */
export type Reader = {
  format: string;
  /**
   * Whether this reader serves an address: the gateway's provider slug, and the path in lowercase without its query.
   */
  serves(provider: string, path: string): boolean;
  /** Returns the model that the path names, verbatim. */
  modelIn?(path: string): string | undefined;
  /** `expected`: the address or the response already indicates this format, so little evidence suffices. */
  fitsRequest(body: JsonRecord, expected: boolean): boolean;
  readRequest(body: JsonRecord, context: Context): RequestReading;
  /** `expected`: the address already indicates this format. */
  fitsResponse(reply: Reply, expected: boolean): boolean;
  readResponse(reply: Reply, context: Context): ResponseReading;
};

/**
 * Returns a request's settings as sent: all fields except its reader's own, and those too if they have the wrong type.
 */
export function settingsOf(body: JsonRecord, own: ReadonlySet<string>): Record<string, unknown> {
  const isSetting = (key: string, value: unknown): boolean => {
    if (!own.has(key)) return true;
    if (key === "model") return typeof value !== "string";
    return (key === "tools" || key === "functions") && !Array.isArray(value);
  };
  return Object.fromEntries(Object.entries(body).filter(([key, value]) => isSetting(key, value)));
}
