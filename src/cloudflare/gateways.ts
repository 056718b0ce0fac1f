import type { CallOptions, Caller } from "./http/call.ts";
import { CloudflareError } from "./errors.ts";
import { listAll } from "./pages.ts";
import { parseGateway, whyNot, type Gateway, type GatewayRef } from "./schema.ts";

/** Returns the path of an account's gateways. */
function gatewaysPath(accountId: string): string {
  return `/accounts/${encodeURIComponent(accountId)}/ai-gateway/gateways`;
}

/** Returns the path of a gateway. */
export function gatewayPath({ accountId, gatewayId }: GatewayRef): string {
  return `${gatewaysPath(accountId)}/${encodeURIComponent(gatewayId)}`;
}

/**
 * `GET …/gateways`, all pages: an account has at most 20 (API notes: Limits), so usually one call. `search` matches
 * IDs.
 */
export function listGateways(
  caller: Caller,
  accountId: string,
  options?: CallOptions & { search?: string },
): Promise<Gateway[]> {
  return listAll(caller, gatewaysPath(accountId), 100, parseGateway, options);
}

/** `GET …/gateways/{id}`. The only way to distinguish an empty gateway from a nonexistent one (API notes: Gateways). */
export async function getGateway(caller: Caller, gateway: GatewayRef, options?: CallOptions): Promise<Gateway> {
  const { result, facts } = await caller.get(gatewayPath(gateway), undefined, options);
  const parsed = parseGateway(result);
  if (!parsed)
    throw new CloudflareError("badAnswer", `The answer is no gateway (${whyNot("gateway", result)}).`, facts);
  return parsed;
}
