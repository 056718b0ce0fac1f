import type { CollectionRef } from "./log.ts";
import type { DatabaseSync } from "node:sqlite";
import type { Account, NewGateway } from "./log.ts";

/** Defaults of a gateway's settings (API notes: Gateways). */
const DEFAULTS = {
  cache_invalidate_on_update: false,
  cache_ttl: 0,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
  rate_limiting_technique: "fixed",
  authentication: false,
  log_management: 10_000_000,
  log_management_strategy: "STOP_INSERTING",
  logpush: false,
  is_default: false,
};

/** A gateway in the API's form (API notes: Gateways). */
export type GatewayRow = { id: string } & Record<string, unknown>;

/** Accounts and their gateways. */
export class Directory {
  readonly #db: DatabaseSync;
  readonly #keys = new Map<string, number>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Adds an account, or renames an existing one. */
  addAccount(account: Account): void {
    this.#db
      .prepare(
        "INSERT INTO accounts (id, name, created_on) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name",
      )
      .run(account.id, account.name, account.createdOn.getTime());
  }

  /** Adds a gateway, or replaces an existing one's settings. */
  addGateway(gateway: NewGateway): void {
    const settings = { collect_logs: gateway.collectLogs ?? true, ...gateway.settings };
    this.#db
      .prepare(
        `INSERT INTO gateways (account_id, id, created_at, settings) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET settings = excluded.settings`,
      )
      .run(gateway.sourceId, gateway.id, gateway.createdAt.getTime(), JSON.stringify(settings));
  }

  /** Removes a gateway and its logs, except for their bodies. */
  removeGateway(key: number): void {
    for (const table of ["logs", "metadata_terms", "counts"]) {
      this.#db.prepare(`DELETE FROM ${table} WHERE gateway = ?`).run(key);
    }
    // Its number stays reserved: another process may have cached it.
    this.#db.prepare("UPDATE gateways SET account_id = '', id = key WHERE key = ?").run(key);
    this.forget();
  }

  /** All accounts, oldest first. */
  accounts(): Account[] {
    const rows = this.#db.prepare("SELECT * FROM accounts ORDER BY created_on, id").all();
    return rows.map((row) => ({
      id: String(row["id"]),
      name: String(row["name"]),
      createdOn: new Date(Number(row["created_on"])),
    }));
  }

  /** Returns an account's gateways, oldest first. */
  gateways(sourceId: string): GatewayRow[] {
    const rows = this.#db.prepare("SELECT * FROM gateways WHERE account_id = ? ORDER BY created_at, id").all(sourceId);
    return rows.map((row) => {
      const at = new Date(Number(row["created_at"])).toISOString();
      const settings = JSON.parse(String(row["settings"])) as Record<string, unknown>;
      return Object.assign({ id: String(row["id"]), created_at: at, modified_at: at }, DEFAULTS, settings);
    });
  }

  /** Returns a gateway's number, which identifies its logs. */
  keyOf({ sourceId, collectionId }: CollectionRef): number | undefined {
    const name = `${sourceId}/${collectionId}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const row = this.#db
      .prepare("SELECT key FROM gateways WHERE account_id = ? AND id = ?")
      .get(sourceId, collectionId);
    if (row !== undefined) this.#keys.set(name, Number(row["key"]));
    return this.#keys.get(name);
  }

  /** Clears the cache, after a rollback or a removal. */
  forget(): void {
    this.#keys.clear();
  }
}
