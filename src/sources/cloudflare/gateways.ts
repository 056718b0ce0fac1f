import type { CallOptions } from "../../source/query.ts";
import type { Caller } from "./http/call.ts";
import { SourceError } from "../../source/errors.ts";
import { listAll } from "./pages.ts";
import { parseGateway, whyNot, type Gateway } from "./schema.ts";
import type { CollectionRef } from "../../source/log.ts";

/** Returns the path of an account's gateways. */
function gatewaysPath(accountId: string): string {
  return `/accounts/${encodeURIComponent(accountId)}/ai-gateway/gateways`;
}

/** Returns the path of a gateway. */
export function gatewayPath({ sourceId: accountId, collectionId: gatewayId }: CollectionRef): string {
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
export async function getGateway(caller: Caller, gateway: CollectionRef, options?: CallOptions): Promise<Gateway> {
  const { result, facts } = await caller.get(gatewayPath(gateway), undefined, options);
  const parsed = parseGateway(result);
  if (!parsed) throw new SourceError("badAnswer", `The answer is no gateway (${whyNot("gateway", result)}).`, facts);
  return parsed;
}
