// A server that answers like VerifyWise's logs API (docs/verifywise-api.md), in both generations, over SQLite.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/** A stored call. */
type Spend = {
  createdAt: Date;
  endpoint?: string | null;
  model?: string;
  provider?: string;
  promptTokens?: number;
  completionTokens?: number;
  cost?: number;
  latencyMs?: number | null;
  statusCode?: number;
  metadata?: Record<string, unknown> | null;
  messages?: unknown;
  response?: string | null;
  error?: string | null;
  user?: string | null;
  key?: string | null;
};

export type VerifyWiseServer = {
  baseUrl: string;
  generation: 1 | 2;
  /** Whether the gateway behind it answers. */
  isUp: boolean;
  token: string;
  /** Tokens with a state of their own. */
  refused: Map<string, "expired" | "revoked" | "other organization">;
  /** Calls left before 429; undefined for no limit. */
  callsLeft: number | undefined;
  calls: string[];
  add(...spends: Spend[]): number[];
  purge(before: Date): number;
  close(): Promise<void>;
};

const TABLE = `CREATE TABLE spend (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, endpoint TEXT, model TEXT,
  provider TEXT, prompt_tokens INTEGER, completion_tokens INTEGER, cost TEXT, latency_ms INTEGER, status_code INTEGER,
  metadata TEXT, messages TEXT, response TEXT, error TEXT, user TEXT, key TEXT)`;

type Row = Record<string, SQLInputValue>;

const json = (value: unknown): string | null => (value === undefined || value === null ? null : JSON.stringify(value));

/** ILIKE: `%` and `_` of the query are wildcards. */
const SEARCHED = ["endpoint", "model", "user", "key"].map((column) => `${column} LIKE ?`).join(" OR ");

class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly type: string;

  constructor(status: number, body: unknown, type = "application/json") {
    super(String(status));
    this.status = status;
    this.body = body;
    this.type = type;
  }
}

/** Checks the token in the order of the real ladder: 400, 401, 406, 403. */
function authorize({ token, refused }: VerifyWiseServer, { headers }: IncomingMessage): void {
  const given = headers.authorization?.split(" ")[1];
  if (!given) throw new Refusal(400, { message: "Bad Request", data: { message: "Token not found" } });
  const state = refused.get(given);
  if (state === "revoked" || (state === undefined && given !== token))
    throw new Refusal(401, { message: "Unauthorized", data: { message: "Unauthorized **" } });
  if (state === "expired") throw new Refusal(406, { message: "Not Acceptable", data: { message: "Token expired" } });
  if (state) throw new Refusal(403, { message: "User does not belong to this organization" });
}

function limitIn(generation: 1 | 2, text: string | null): number {
  const number = Number(text ?? 50);
  if (generation === 1)
    return Math.min(200, Math.max(1, Math.round(Number.isFinite(number) && number !== 0 ? number : 50)));
  if (!Number.isInteger(number) || number < 1 || number > 500)
    throw new Refusal(422, { detail: [{ loc: ["query", "limit"], msg: "out of range", type: "value_error" }] });
  return number;
}

function listed(server: VerifyWiseServer, db: DatabaseSync, query: URLSearchParams): unknown {
  const { generation } = server;
  const limit = limitIn(generation, query.get("limit"));
  const offset = Math.max(0, Math.trunc(Number(query.get("offset") ?? 0)) || 0);
  const [status, source, search] = [query.get("status"), query.get("source"), query.get("search")?.trim()];
  if (generation === 2 && (query.has("start_date") || query.has("end_date")))
    throw new Refusal(500, "Internal Server Error", "text/plain");
  if (generation === 2 && status !== null && !["success", "error"].includes(status))
    throw new Refusal(400, { detail: "status must be 'success' or 'error'." });
  const where: string[] = [];
  const values: SQLInputValue[] = [];
  const isSuccess = generation === 1 ? "status_code = 200" : "status_code < 400";
  if (status === "success") where.push(isSuccess);
  if (status === "error") where.push(`NOT (${isSuccess})`);
  if (source === "virtual-key") where.push("key IS NOT NULL");
  if (source === "playground") where.push(generation === 1 ? "key IS NULL AND user IS NOT NULL" : "key IS NULL");
  if (search) {
    where.push(`(${SEARCHED})`);
    values.push(...Array.from({ length: 4 }, () => `%${search}%`));
  }
  const clause = where.length > 0 ? ` WHERE ${where.join(" AND ")}` : "";
  // Equal times have no order of their own.
  const rows = db
    .prepare(`SELECT * FROM spend${clause} ORDER BY created_at DESC LIMIT ? OFFSET ?`)
    .all(...values, limit, offset) as Row[];
  const { total } = db.prepare(`SELECT count(*) AS total FROM spend${clause}`).get(...values) as { total: number };
  const told = rows.map((row) => (generation === 1 ? first(row) : second(row)));
  return generation === 1 ? { message: "OK", data: { rows: told, total } } : { rows: told, total };
}

const common = (row: Row) => ({
  id: row["id"],
  model: row["model"],
  status_code: row["status_code"],
  prompt_tokens: row["prompt_tokens"],
  completion_tokens: row["completion_tokens"],
  total_tokens: Number(row["prompt_tokens"]) + Number(row["completion_tokens"]),
  latency_ms: row["latency_ms"],
  metadata: JSON.parse(String(row["metadata"])) as unknown,
  error_message: row["error"],
  virtual_key_id: row["key"] === null ? null : 1,
  virtual_key_name: row["key"],
});

const first = (row: Row) => ({
  ...common(row),
  endpoint_id: row["endpoint"] === null ? null : 2,
  endpoint_name: row["endpoint"] ?? "Deleted endpoint",
  provider: row["provider"],
  cost_usd: row["cost"],
  request_messages: JSON.parse(String(row["messages"])) as unknown,
  response_text: row["response"],
  created_at: new Date(Number(row["created_at"])).toISOString(),
  user_name: row["user"] ?? "unknown",
});

const second = (row: Row) => ({
  ...common(row),
  endpoint_id: null,
  endpoint_name: row["endpoint"],
  source: row["key"] === null ? "playground" : "virtual-key",
  cost: row["cost"] === null ? null : Number(row["cost"]),
  created_at: new Date(Number(row["created_at"]))
    .toISOString()
    .replace(/\.000Z|Z/, (end) => (end === "Z" ? "000+00:00" : "+00:00")),
  user_id: 1,
  user_name: row["user"],
});

/** Starts a server on a free port of this machine. */
export async function startVerifyWise(generation: 1 | 2): Promise<VerifyWiseServer> {
  const db = new DatabaseSync(":memory:");
  db.exec(TABLE);
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? "", "http://localhost");
    server.calls.push(request.url ?? "");
    const send = (status: number, body: unknown, type = "application/json", headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { "content-type": type, ...headers })
        .end(typeof body === "string" ? body : JSON.stringify(body));
    try {
      if (server.callsLeft !== undefined && server.callsLeft-- <= 0) {
        send(429, { message: "Too many requests from this IP", statusCode: 429 }, "application/json", {
          "ratelimit-reset": "30",
        });
        return;
      }
      authorize(server, request);
      if (url.pathname !== "/api/ai-gateway/spend/logs")
        throw new Refusal(404, `<pre>Cannot GET ${url.pathname}</pre>`, "text/html");
      send(200, server.isUp ? listed(server, db, url.searchParams) : { data: [] });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(error.status, error.body, error.type);
    }
  };
  const http = createServer(answer);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const insert =
    db.prepare(`INSERT INTO spend (created_at, endpoint, model, provider, prompt_tokens, completion_tokens, cost,
    latency_ms, status_code, metadata, messages, response, error, user, key) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`);
  const server: VerifyWiseServer = {
    baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    generation,
    isUp: true,
    token: "tok_CANARY_verifywise",
    refused: new Map(),
    callsLeft: undefined,
    calls: [],
    add: (...spends) =>
      spends.map((one) => {
        const values = [
          one.createdAt.getTime(),
          one.endpoint ?? null,
          one.model ?? null,
          one.provider ?? null,
          one.promptTokens ?? 0,
          one.completionTokens ?? 0,
          one.cost === undefined ? null : one.cost.toFixed(8),
          one.latencyMs ?? null,
          one.statusCode ?? 200,
          json(one.metadata),
          json(one.messages),
          one.response ?? null,
          one.error ?? null,
          one.user ?? null,
          one.key ?? null,
        ];
        return Number(insert.run(...values).lastInsertRowid);
      }),
    purge: (before) => Number(db.prepare("DELETE FROM spend WHERE created_at < ?").run(before.getTime()).changes),
    close: () =>
      new Promise((resolve) => {
        http.closeAllConnections();
        http.close(() => {
          db.close();
          resolve();
        });
      }),
  };
  return server;
}
