import type { RecordedExchange } from "../chat/conversation.ts";
import type { StoredBody } from "../cloudflare/logs.ts";
import type { Log } from "../cloudflare/schema.ts";

/** What a log recorded, for those who read it; a body that is not stored is undefined. */
export function exchangeOf(
  log: Log,
  request: StoredBody | undefined,
  response: StoredBody | undefined,
): RecordedExchange {
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
