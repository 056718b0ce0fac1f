import type { RecordedExchange } from "../chat/conversation.ts";
import { readDetail, rowDetail } from "../source/rows.ts";
import type { LogSource, StoredBody } from "../source/source.ts";
import type { CollectionRef, Log, Side } from "../source/log.ts";
import { exchangeOf, wholeHeadOf } from "../logs/exchange.ts";
import { orNone } from "./chosen.ts";

/**
 * Reads a log's exchange: from the detail if that certainly has a whole body, else with a separate call; null if none
 * is stored.
 */
export async function readExchange(
  source: LogSource,
  gateway: CollectionRef,
  log: Log,
  signal: AbortSignal,
): Promise<RecordedExchange> {
  const ref = { ...gateway, logId: log.id };
  const options = { signal, priority: "background" } as const;
  const detail = source.read ? await orNone(readDetail(source, ref, options)) : rowDetail(log);
  if (!detail) return exchangeOf(log, undefined, undefined);
  const bodyOf = async (side: Side): Promise<StoredBody | undefined> => {
    const head = wholeHeadOf(detail, side);
    if (head) return head;
    return source.body && orNone(source.body(ref, side, options));
  };
  const [request, response] = await Promise.all([bodyOf("request"), bodyOf("response")]);
  return exchangeOf(log, request, response);
}
