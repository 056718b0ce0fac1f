import type { CallOptions, Caller } from "./http/call.ts";
import { CloudflareError } from "./errors.ts";
import { listAll } from "./pages.ts";
import { parseGateway, whyNot, type Gateway, type GatewayRef } from "./schema.ts";

/** The path of an account's gateways. */
function gatewaysPath(accountId: string): string {
  return `/accounts/${encodeURIComponent(accountId)}/ai-gateway/gateways`;
}

/** The path of one gateway. */
export function gatewayPath({ accountId, gatewayId }: GatewayRef): string {
  return `${gatewaysPath(accountId)}/${encodeURIComponent(gatewayId)}`;
}

/** `GET …/gateways`, all pages: an account has at most 20 (API notes: Limits), so one call is the rule. `search` looks in the ids. */
export function listGateways(
  caller: Caller,
  accountId: string,
  options?: CallOptions & { search?: string },
): Promise<Gateway[]> {
  return listAll(caller, gatewaysPath(accountId), 100, parseGateway, options);
}

/** `GET …/gateways/{id}`. The only way to tell an empty gateway from one that does not exist (API notes: Gateways). */
export async function getGateway(caller: Caller, gateway: GatewayRef, options?: CallOptions): Promise<Gateway> {
  const { result, facts } = await caller.get(gatewayPath(gateway), undefined, options);
  const parsed = parseGateway(result);
  if (!parsed)
    throw new CloudflareError("badAnswer", `The answer is no gateway (${whyNot("gateway", result)}).`, facts);
  return parsed;
}
