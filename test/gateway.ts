import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudflareClient } from "../src/sources/cloudflare/client.ts";
import { cloudflareSource, type CloudflareSource } from "../src/sources/cloudflare/source.ts";
import { startLocalGateway, type LocalGateway, type LocalGatewayOptions } from "../src/local/server.ts";
import { LogStore, type NewLog } from "../src/local/store.ts";
import { CANARY } from "./canary.ts";

export { CANARY };

export const ACCOUNT = "0123456789abcdef0123456789abcdef";
export const GATEWAY = { sourceId: ACCOUNT, collectionId: "production" };

export type TestGateway = Pick<LocalGateway, "baseUrl" | "gatewayUrl" | "token" | "calls" | "settled" | "close"> & {
  store: LogStore;
  /** The file of the store's database. */
  database: string;
  client: CloudflareClient;
  /** The same as a source of logs. */
  source: CloudflareSource;
  /** Returns the paths of the calls since the last time, with their queries, without the API's base. */
  takeCalls(): string[];
  /** Stops listening, like a lost network; the store stays. */
  goAway(): Promise<void>;
  /** Listens again at the same address. */
  comeBack(): Promise<void>;
};

/** A local gateway with a database in its own folder, one account and one gateway. */
export async function startTestGateway(options: Partial<LocalGatewayOptions> = {}): Promise<TestGateway> {
  const folder = mkdtempSync(join(tmpdir(), "ai-gateway-logs-"));
  const database = join(folder, "logs.sqlite");
  const store = new LogStore(database);
  store.addAccount({ id: ACCOUNT, name: "Acme Bicycles", createdOn: new Date("2025-01-01T00:00:00Z") });
  store.addGateway({ sourceId: ACCOUNT, id: "production", createdAt: new Date("2025-01-02T00:00:00Z") });
  const token = options.token ?? `${CANARY}${randomUUID()}`;
  let gateway = await startLocalGateway({ store, ...options, token });
  const { baseUrl, gatewayUrl } = gateway;
  const client = new CloudflareClient({ baseUrl, token: () => Promise.resolve(token) });
  let taken = 0;
  return {
    baseUrl,
    gatewayUrl,
    token,
    store,
    database,
    client,
    source: cloudflareSource(client, ACCOUNT),
    get calls() {
      return gateway.calls;
    },
    settled: () => gateway.settled(),
    takeCalls: () => {
      const calls = gateway.calls.slice(taken).map(({ url }) => url.replace(/^.*\/client\/v4/, ""));
      taken = gateway.calls.length;
      return calls;
    },
    goAway: () => gateway.close(),
    comeBack: async () => {
      taken = 0;
      gateway = await startLocalGateway({ store, ...options, token, port: Number(new URL(baseUrl).port) });
    },
    close: async () => {
      await gateway.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A log with plausible fields; pass those that matter to the test. */
export function aLog(fields: Partial<NewLog> & { createdAt: Date }): NewLog {
  return {
    ...GATEWAY,
    provider: "openai",
    model: "gpt-4.1-mini",
    path: "chat/completions",
    durationMs: 842,
    success: true,
    statusCode: 200,
    tokensIn: 2180,
    tokensOut: 226,
    cost: 0.01821,
    requestContentType: "application/json",
    responseContentType: "application/json",
    request: JSON.stringify({
      model: "gpt-4.1-mini",
      messages: [{ role: "user", content: "Is the blue frame in stock?" }],
    }),
    response: JSON.stringify({
      choices: [{ index: 0, message: { role: "assistant", content: "Yes, two are." }, finish_reason: "stop" }],
    }),
    ...fields,
  };
}
