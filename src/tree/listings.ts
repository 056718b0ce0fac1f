import { signedIn } from "../account/signed-in.ts";
import type { Session } from "../account/session.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import { readFilter } from "../filter/line.ts";
import type { Format } from "../logs/format.ts";
import type { GatewayLogs } from "../logs/gateway-logs.ts";
import { pageSize } from "../platform/settings.ts";
import type { Arrangements } from "./arrangements.ts";
import { gatewayNodeId, type GatewayNode } from "./nodes.ts";

/** A gateway's logs while they are read, and then; aborted when they are not wanted any more. */
type Entry = { logs: Promise<GatewayLogs>; abort: AbortController; settled?: GatewayLogs };

/** What is known of each gateway's logs; asked for once, however often the node is looked at. */
export class Listings {
  readonly #arrangements: Arrangements;
  readonly #format: Format;
  readonly #known = new Map<string, Entry>();
  /** What was known before a refresh. */
  readonly #before = new Map<string, GatewayLogs>();

  constructor(arrangements: Arrangements, format: Format) {
    this.#arrangements = arrangements;
    this.#format = format;
  }

  /**
   * A gateway's logs; its first page is read when nothing is known of them, and again when other logs are wanted meanwhile.
   * @throws BadFilter, CloudflareError
   */
  async of(node: GatewayNode, session: Session): Promise<GatewayLogs> {
    for (;;) {
      const entry = this.#known.get(node.id) ?? this.#read(node, session);
      try {
        const logs = await entry.logs;
        if (!entry.abort.signal.aborted) return logs;
      } catch (error) {
        if (!entry.abort.signal.aborted) throw error;
      }
    }
  }

  #read(node: GatewayNode, session: Session): Entry {
    const abort = new AbortController();
    const logs = this.#load(node, session, AbortSignal.any([session.signal, abort.signal]));
    const entry: Entry = { logs, abort };
    this.#known.set(node.id, entry);
    logs.then(
      (settled) => (entry.settled = settled),
      () => {
        if (this.#known.get(node.id) === entry) this.#known.delete(node.id);
      },
    );
    return entry;
  }

  /** What is known of a gateway, without a call. */
  known(gateway: GatewayRef): GatewayLogs | undefined {
    return this.#known.get(gatewayNodeId(gateway))?.settled;
  }

  /** Forgets what is known of a gateway, or of all; the groups that were known stay, to be read anew when looked at. */
  renew(id?: string): void {
    for (const [one, { settled, abort }] of this.#known) {
      if (id !== undefined && one !== id) continue;
      abort.abort();
      if (settled) this.#before.set(one, settled);
      this.#known.delete(one);
    }
  }

  /** Forgets a gateway, or all, for good: other logs are wanted, or in another way. */
  drop(id?: string): void {
    this.renew(id);
    if (id === undefined) this.#before.clear();
    else this.#before.delete(id);
  }

  /** Forgets the gateways of an account for good. */
  forget(accountId: string): void {
    const ids = [...this.#known.keys(), ...this.#before.keys()];
    for (const id of ids) if (id.startsWith(`${accountId}/`)) this.drop(id);
  }

  async #load(node: GatewayNode, session: Session, signal: AbortSignal): Promise<GatewayLogs> {
    const { order, group } = this.#arrangements;
    const { calendar } = this.#format;
    const filter = await readFilter(this.#arrangements.filterOf(node.ref), calendar);
    const { GatewayLogs } = await import("../logs/gateway-logs.ts");
    const view = { filter, order, group, pageSize: pageSize(), calendar };
    const logs = new GatewayLogs(await clientOf(node, session), node.ref, view);
    await logs.load(signal);
    if (signal.aborted) return logs;
    const before = this.#before.get(node.id);
    if (before) logs.keep(before);
    this.#before.delete(node.id);
    return logs;
  }
}

/** The client for a gateway's account, of those that the tree shows. @throws CloudflareError, `signedOut`, when it is none of them any more */
export function clientOf(node: GatewayNode, session: Session): Promise<CloudflareClient> {
  return signedIn(session.accounts.find(({ id }) => id === node.ref.accountId)).client();
}

/** The rows of all groups. */
export const rowsOf = (logs: GatewayLogs | undefined): readonly Log[] =>
  logs?.groups.flatMap((group) => group.logs) ?? [];
