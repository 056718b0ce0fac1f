import type { CloudflareClient } from "../cloudflare/client.ts";
import { CloudflareError } from "../cloudflare/errors.ts";
import type { GatewayNode, State } from "./nodes.ts";

/** Accounts made since then keep their logs in Workers Observability, which this API does not read (API notes: Newer accounts). */
const OTHER_STORE_SINCE = Date.UTC(2026, 8, 24);

/**
 * Why a gateway has no logs. An empty list proves nothing (API notes: Gateways), so the gateway itself is asked for: one call
 * more, only when there is nothing to show.
 */
export async function emptyState(
  node: GatewayNode,
  client: Pick<CloudflareClient, "getGateway">,
  signal: AbortSignal,
): Promise<State> {
  try {
    const gateway = await client.getGateway(node.ref, { signal });
    if (gateway.collectLogs === false) return { type: "loggingOff" };
  } catch (error) {
    if (error instanceof CloudflareError && error.reason === "notFound") return { type: "gatewayGone" };
    throw error;
  }
  const { createdAt, isSample } = node.account;
  if (isSample) return { type: "noLogs", maybeOtherStore: false };
  if (!createdAt) return { type: "noLogs", maybeOtherStore: true };
  return createdAt.getTime() >= OTHER_STORE_SINCE ? { type: "otherStore" } : { type: "noLogs", maybeOtherStore: false };
}
