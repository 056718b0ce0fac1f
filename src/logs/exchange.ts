import type { RecordedExchange } from "../chat/conversation.ts";
import type { StoredBody } from "../source/source.ts";
import { asRecorded, type Log, type LogDetail, type Side } from "../source/log.ts";

/** Returns the head of a side's body as a body; undefined while there is none. */
export function headOf(log: LogDetail, side: Side): StoredBody | undefined {
  const { head } = log[side];
  const { requestContentType, responseContentType } = asRecorded(log);
  const contentType = side === "request" ? requestContentType : responseContentType;
  return head === undefined ? undefined : { body: head, ...(contentType ? { contentType } : {}) };
}

/**
 * Returns the head of a side's body if it's certainly the whole body: the API says so, it has the size in the log, and
 * no character replaces invalid UTF-8. Otherwise undefined.
 */
export function wholeHeadOf(log: LogDetail, side: Side): StoredBody | undefined {
  const { head, size, complete } = log[side];
  const isWhole = complete && head !== undefined && Buffer.byteLength(head) === size && !head.includes("\uFFFD");
  return isWhole ? headOf(log, side) : undefined;
}

/** Returns a log's recorded exchange for readers; a body that isn't stored is undefined. */
export function exchangeOf(
  given: Log,
  request: StoredBody | undefined,
  response: StoredBody | undefined,
): RecordedExchange {
  const log = asRecorded(given);
  const requestContentType = request?.contentType ?? log.requestContentType;
  const responseContentType = response?.contentType ?? log.responseContentType;
  return {
    provider: log.provider,
    path: log.path,
    request: request?.body ?? null,
    response: response?.body ?? null,
    ...(log.model === undefined ? {} : { model: log.model }),
    ...(log.statusCode === undefined ? {} : { statusCode: log.statusCode }),
    ...(requestContentType === undefined ? {} : { requestContentType }),
    ...(responseContentType === undefined ? {} : { responseContentType }),
  };
}
