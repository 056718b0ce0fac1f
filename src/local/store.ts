import type { CollectionRef } from "./log.ts";
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { AuditTrail } from "./audit/trail.ts";
import { Bodies, bytesOf } from "./bodies.ts";
import type { LogQuery } from "./conditions.ts";
import { Counts } from "./counts.ts";
import { Directory, type GatewayRow } from "./directory.ts";
import { newLogId } from "./ids.ts";
import type { Account, Body, LogPatch, LogRow, NewGateway, NewLog } from "./log.ts";
import { LogIndex } from "./log-index.ts";
import { EventStore } from "./observability/events.ts";
import { planOf } from "./plan.ts";
import { Reads } from "./reads.ts";
import { headOf, rowOf } from "./rows.ts";
import { FACETS, inSnapshot, inTransaction, openDatabase } from "./schema.ts";
import { Terms } from "./terms.ts";

export type { Account, LogPatch, LogRow, NewGateway, NewLog } from "./log.ts";

/** Limit on a log's two bodies together, in bytes (API notes: Limits). Larger ones aren't stored, but the row is. */
const MOST_BYTES = 10 * 1024 * 1024;

const MOST_METADATA = 5;

const FACET_COLUMNS = Object.entries(FACETS);

const LOG_COLUMNS = [
  "gateway",
  "id",
  "created_at",
  "path",
  "status_code",
  "duration",
  "tokens_in",
  "tokens_out",
  "cost",
  "custom_cost",
  "score",
  "event_id",
  "step",
  "metadata",
  "usage_metadata",
  "timings",
  "request_size",
  "response_size",
  ...Object.values(FACETS),
];

function json(value: object | null | undefined): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function facetsOf(log: NewLog): Record<keyof typeof FACETS, string | number | boolean | undefined> {
  return {
    provider: log.provider,
    model: log.model,
    model_type: log.modelType,
    request_type: log.requestType,
    request_content_type: log.requestContentType,
    response_content_type: log.responseContentType,
    user_agent: log.userAgent,
    dlp_action: log.dlpAction,
    success: log.success,
    cached: log.cached ?? false,
    authentication: log.authentication,
    wholesale: log.wholesale,
    compatibilityMode: log.compatibilityMode,
    feedback: log.feedback,
  };
}

/**
 * Accounts, gateways, logs and audit log of the local gateway, in one SQLite database that several processes may open.
 */
export class LogStore {
  /** The audit log. */
  readonly audit: AuditTrail;
  /** The events of Workers Observability. */
  readonly events: EventStore;
  readonly #db: DatabaseSync;
  readonly #terms: Terms;
  readonly #counts: Counts;
  readonly #reads: Reads;
  readonly #bodies: Bodies;
  readonly #index: LogIndex;
  readonly #directory: Directory;
  readonly #insertLog: StatementSync;
  readonly #selectLog: StatementSync;
  readonly #selectLogs: StatementSync;

  /**
   * @param path a file, created if missing, or ":memory:"
   * @throws Error if the file isn't a database or another version created it
   */
  constructor(path: string, options: { mostBytes?: number } = {}) {
    this.#db = openDatabase(path);
    this.audit = new AuditTrail(this.#db);
    this.events = new EventStore(this.#db);
    this.#terms = new Terms(this.#db);
    this.#counts = new Counts(this.#db);
    this.#directory = new Directory(this.#db);
    this.#reads = new Reads(this.#db, this.#terms, this.#counts);
    this.#bodies = new Bodies(this.#db, options.mostBytes ?? MOST_BYTES);
    this.#index = new LogIndex(this.#db, this.#terms, this.#counts);
    const marks = LOG_COLUMNS.map(() => "?").join(", ");
    this.#insertLog = this.#db.prepare(`INSERT INTO logs (${LOG_COLUMNS.join(", ")}) VALUES (${marks})`);
    this.#selectLog = this.#db.prepare("SELECT * FROM logs WHERE seq = ?");
    this.#selectLogs = this.#db.prepare("SELECT * FROM logs WHERE seq IN (SELECT value FROM json_each(?))");
  }

  /** Adds an account, or renames an existing one. */
  addAccount(account: Account): void {
    this.#directory.addAccount(account);
  }

  /** Adds a gateway, or replaces an existing one's settings. */
  addGateway(gateway: NewGateway): void {
    this.#directory.addGateway(gateway);
  }

  /** Removes a gateway and its logs. Returns false for an unknown gateway. */
  removeGateway(gateway: CollectionRef): boolean {
    return this.#write(() => {
      this.#counts.write();
      const key = this.#directory.keyOf(gateway);
      if (key === undefined) return false;
      this.#bodies.removeGateway(key);
      this.#directory.removeGateway(key);
      return true;
    });
  }

  /** Runs `work` completely or, if it throws, not at all. */
  atomically<T>(work: () => T): T {
    return this.#write(work);
  }

  /** All accounts, oldest first. */
  accounts(): Account[] {
    return this.#directory.accounts();
  }

  /** Returns an account's gateways, oldest first, in the API's form (API notes: Gateways). */
  gateways(sourceId: string): GatewayRow[] {
    return this.#directory.gateways(sourceId);
  }

  /**
   * Stores logs, all or none.
   * @throws RangeError for an unknown gateway or an invalid `createdAt`; Error for a duplicate ID
   */
  insert(logs: Iterable<NewLog>): void {
    this.#write(() => {
      for (const log of logs) this.#insertOne(log);
    });
  }

  /** Runs `work` and sets the mark, all or nothing, unless the mark is already set. */
  once(mark: string, work: () => void): void {
    this.#write(() => {
      const { changes } = this.#db.prepare("INSERT OR IGNORE INTO marks (name) VALUES (?)").run(mark);
      if (changes !== 0) work();
    });
  }

  /** Returns one page of rows; none for an unknown gateway. */
  list(gateway: CollectionRef, query: LogQuery, limit: number, offset: number): LogRow[] {
    const key = this.#directory.keyOf(gateway);
    if (key === undefined) return [];
    const seqs = this.#reads.page(planOf(key, query, this.#terms), limit, offset);
    const rows = new Map(this.#selectLogs.all(JSON.stringify(seqs)).map((columns) => [columns["seq"], columns]));
    return seqs.flatMap((seq) => {
      const columns = rows.get(seq);
      return columns === undefined ? [] : [rowOf(columns, this.#terms)];
    });
  }

  /** Counts the query's logs. */
  count(gateway: CollectionRef, query: LogQuery): number {
    const key = this.#directory.keyOf(gateway);
    return key === undefined ? 0 : this.#reads.count(planOf(key, query, this.#terms));
  }

  /** Returns the times of a gateway's logs in a range, both ends included, in ms since 1970. */
  times(gateway: CollectionRef, from: number, to: number): number[] {
    const key = this.#directory.keyOf(gateway);
    if (key === undefined) return [];
    const rows = this.#db.prepare("SELECT created_at FROM logs WHERE gateway = ? AND created_at BETWEEN ? AND ?");
    return rows.all(key, from, to).map(({ created_at: at }) => Number(at));
  }

  /** Returns the bytes that the database uses; the file may have more, for what comes next. */
  usedBytes(): number {
    const pragma = (name: string) => Number(this.#db.prepare(`PRAGMA ${name}`).get()?.[name]);
    return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
  }

  /** Returns `min_…` and `max_…` of cost, duration and tokens; null without a value. */
  bounds(gateway: CollectionRef, query: LogQuery): Record<string, SQLOutputValue> {
    const key = this.#directory.keyOf(gateway);
    return key === undefined ? {} : this.#reads.bounds(planOf(key, query, this.#terms));
  }

  /** Returns one log with the heads of its bodies. */
  detail(gateway: CollectionRef, id: string): LogRow | undefined {
    return inSnapshot(this.#db, () => {
      const columns = this.#find(gateway, id);
      if (columns === undefined) return undefined;
      const heads = this.#bodies.heads(Number(columns["seq"]));
      return {
        ...rowOf(columns, this.#terms),
        ...headOf("request", heads.request, Number(columns["request_size"])),
        ...headOf("response", heads.response, Number(columns["response_size"])),
      };
    });
  }

  /** Returns a stored body with its content type. */
  body(
    gateway: CollectionRef,
    id: string,
    which: "request" | "response",
  ): { contentType?: string; bytes: Uint8Array } | undefined {
    return inSnapshot(this.#db, () => {
      const columns = this.#find(gateway, id);
      if (columns === undefined) return undefined;
      const bytes = this.#bodies.get(Number(columns["seq"]), which);
      if (bytes === undefined) return undefined;
      const type = columns[`${which}_content_type`];
      return typeof type === "number" ? { contentType: this.#terms.textOf(type), bytes } : { bytes };
    });
  }

  /**
   * Stores bodies for a log without them: the live gateway writes them some seconds after the row
   * (API notes: Log detail and bodies).
   */
  storeBodies(gateway: CollectionRef, id: string, bodies: { request?: Body; response?: Body }): void {
    this.#write(() => {
      const seq = this.#find(gateway, id)?.["seq"];
      if (seq === undefined) throw new RangeError("No such log.");
      const request = bytesOf(bodies.request);
      const response = bytesOf(bodies.response);
      this.#bodies.replace(Number(seq), request, response);
      this.#db
        .prepare("UPDATE logs SET request_size = ?, response_size = ? WHERE seq = ?")
        .run(request?.length ?? 0, response?.length ?? 0, seq);
    });
  }

  /** Changes feedback, score and metadata. Returns false for an unknown log. */
  patch(gateway: CollectionRef, id: string, patch: LogPatch): boolean {
    return this.#write(() => {
      const columns = this.#find(gateway, id);
      if (columns === undefined) return false;
      const seq = Number(columns["seq"]);
      this.#index.remove(columns);
      if (patch.score !== undefined) this.#db.prepare("UPDATE logs SET score = ? WHERE seq = ?").run(patch.score, seq);
      if (patch.feedback !== undefined) {
        const term = patch.feedback === null ? null : this.#terms.numberOf("feedback", String(patch.feedback));
        this.#db.prepare("UPDATE logs SET feedback = ? WHERE seq = ?").run(term, seq);
      }
      if (patch.metadata !== undefined)
        this.#db.prepare("UPDATE logs SET metadata = ? WHERE seq = ?").run(json(patch.metadata), seq);
      this.#index.add(this.#selectLog.get(seq) ?? {});
      return true;
    });
  }

  /** Returns the row numbers of the query's first logs, for `remove`. */
  select(gateway: CollectionRef, query: LogQuery, limit: number): number[] {
    const key = this.#directory.keyOf(gateway);
    return key === undefined ? [] : this.#reads.page(planOf(key, query, this.#terms), limit, 0);
  }

  /** Removes logs by row number, skipping missing ones. */
  remove(seqs: readonly number[]): void {
    this.#write(() => {
      const removeLog = this.#db.prepare("DELETE FROM logs WHERE seq = ?");
      for (const seq of seqs) {
        const columns = this.#selectLog.get(seq);
        if (columns === undefined) continue;
        this.#index.remove(columns);
        removeLog.run(seq);
        this.#bodies.remove(seq);
      }
    });
  }

  close(): void {
    this.#db.close();
  }

  #write<T>(work: () => T): T {
    try {
      return inTransaction(this.#db, () => {
        const result = work();
        this.#counts.write();
        return result;
      });
    } catch (error) {
      this.#counts.forget();
      this.#terms.forget();
      this.#directory.forget();
      throw error;
    }
  }

  #find(gateway: CollectionRef, id: string): Record<string, SQLOutputValue> | undefined {
    const key = this.#directory.keyOf(gateway);
    return key === undefined
      ? undefined
      : this.#db.prepare("SELECT * FROM logs WHERE gateway = ? AND id = ?").get(key, id);
  }

  #insertOne(log: NewLog): void {
    const gateway = this.#directory.keyOf(log);
    if (gateway === undefined) throw new RangeError(`No gateway "${log.collectionId}" in account "${log.sourceId}".`);
    const createdAt = log.createdAt.getTime();
    if (Number.isNaN(createdAt)) throw new RangeError("createdAt is no date.");
    const entries = Object.entries(log.metadata ?? {});
    const metadata =
      log.metadata === undefined ? null : JSON.stringify(Object.fromEntries(entries.slice(0, MOST_METADATA)));
    const request = bytesOf(log.request);
    const response = bytesOf(log.response);
    const given = facetsOf(log);
    const facets = FACET_COLUMNS.map(([kind]) => {
      const value = given[kind as keyof typeof FACETS];
      return value === undefined ? null : this.#terms.numberOf(kind, String(value));
    });
    const { lastInsertRowid } = this.#insertLog.run(
      gateway,
      log.id ?? newLogId(log.createdAt),
      createdAt,
      this.#terms.numberOf("path", log.path),
      log.statusCode ?? null,
      log.durationMs,
      log.tokensIn ?? null,
      log.tokensOut ?? null,
      log.cost ?? null,
      log.customCost === undefined ? null : Number(log.customCost),
      log.score ?? null,
      log.eventId ?? null,
      log.step ?? null,
      metadata,
      json(log.usageMetadata),
      json(log.timings),
      request?.length ?? 0,
      response?.length ?? 0,
      ...facets,
    );
    const seq = Number(lastInsertRowid);
    this.#bodies.put(seq, request, response);
    const terms = Object.fromEntries(FACET_COLUMNS.map(([, column], at) => [column, facets[at] ?? null]));
    this.#index.add({ gateway, seq, created_at: createdAt, metadata, ...terms });
  }
}
