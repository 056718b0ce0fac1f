import type { Session, SessionAccount } from "../account/session.ts";
import { isAborted } from "../cloudflare/errors.ts";
import { setContext } from "../platform/contexts.ts";
import { explain } from "../words/explain.ts";
import type { Logger } from "../platform/logger.ts";
import type { Format } from "../logs/format.ts";
import type { Arrangements } from "./arrangements.ts";
import { gatewayNode, stateNode, type Node } from "./nodes.ts";

const isSample = (account: SessionAccount): boolean => account.isSample;

type Needs = { arrangements: Pick<Arrangements, "filterOf">; format: Format; logger: Logger };

async function gatewaysOf(account: SessionAccount, needs: Needs): Promise<Node[]> {
  const { arrangements, format, logger } = needs;
  try {
    const gateways = await account.gateways();
    if (gateways.length === 0)
      return [stateNode(undefined, { type: "noGateways", accountName: account.name }, account.id)];
    return gateways.map((gateway) =>
      gatewayNode(gateway, account, arrangements.filterOf({ accountId: account.id, gatewayId: gateway.id })),
    );
  } catch (error) {
    if (isAborted(error)) return [];
    logger.warn(`${account.id}: ${String(error)}`);
    return [stateNode(undefined, { type: "failed", explanation: explain(error, format) }, account.id)];
  }
}

/** Says in the context keys what the session is, so that a view that shows nothing says what to do. */
export function tellSession({ accounts }: Session): void {
  setContext("aiGateway.signedIn", !accounts.every(isSample));
  setContext("aiGateway.sampleOpen", accounts.some(isSample));
  setContext("aiGateway.loaded", true);
}

/** What stands at the root: the gateways of each account, or why there are none. One call an account; none once the session is over. */
export async function rootsOf(session: Session, needs: Needs): Promise<Node[]> {
  const groups = await Promise.all(session.accounts.map((account) => gatewaysOf(account, needs)));
  if (session.signal.aborted) return [];
  tellSession(session);
  return groups.flat();
}
