import { CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource, type CloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import type { LogQuery } from "../../../src/sources/cloudflare/logs.ts";
import type { CollectionRef } from "../../../src/source/log.ts";
import { Random } from "../../../src/local/samples/random.ts";
import type { NewLog } from "../../../src/local/store.ts";
import { ACCOUNT, aLog, startTestGateway, type TestGateway } from "../../gateway.ts";

/** A log with its id. */
type Stored = NewLog & { id: string };

/** A store with logs being added and deleted, and its expected content without asking the API. */
export type Churn = {
  gateway: CollectionRef;
  random: Random;
  /** The server's clock. */
  clock: { now: Date };
  /** All logs that ever existed, and the current ones. */
  ever: ReadonlyMap<string, Stored>;
  alive: ReadonlyMap<string, Stored>;
  add(count: number, fields: (index: number) => Partial<NewLog> & { createdAt: Date }): Stored[];
  remove(ids: readonly string[]): void;
};

/** A client that calls `onList` before each of its lists. */
class ObservedClient extends CloudflareClient {
  readonly #onList: (query: LogQuery) => void;

  constructor(options: ConstructorParameters<typeof CloudflareClient>[0], onList: (query: LogQuery) => void) {
    super(options);
    this.#onList = onList;
  }

  override listLogs(...[gateway, query, options]: Parameters<CloudflareClient["listLogs"]>) {
    this.#onList(query);
    return super.listLogs(gateway, query, options);
  }
}

/** A local gateway that takes any number of calls, and a client without a budget that counts them. */
export async function startChurning() {
  const server = await startTestGateway({ rateLimit: { limit: 1_000_000, windowMs: 1000 } });
  const budgets = new CallBudgets({ limit: 1_000_000 });
  const options = { baseUrl: server.baseUrl, token: () => Promise.resolve(server.token), budgets };
  const calls: LogQuery[] = [];
  const clientWith = (meanwhile: () => void) =>
    new ObservedClient(options, (query) => {
      calls.push(query);
      meanwhile();
    });
  const client = clientWith(() => undefined);
  let runs = 0;
  return {
    server,
    client,
    /** The same, with `meanwhile` before each list. */
    clientWith,
    /** The client as a source, by a clock. */
    sourceAt: (now: () => Date): CloudflareSource => cloudflareSource(client, ACCOUNT, { now }),
    /** Returns the calls since the last time. */
    takeCalls: () => calls.splice(0),
    /** A separate gateway. */
    churn: (seed: number, now: Date): Churn => churnIn(server, `g${runs++}`, new Random(seed), { now }),
    close: () => server.close(),
  };
}

function churnIn({ store }: TestGateway, collectionId: string, random: Random, clock: { now: Date }): Churn {
  const gateway = { sourceId: ACCOUNT, collectionId };
  store.addGateway({ ...gateway, id: collectionId, createdAt: new Date(0) });
  const ever = new Map<string, Stored>();
  const alive = new Map<string, Stored>();
  return {
    gateway,
    random,
    clock,
    ever,
    alive,
    add: (count, fields) => {
      const logs = Array.from({ length: count }, (_, index) => ({
        ...aLog(fields(index)),
        ...gateway,
        id: `${random.letters(6)}-${ever.size + index}`,
      }));
      store.insert(logs);
      for (const log of logs) {
        ever.set(log.id, log);
        alive.set(log.id, log);
      }
      return logs;
    },
    remove: (ids) => {
      if (ids.length === 0) return;
      const conditions = [{ key: "id" as const, operator: "eq" as const, value: [...ids] }];
      const query = { conditions, orderBy: "created_at" as const, direction: "asc" as const };
      store.remove(store.select(gateway, query, ids.length));
      for (const id of ids) alive.delete(id);
    },
  };
}

/** So many different ones of a list, or all of a shorter one. */
export function some<T>(random: Random, list: Iterable<T>, count: number): T[] {
  const rest = [...list];
  return Array.from({ length: Math.min(count, rest.length) }, () =>
    rest.splice(random.between(0, rest.length - 1), 1),
  ).flat();
}
