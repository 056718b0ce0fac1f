import { signedIn } from "../account/signed-in.ts";
import type { Session, SessionAccount } from "../account/session.ts";
import { splitConditions } from "../source/rows.ts";
import type { EmptyReason, LogSource } from "../source/source.ts";
import { isAborted } from "../source/errors.ts";
import type { CollectionRef, Log } from "../source/log.ts";
import { readFilter } from "../filter/line.ts";
import type { Format } from "../logs/format.ts";
import type { GatewayLogs } from "../logs/gateway-logs.ts";
import type { Logger } from "../platform/logger.ts";
import { pageSize } from "../platform/settings.ts";
import { explain } from "../words/explain.ts";
import type { Arrangements } from "./arrangements.ts";
import type { ReadList } from "./lists.ts";
import { gatewayNode, stateNode, type GatewayNode, type Node } from "./nodes.ts";

type GatewaysNeeds = { arrangements: Pick<Arrangements, "filterOf">; format: Format; logger: Logger };

async function gatewaysOf(account: SessionAccount, needs: GatewaysNeeds): Promise<Node[]> {
  const { arrangements, format, logger } = needs;
  try {
    const gateways = await account.gateways();
    if (gateways.length === 0)
      return [stateNode(undefined, { type: "noGateways", accountName: account.name }, account.id)];
    return gateways.map((gateway) =>
      gatewayNode(gateway, account, arrangements.filterOf({ sourceId: account.id, collectionId: gateway.id })),
    );
  } catch (error) {
    if (isAborted(error)) return [];
    logger.warn(`${account.id}: ${String(error)}`);
    return [stateNode(undefined, { type: "failed", explanation: explain(error, format) }, account.id)];
  }
}

/** Reads the gateways of each account, or why there are none. One call an account. */
export const gatewaysReader =
  (needs: GatewaysNeeds) =>
  async ({ accounts }: Session): Promise<Node[]> =>
    (await Promise.all(accounts.map((account) => gatewaysOf(account, needs)))).flat();

/** Reads the first page of a gateway's logs; the groups that were known stay, to be read again when looked at. @throws BadFilter, SourceError */
export const logsReader =
  (arrangements: Arrangements, { calendar }: Format): ReadList<GatewayNode, GatewayLogs> =>
  async (node, session, signal, before) => {
    const { order, group } = arrangements;
    const { conditions, clientSide, search } = await readFilter(arrangements.filterOf(node.ref), calendar);
    const { GatewayLogs } = await import("../logs/gateway-logs.ts");
    const source = await sourceOf(node.ref, session);
    const { asked, ofRows } = splitConditions([...conditions, ...clientSide], source.lists);
    const filter = { conditions: asked, clientSide: ofRows, search };
    const view = { filter, order, group, pageSize: pageSize(), calendar };
    const logs = new GatewayLogs(source, node.ref, view);
    await logs.load(signal);
    if (before && !signal.aborted) logs.keep(before);
    return logs;
  };

/** The source with a gateway's logs. @throws SourceError, `signedOut`, when the session no longer has its account */
function sourceOf(of: CollectionRef, session: Session): Promise<LogSource> {
  return signedIn(session.accounts.find(({ id }) => id === of.sourceId)).source(of);
}

/** Why a gateway has no logs. @throws SourceError */
export async function whyEmpty(of: CollectionRef, session: Session): Promise<EmptyReason> {
  const source = await sourceOf(of, session);
  return (await source.whyEmpty?.(of, { signal: session.signal })) ?? { type: "noLogs", maybeOtherStore: false };
}

/** The rows of all groups. */
export const rowsOf = (logs: GatewayLogs | undefined): readonly Log[] =>
  logs?.groups.flatMap((group) => group.logs) ?? [];
