import { modelOf } from "../local/inference/call.ts";
import type { Metadata, NewLog } from "../local/log.ts";
import { Capture } from "./capture.ts";
import type { Ending, Exchange, Observer } from "./observer.ts";

/** Tokens of an answer, as its provider counts them. */
type AnswerUsage = { tokensIn?: number; tokensOut?: number };

/** What a recorded call's tokens are read from. */
type AnsweredCall = Pick<NewLog, "provider" | "path" | "statusCode"> & {
  requestContentType?: string;
  responseContentType?: string;
  request: Uint8Array;
  response: Uint8Array;
};

export type RecordingOptions = {
  /** Stores a log. */
  save: (log: NewLog) => void;
  /** Reads an answer's tokens; undefined if it has none. */
  usageOf: (call: AnsweredCall) => Promise<AnswerUsage | undefined>;
  /** Called with what kept a call from being stored. */
  onError: (error: unknown) => void;
};

/** A gateway keeps five entries (API notes: Limits). */
const MOST_METADATA = 5;

/** Returns a call's metadata: the program's own, and what the recorder has to say. */
function metadataOf({ wishes }: Exchange, { outcome, error }: Ending): Metadata | undefined {
  const said: Metadata = {
    ...(outcome === "finished" ? {} : { outcome: error === undefined ? outcome : `${outcome}: ${error}` }),
    ...(wishes.ignored.length > 0 ? { ignored: wishes.ignored.join(", ") } : {}),
  };
  const room = MOST_METADATA - Object.keys(said).length;
  const own = Object.entries(wishes.metadata ?? {}).slice(0, room);
  const entries = { ...Object.fromEntries(own), ...said };
  return Object.keys(entries).length > 0 ? entries : undefined;
}

/** Returns the price that the program names for the whole call, in US dollars. */
const costOf = ({ wishes }: Exchange): number | undefined => wishes.customCost?.["total_cost"];

/** Drops members that are undefined. */
const present = <T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;

type Heard = {
  exchange: Exchange;
  request: Capture;
  response: Capture;
  answer: { status: number; headers: Readonly<Record<string, string>>; at: number } | undefined;
};

/** Returns a call as a log, with its bodies decoded. */
async function logOf(heard: Heard, ending: Ending, usageOf: RecordingOptions["usageOf"]): Promise<NewLog> {
  const { exchange, answer } = heard;
  const { provider, path, startedAt, requestHeaders, wishes } = exchange;
  const [request, response] = await Promise.all([
    heard.request.decoded(requestHeaders["content-encoding"]),
    heard.response.decoded(answer?.headers["content-encoding"]),
  ]);
  const types = present({
    requestContentType: requestHeaders["content-type"],
    responseContentType: answer?.headers["content-type"],
  });
  const bodies = { request: request.bytes, response: response.bytes };
  const usage = answer && (await usageOf({ provider, path, statusCode: answer.status, ...types, ...bodies }));
  const cost = costOf(exchange);
  const isFinished = ending.outcome === "finished";
  return {
    sourceId: exchange.account,
    collectionId: exchange.gateway,
    id: exchange.id,
    eventId: exchange.eventId,
    step: 0,
    createdAt: new Date(startedAt),
    provider,
    path,
    durationMs: Math.max(1, ending.at - startedAt),
    success: isFinished && answer !== undefined && answer.status < 400,
    cached: false,
    requestType: "universal",
    ...types,
    ...present({
      model: modelOf(path, request.bytes),
      statusCode: answer?.status,
      timings: answer && { total: ending.at - startedAt, latency: answer.at - startedAt },
      userAgent: requestHeaders["user-agent"],
      metadata: metadataOf(exchange, ending),
      tokensIn: usage?.tokensIn,
      tokensOut: usage?.tokensOut,
      cost,
      customCost: cost === undefined ? undefined : true,
    }),
    ...(wishes.collectPayload === false ? {} : bodies),
  };
}

/**
 * Returns an observer that stores each call once it has ended, unless the program asks for no log. Nothing that fails here
 * is noticed by the program.
 */
export function storingIn({ save, usageOf, onError }: RecordingOptions): Observer {
  return (exchange) => {
    if (exchange.wishes.collectLog === false) return undefined;
    const heard: Heard = { exchange, request: new Capture(), response: new Capture(), answer: undefined };
    return {
      requestChunk: (chunk) => heard.request.push(chunk),
      answered: (status, headers, at) => void (heard.answer = { status, headers, at }),
      responseChunk: (chunk) => heard.response.push(chunk),
      ended: (ending) => void logOf(heard, ending, usageOf).then(save).catch(onError),
    };
  };
}
