import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type LocalGateway, type LocalGatewayOptions, startLocalGateway } from "../../../src/local/server.ts";
import { LogStore, type NewLog } from "../../../src/local/store.ts";

export const ACCOUNT = "0123456789abcdef0123456789abcdef";
export const GATEWAY = { sourceId: ACCOUNT, collectionId: "shop" };
export const LOGS = `/accounts/${ACCOUNT}/ai-gateway/gateways/shop/logs`;

/** The API's response, as far as the tests need it. */
type Envelope = {
  success: boolean;
  result: unknown;
  errors?: { code: number; message: string }[];
  messages?: unknown[];
  result_info?: Record<string, number>;
};

type Answered = { status: number; headers: Headers; text: string; json: Envelope };

export type Served = LocalGateway & {
  store: LogStore;
  /** Makes a call with the gateway's token, or with `token` ("" for none). */
  call(path: string, options?: { method?: string; body?: string; token?: string }): Promise<Answered>;
  /** The rows of a list. */
  rows(query: Record<string, string | number>): Promise<Record<string, unknown>[]>;
  /** The rows of a list with this filter, 50 at most. */
  filtered(...filters: object[]): Promise<Record<string, unknown>[]>;
};

/** A folder that goes with the test. */
export function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "local-gateway-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A log of the gateway "shop" with only required fields. */
export function logAt(time: string | number, more: Partial<NewLog> = {}): NewLog {
  return {
    ...GATEWAY,
    createdAt: new Date(time),
    provider: "openai",
    model: "gpt-4.1-mini",
    path: "chat/completions",
    durationMs: 500,
    success: true,
    ...more,
  };
}

/** A query string. */
export function query(parameters: Record<string, string | number>): string {
  return new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

/** A gateway over a database file, with these logs; both end with the test. */
export async function serve(
  t: TestContext,
  logs: NewLog[] = [],
  options: Partial<LocalGatewayOptions> = {},
): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "local-gateway-"));
  const store = options.store ?? new LogStore(join(folder, "logs.sqlite"));
  store.addAccount({ id: ACCOUNT, name: "Shop", createdOn: new Date("2025-01-01T00:00:00Z") });
  store.addGateway({ sourceId: ACCOUNT, id: "shop", createdAt: new Date("2025-01-02T00:00:00Z") });
  store.insert(logs);
  const gateway = await startLocalGateway({ ...options, store });
  t.after(async () => {
    await gateway.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const call: Served["call"] = async (path, { method = "GET", body, token = gateway.token } = {}) => {
    const response = await fetch(gateway.baseUrl + path, {
      method,
      headers: token === "" ? {} : { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type") === "application/json" && /^[{[]/.test(text);
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: (isJson ? JSON.parse(text) : {}) as Envelope,
    };
  };
  const rows: Served["rows"] = async (parameters) => {
    const { json } = await call(`${LOGS}?${query(parameters)}`);
    return json.result as Record<string, unknown>[];
  };
  return {
    ...gateway,
    store,
    call,
    rows,
    filtered: (...filters) => rows({ per_page: 50, filters: JSON.stringify(filters) }),
  };
}

/** A call with any headers, which `fetch` would not let through: its status and body. */
export function rawCall(
  gateway: LocalGateway,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  const { port } = new URL(gateway.baseUrl);
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString(),
          headers: response.headers,
        }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}
