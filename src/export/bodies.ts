import type { RecordedExchange } from "../chat/conversation.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import type { StoredBody } from "../cloudflare/logs.ts";
import type { GatewayRef, Log, Side } from "../cloudflare/schema.ts";
import { exchangeOf, wholeHeadOf } from "../logs/exchange.ts";
import { orNone } from "./chosen.ts";

/**
 * Reads a log's exchange: from the detail if that certainly has a whole body, else with a separate call; null if none
 * is stored.
 */
export async function readExchange(
  client: Pick<CloudflareClient, "getLog" | "getRequest" | "getResponse">,
  gateway: GatewayRef,
  log: Log,
  signal: AbortSignal,
): Promise<RecordedExchange> {
  const ref = { ...gateway, logId: log.id };
  const options = { signal, priority: "background" } as const;
  const detail = await orNone(client.getLog(ref, options));
  if (!detail) return exchangeOf(log, undefined, undefined);
  const bodyOf = async (side: Side): Promise<StoredBody | undefined> => {
    const head = wholeHeadOf(detail, side);
    if (head) return head;
    return orNone(side === "request" ? client.getRequest(ref, options) : client.getResponse(ref, options));
  };
  const [request, response] = await Promise.all([bodyOf("request"), bodyOf("response")]);
  return exchangeOf(log, request, response);
}
