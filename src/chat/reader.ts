import type { Conversation } from "./conversation.ts";
import type { JsonRecord } from "./json/json.ts";
import type { StreamEvent } from "./stream/events.ts";

/** A response as its readers see it: a JSON value, a stream's events, or (as the gateway assembles) both. */
export type Reply = {
  value: unknown;
  events: StreamEvent[];
  done: boolean;
  /** The recording ends within an event or within the JSON; whoever reads it as a stream needs to know. */
  cut: boolean;
};

/** Names of the tools called so far, by call id: a result names only the call it answers. */
export type CallNames = Map<string, string>;

/** What a reader may ask about the exchange beside the body it reads. */
export type Context = {
  callNames: CallNames;
  /** The gateway's provider slug. */
  provider: string;
  /** In lower case, without its query. */
  path: string;
  /** The request, for a response that does not say all of itself (the encoding of an embedding). */
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
  /** By address alone: the gateway's provider slug and the path in lower case without its query. */
  serves(provider: string, path: string): boolean;
  /** The model that the path names, as it is written there. */
  modelIn?(path: string): string | undefined;
  /** `expected`: address or response already speak for this format, so the least will do. */
  fitsRequest(body: JsonRecord, expected: boolean): boolean;
  readRequest(body: JsonRecord, context: Context): RequestReading;
  /** `expected`: the address already speaks for this format. */
  fitsResponse(reply: Reply, expected: boolean): boolean;
  readResponse(reply: Reply, context: Context): ResponseReading;
};

/** A request's settings as sent: all fields but its reader's own, and those where they are not what they should be. */
export function settingsOf(body: JsonRecord, own: ReadonlySet<string>): Record<string, unknown> {
  const isSetting = (key: string, value: unknown): boolean => {
    if (!own.has(key)) return true;
    if (key === "model") return typeof value !== "string";
    return (key === "tools" || key === "functions") && !Array.isArray(value);
  };
  return Object.fromEntries(Object.entries(body).filter(([key, value]) => isSetting(key, value)));
}
