import { signedIn } from "../account/signed-in.ts";
import type { Session } from "../account/session.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import type { Log } from "../cloudflare/schema.ts";
import { readFilter } from "../filter/line.ts";
import type { Format } from "../logs/format.ts";
import type { GatewayLogs } from "../logs/gateway-logs.ts";
import { pageSize } from "../platform/settings.ts";
import type { Arrangements } from "./arrangements.ts";
import type { ReadList } from "./lists.ts";
import type { GatewayNode } from "./nodes.ts";

/** Reads the first page of a gateway's logs; the groups that were known stay, to be read again when looked at. @throws BadFilter, CloudflareError */
export const logsReader =
  (arrangements: Arrangements, { calendar }: Format): ReadList<GatewayNode, GatewayLogs> =>
  async (node, session, signal, before) => {
    const { order, group } = arrangements;
    const filter = await readFilter(arrangements.filterOf(node.ref), calendar);
    const { GatewayLogs } = await import("../logs/gateway-logs.ts");
    const view = { filter, order, group, pageSize: pageSize(), calendar };
    const logs = new GatewayLogs(await clientOf(node.ref.accountId, session), node.ref, view);
    await logs.load(signal);
    if (before && !signal.aborted) logs.keep(before);
    return logs;
  };

/** The client of an account that a tree shows. @throws CloudflareError, `signedOut`, when the session no longer has it */
export function clientOf(accountId: string, session: Session): Promise<CloudflareClient> {
  return signedIn(session.accounts.find(({ id }) => id === accountId)).client();
}

/** The rows of all groups. */
export const rowsOf = (logs: GatewayLogs | undefined): readonly Log[] =>
  logs?.groups.flatMap((group) => group.logs) ?? [];
