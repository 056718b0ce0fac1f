// A server that answers like VerifyWise's logs API (docs/verifywise-api.md), in both generations, over SQLite.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { openChecks, timeIn, type StoredCheck } from "./verifywise-checks.ts";
import type { Limiter } from "./verifywise-limiter.ts";
import { answerPurge, purgingDefaults, type Purging } from "./verifywise-purge.ts";
import { runsAt, type StoredRun } from "./verifywise-runs.ts";

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

/** An answer as it's sent; HTML, unless the body is of another type. */
type Answer = { status: number; body: unknown; type?: string; headers?: Record<string, string> };

export const PASSWORD = "pass_CANARY_verifywise";

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
  /** Limits all calls, if set. */
  limiter: Limiter | undefined;
  /** The runs of agents, by their IDs; undefined in builds without them, and in the first generation. */
  runs: Map<string, StoredRun> | undefined;
  calls: string[];
  /** The `cookie` headers received. */
  cookies: (string | undefined)[];
  /** The first generation's early build: `data` is the rows. */
  isEarly: boolean;
  /** Whether the server says on `/health` if its gateway can be reached. */
  tellsHealth: boolean;
  /** Whether logs of the same time change their order with each call. */
  turnsTies: boolean;
  purging: Purging;
  /** Answers every call, if set. */
  answer: Answer | undefined;
  /** Returns the IDs of rows that an SQL condition on the table `spend` finds. */
  ids(where: string, values: readonly SQLInputValue[]): string[];
  add(...spends: Spend[]): number[];
  addChecks(...checks: StoredCheck[]): number[];
  purge(before: Date): number;
  close(): Promise<void>;
};

const TABLE = `CREATE TABLE spend (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, endpoint TEXT, model TEXT,
  provider TEXT, prompt_tokens INTEGER, completion_tokens INTEGER, cost TEXT, latency_ms INTEGER, status_code INTEGER,
  metadata TEXT, messages TEXT, response TEXT, error TEXT, user TEXT, key TEXT)`;

type Row = Record<string, SQLInputValue>;

const json = (value: unknown): string | null => (value === undefined || value === null ? null : JSON.stringify(value));

/** ILIKE: `%` and `_` of the query are wildcards. The second generation looks in the user's first name only. */
const searched = (generation: 1 | 2): string =>
  ["endpoint", "model", generation === 1 ? "user" : "substr(user, 1, instr(user || ' ', ' ') - 1)", "key"]
    .map((column) => `${column} LIKE ?`)
    .join(" OR ");

class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly type: string;
  readonly headers: Record<string, string>;

  constructor(status: number, body: unknown, type = "application/json", headers: Record<string, string> = {}) {
    super(String(status));
    this.status = status;
    this.body = body;
    this.type = type;
    this.headers = headers;
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

/** Numbers of the first generation: odd ones are the default or the nearest that is allowed. */
function limitIn(generation: 1 | 2, text: string | null): number {
  const number = Number(text ?? 50);
  if (generation === 1)
    return Math.min(200, Math.max(1, Math.round(Number.isFinite(number) && number !== 0 ? number : 50)));
  if (!Number.isInteger(number) || number < 1 || number > 500)
    throw new Refusal(422, { detail: [{ loc: ["query", "limit"], msg: "out of range", type: "value_error" }] });
  return number;
}

function offsetIn(generation: 1 | 2, text: string | null): number {
  const number = Number(text ?? 0);
  if (generation === 1) return Math.max(0, Math.round(number) || 0);
  if (!Number.isInteger(number) || number < 0)
    throw new Refusal(422, { detail: [{ loc: ["query", "offset"], msg: "out of range", type: "value_error" }] });
  return number;
}

/** The first generation's time range, inclusive at both ends; what is no time is ignored. */
function datesIn(query: URLSearchParams): { where: string[]; values: number[] } {
  const ends = [["start_date", ">="] as const, ["end_date", "<="] as const].flatMap(([name, sign]) => {
    const text = query.get(name) ?? "";
    if (/^\d{4}$/.test(text))
      throw new Refusal(500, { message: "Internal Server Error", error: "Internal server error" });
    const time = Date.parse(text);
    return Number.isNaN(time) ? [] : [{ where: `created_at ${sign} ?`, time }];
  });
  return { where: ends.map(({ where }) => where), values: ends.map(({ time }) => time) };
}

/** Equal times have no order of their own. */
const tiesOf = ({ turnsTies, calls }: VerifyWiseServer) => (turnsTies && calls.length % 2 === 0 ? "DESC" : "ASC");

const checksOf = (server: VerifyWiseServer, checks: ReturnType<typeof openChecks>, query: URLSearchParams) => {
  const { generation } = server;
  const page = { limit: limitIn(generation, query.get("limit")), offset: offsetIn(generation, query.get("offset")) };
  return checks.listed(generation, page, tiesOf(server));
};

function listed(server: VerifyWiseServer, db: DatabaseSync, query: URLSearchParams): unknown {
  const { generation } = server;
  const limit = limitIn(generation, query.get("limit"));
  const offset = offsetIn(generation, query.get("offset"));
  const [status, source, search] = [query.get("status"), query.get("source"), query.get("search")?.trim()];
  if (generation === 2 && (query.has("start_date") || query.has("end_date")))
    throw new Refusal(500, "Internal Server Error", "text/plain");
  if (generation === 2 && status !== null && !["success", "error"].includes(status))
    throw new Refusal(400, { detail: "status must be 'success' or 'error'." });
  if (generation === 2 && source !== null && !["playground", "virtual-key"].includes(source))
    throw new Refusal(400, { detail: "source must be 'playground' or 'virtual-key'." });
  const dates = datesIn(query);
  const where = [...dates.where];
  const values: SQLInputValue[] = [...dates.values];
  const isSuccess = generation === 1 ? "status_code = 200" : "status_code < 400";
  if (status === "success") where.push(isSuccess);
  if (status === "error") where.push(`NOT (${isSuccess})`);
  if (source === "virtual-key") where.push("key IS NOT NULL");
  if (source === "playground") where.push(generation === 1 ? "key IS NULL AND user IS NOT NULL" : "key IS NULL");
  if (search) {
    where.push(`(${searched(generation)})`);
    values.push(...Array.from({ length: 4 }, () => `%${search}%`));
  }
  const clause = where.length > 0 ? ` WHERE ${where.join(" AND ")}` : "";
  const ties = tiesOf(server);
  const rows = db
    .prepare(`SELECT * FROM spend${clause} ORDER BY created_at DESC, id ${ties} LIMIT ? OFFSET ?`)
    .all(...values, limit, offset) as Row[];
  const { total } = db.prepare(`SELECT count(*) AS total FROM spend${clause}`).get(...values) as { total: number };
  const told = rows.map((row) => (generation === 1 ? first(row) : second(row)));
  if (generation === 1 && server.isEarly) return { message: "OK", data: told };
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
  endpoint_slug: row["endpoint"],
  provider: row["provider"],
  cost_usd: row["cost"],
  request_messages: JSON.parse(String(row["messages"])) as unknown,
  response_text: row["response"],
  created_at: timeIn(1, row),
  user_name: row["user"] ?? "unknown",
});

const second = (row: Row) => ({
  ...common(row),
  endpoint_id: null,
  endpoint_name: row["endpoint"],
  source: row["key"] === null ? "playground" : "virtual-key",
  cost: row["cost"] === null ? null : Number(row["cost"]),
  created_at: timeIn(2, row),
  user_id: 1,
  user_name: row["user"],
});

/** Logs in: five tries a minute, then none. */
async function logIn(server: VerifyWiseServer, request: IncomingMessage, tries: number): Promise<unknown> {
  if (tries > 5) throw new Refusal(429, "Too many login attempts from this IP", "text/html", { "retry-after": "59" });
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const { password } = JSON.parse(text) as { password?: unknown };
  if (password !== PASSWORD) throw new Refusal(401, { message: "Unauthorized", data: "Invalid email or password" });
  const data = { token: server.token, onboarding_status: "pending", is_org_creator: true };
  return { message: "Accepted", data };
}

/** Starts a server on a free port of this machine. */
export async function startVerifyWise(generation: 1 | 2): Promise<VerifyWiseServer> {
  const db = new DatabaseSync(":memory:");
  db.exec(TABLE);
  const checks = openChecks(db);
  let tries = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "", "http://localhost");
    server.calls.push(request.url ?? "");
    server.cookies.push(request.headers.cookie);
    const send = (status: number, body: unknown, type = "application/json", headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { "content-type": type, ...headers })
        .end(typeof body === "string" ? body : JSON.stringify(body));
    try {
      if (server.answer) {
        const { status, body, type = typeof body === "string" ? "text/html" : undefined, headers } = server.answer;
        send(status, body, type, headers);
        return;
      }
      const taken = server.limiter?.take();
      for (const [name, value] of Object.entries(taken?.headers ?? {})) response.setHeader(name, value);
      if (taken?.isRefused && taken.headers["retry-after"]) throw new Refusal(429, "Too many requests", "text/html");
      if (taken?.isRefused) throw new Refusal(429, { message: "Too many requests from this IP", statusCode: 429 });
      if (server.callsLeft !== undefined && server.callsLeft-- <= 0)
        throw new Refusal(429, { message: "Too many requests from this IP", statusCode: 429 }, "application/json", {
          "ratelimit-reset": "30",
        });
      if (url.pathname === "/api/users/login" && request.method === "POST") {
        const cookie = { "set-cookie": "refresh_token=r; Path=/api/users; HttpOnly; SameSite=Lax" };
        send(202, await logIn(server, request, ++tries), "application/json", cookie);
        return;
      }
      const { isUp } = server;
      const open: Record<string, unknown> = {
        "/api/version": { version: "1.7.0" },
        "/health": { status: isUp ? "ok" : "degraded", checks: { ai_gateway: { status: isUp ? "ok" : "error" } } },
      };
      if (Object.hasOwn(open, url.pathname) && (server.tellsHealth || url.pathname !== "/health")) {
        send(isUp || url.pathname !== "/health" ? 200 : 503, open[url.pathname]);
        return;
      }
      authorize(server, request);
      if (url.pathname === "/api/ai-gateway/spend/logs")
        send(200, isUp ? listed(server, db, url.searchParams) : { data: [] });
      else if (url.pathname === "/api/ai-gateway/guardrails/logs")
        send(200, isUp ? checksOf(server, checks, url.searchParams) : { data: [] });
      else if (url.pathname === "/api/ai-gateway/spend/logs/purge" && request.method === "POST") {
        const { status, body, type } = await answerPurge(server, db);
        send(status, body, type);
      } else if (server.runs && url.pathname.includes("/mcp/runs")) {
        const found = runsAt(server.runs, url.pathname);
        send(found ? 200 : 404, found ?? { detail: "Run not found" });
      } else if (server.generation === 2) throw new Refusal(404, { detail: "Not Found" });
      else throw new Refusal(404, `<pre>Cannot GET ${url.pathname}</pre>`, "text/html");
    } catch (error) {
      const { status, body, type, headers } = error instanceof Refusal ? error : new Refusal(400, "", "text/html");
      send(status, body, type, headers);
    }
  };
  const http = createServer((request, response) => void answer(request, response));
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
    limiter: undefined,
    runs: undefined,
    calls: [],
    cookies: [],
    isEarly: false,
    tellsHealth: true,
    turnsTies: false,
    purging: purgingDefaults(),
    answer: undefined,
    ids: (where, values) =>
      db
        .prepare(`SELECT id FROM spend WHERE ${where} ORDER BY id`)
        .all(...values)
        .map(({ id }) => String(id)),
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
    addChecks: (...given) => checks.add(given),
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
