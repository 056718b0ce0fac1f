import { randomUUID } from "node:crypto";
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { AUDIT_FIELD_NAMES, type AuditField, type AuditFilter, type AuditQuery } from "./filters.ts";

type Columns = Record<string, SQLOutputValue>;

/** An entry to store, by the API's filter names; absent means unknown. */
export type NewAuditEntry = {
  accountId: string;
  time: Date;
  fields: Partial<Record<AuditField, string>>;
  description?: string;
  userAgent?: string;
  /** JSON of the request and the response. */
  request?: unknown;
  response?: unknown;
};

/** Where a page ended: time and row number of its last entry. */
export type AuditPosition = { time: number; seq: number };

/** An entry in wire format (API notes: Audit log), with its position and the keys of its history. */
export type StoredAuditEntry = {
  position: AuditPosition;
  resourceUri: string | undefined;
  hasResource: boolean;
  wire: unknown;
};

const PLAIN_COLUMNS = ["account_id", "time", "description", "user_agent", "request", "response", "resource_uri"];

/** Returns the resource's address: if the call created it, its ID follows the call's address. */
function resourceUri({ raw_uri: uri, raw_method: method, resource_id: id }: NewAuditEntry["fields"]): string | null {
  if (uri === undefined) return null;
  const [path = ""] = uri.split("?");
  if (method !== "POST") return path;
  return id === undefined ? null : `${path}/${encodeURIComponent(id)}`;
}

/** Drops members without a value; undefined if none is left. */
function known(values: Record<string, unknown>): Record<string, unknown> | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function parsed(json: SQLOutputValue | undefined): unknown {
  return typeof json === "string" ? JSON.parse(json) : undefined;
}

function wireOf(row: Columns): unknown {
  const status = row["raw_status_code"];
  return known({
    id: row["id"],
    account: known({ id: row["account_id"], name: row["account_name"] }),
    action: {
      ...known({ description: row["description"] }),
      // The live API uses empty strings for unknown ones (API notes: Audit log).
      result: row["action_result"] ?? "",
      time: new Date(Number(row["time"])).toISOString(),
      type: row["action_type"] ?? "",
    },
    actor: known({
      id: row["actor_id"],
      context: row["actor_context"],
      email: row["actor_email"],
      ip_address: row["actor_ip_address"],
      token_id: row["actor_token_id"],
      token_name: row["actor_token_name"],
      type: row["actor_type"],
    }),
    raw: known({
      cf_ray_id: row["raw_cf_ray_id"],
      method: row["raw_method"],
      status_code: status === null ? null : Number(status),
      uri: row["raw_uri"],
      user_agent: row["user_agent"],
    }),
    resource: known({
      id: row["resource_id"],
      product: row["resource_product"],
      request: parsed(row["request"]),
      response: parsed(row["response"]),
      scope: row["resource_scope"],
      type: row["resource_type"],
    }),
    zone: known({ id: row["zone_id"], name: row["zone_name"] }),
  });
}

function filterSql({ field, not, values }: AuditFilter): { text: string; values: SQLInputValue[] } {
  const one = `${field} IN (SELECT value FROM json_each(?))`;
  // An entry without a value passes a negated filter.
  return { text: not ? `coalesce(NOT ${one}, 1)` : one, values: [JSON.stringify(values)] };
}

/** The audit log of the local gateway's accounts. */
export class AuditTrail {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    const columns = [...PLAIN_COLUMNS, ...AUDIT_FIELD_NAMES];
    this.#insert = db.prepare(
      `INSERT INTO audit (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    );
  }

  /** Stores an entry. @throws Error for a duplicate ID */
  add(entry: NewAuditEntry): void {
    const { accountId, time, description, userAgent, request, response } = entry;
    const fields = { id: randomUUID().replaceAll("-", ""), ...entry.fields };
    this.#insert.run(
      accountId,
      time.getTime(),
      description ?? null,
      userAgent ?? null,
      request === undefined ? null : JSON.stringify(request),
      response === undefined ? null : JSON.stringify(response),
      resourceUri(fields),
      ...AUDIT_FIELD_NAMES.map((name) => fields[name] ?? null),
    );
  }

  /** Returns the first `limit` entries after a position, in the query's order. */
  page(accountId: string, query: AuditQuery, limit: number, after?: AuditPosition): StoredAuditEntry[] {
    return this.#page(accountId, query, limit, query.filters.map(filterSql), after);
  }

  /**
   * Like `page`, for entries about one resource, identified by its address or, without one, by ID, type and product.
   */
  history(
    accountId: string,
    query: AuditQuery,
    limit: number,
    source: StoredAuditEntry,
    after?: AuditPosition,
  ): StoredAuditEntry[] {
    const where =
      source.resourceUri === undefined
        ? {
            text: `(resource_id, coalesce(resource_type, ''), coalesce(resource_product, '')) =
              (SELECT resource_id, coalesce(resource_type, ''), coalesce(resource_product, '') FROM audit WHERE seq = ?)`,
            values: [source.position.seq],
          }
        : { text: "resource_uri = ?", values: [source.resourceUri] };
    return this.#page(accountId, query, limit, [where], after);
  }

  /** Returns one entry of the account. */
  find(accountId: string, id: string): StoredAuditEntry | undefined {
    const row = this.#db.prepare("SELECT * FROM audit WHERE account_id = ? AND id = ?").get(accountId, id);
    return row === undefined ? undefined : storedOf(row);
  }

  #page(
    accountId: string,
    query: AuditQuery,
    limit: number,
    conditions: { text: string; values: SQLInputValue[] }[],
    after: AuditPosition | undefined,
  ): StoredAuditEntry[] {
    const ascending = query.direction === "asc";
    // Starts the index scan at the position; only entries of the same moment remain to be compared.
    const since = ascending && after !== undefined ? Math.max(query.since, after.time) : query.since;
    const before = ascending || after === undefined ? query.before : Math.min(query.before, after.time + 1);
    const parts = [
      { text: "account_id = ? AND time >= ? AND time < ?", values: [accountId, since, before] },
      ...(after === undefined
        ? []
        : [{ text: `(time, seq) ${ascending ? ">" : "<"} (?, ?)`, values: [after.time, after.seq] }]),
      ...conditions,
    ];
    const order = ascending ? "ASC" : "DESC";
    const sql = `SELECT * FROM audit WHERE ${parts.map(({ text }) => text).join(" AND ")} ORDER BY time ${order}, seq ${order} LIMIT ?`;
    return this.#db
      .prepare(sql)
      .all(...parts.flatMap(({ values }) => values), limit)
      .map(storedOf);
  }
}

function storedOf(row: Columns): StoredAuditEntry {
  return {
    position: { time: Number(row["time"]), seq: Number(row["seq"]) },
    resourceUri: typeof row["resource_uri"] === "string" ? row["resource_uri"] : undefined,
    hasResource: row["resource_id"] !== null,
    wire: wireOf(row),
  };
}
