import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { AuditTrail } from "./audit/trail.ts";
import type { LogQuery } from "./conditions.ts";
import { Counts } from "./counts.ts";
import { Directory, type GatewayRow } from "./directory.ts";
import { newLogId } from "./ids.ts";
import type { Account, Body, GatewayRef, LogPatch, LogRow, Metadata, NewGateway, NewLog } from "./log.ts";
import { planOf } from "./plan.ts";
import { Reads } from "./reads.ts";
import { HEAD_BYTES, headOf, rowOf } from "./rows.ts";
import { FACETS, inTransaction, openDatabase } from "./schema.ts";
import { Terms } from "./terms.ts";

export type { Account, GatewayRef, LogPatch, LogRow, NewGateway, NewLog } from "./log.ts";

/** "Log size 10 MB; larger are not stored" (facts 3.2): both bodies together. Past it the row stays and the bodies go. */
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

function bytesOf(body: Body | undefined): Uint8Array | null {
  return typeof body === "string" ? Buffer.from(body) : (body ?? null);
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

/** The accounts, gateways, logs and audit trail of the local gateway, in one SQLite database that several processes may have open. */
export class LogStore {
  /** Who did what here. */
  readonly audit: AuditTrail;
  readonly #db: DatabaseSync;
  readonly #terms: Terms;
  readonly #counts: Counts;
  readonly #reads: Reads;
  readonly #mostBytes: number;
  readonly #directory: Directory;
  readonly #insertLog: StatementSync;
  readonly #insertBodies: StatementSync;
  readonly #insertMetadata: StatementSync;
  readonly #selectLog: StatementSync;
  readonly #selectLogs: StatementSync;

  /**
   * @param path a file, made when absent, or ":memory:"
   * @throws when the file is no database or was made by another version
   */
  constructor(path: string, options: { mostBytes?: number } = {}) {
    this.#db = openDatabase(path);
    this.audit = new AuditTrail(this.#db);
    this.#terms = new Terms(this.#db);
    this.#counts = new Counts(this.#db);
    this.#directory = new Directory(this.#db);
    this.#reads = new Reads(this.#db, this.#terms, this.#counts);
    this.#mostBytes = options.mostBytes ?? MOST_BYTES;
    const marks = LOG_COLUMNS.map(() => "?").join(", ");
    this.#insertLog = this.#db.prepare(`INSERT INTO logs (${LOG_COLUMNS.join(", ")}) VALUES (${marks})`);
    this.#insertBodies = this.#db.prepare("INSERT OR REPLACE INTO bodies (seq, request, response) VALUES (?, ?, ?)");
    this.#insertMetadata = this.#db.prepare(
      "INSERT INTO metadata_terms (gateway, term, created_at, seq) VALUES (?, ?, ?, ?)",
    );
    this.#selectLog = this.#db.prepare("SELECT * FROM logs WHERE seq = ?");
    this.#selectLogs = this.#db.prepare("SELECT * FROM logs WHERE seq IN (SELECT value FROM json_each(?))");
  }

  /** Adds an account; one that is there is renamed. */
  addAccount(account: Account): void {
    this.#directory.addAccount(account);
  }

  /** Adds a gateway; one that is there gets the new settings. */
  addGateway(gateway: NewGateway): void {
    this.#directory.addGateway(gateway);
  }

  /** Removes a gateway with all its logs. False when there is none of that name. */
  removeGateway(gateway: GatewayRef): boolean {
    return this.#write(() => {
      this.#counts.write();
      return this.#directory.removeGateway(gateway);
    });
  }

  /** Does all of `work` or, when it throws, nothing of it. */
  atomically<T>(work: () => T): T {
    return this.#write(work);
  }

  /** All accounts, oldest first. */
  accounts(): Account[] {
    return this.#directory.accounts();
  }

  /** All gateways of an account, oldest first, as the API shows them (facts 1.3). */
  gateways(accountId: string): GatewayRow[] {
    return this.#directory.gateways(accountId);
  }

  /**
   * Stores logs, all or none.
   * @throws RangeError for a gateway that was not added or a `createdAt` that is no date; an error for an id that is taken.
   */
  insert(logs: Iterable<NewLog>): void {
    this.#write(() => {
      for (const log of logs) this.#insertOne(log);
    });
  }

  /** Runs `work` and sets the mark, all or nothing, unless the mark is set already. */
  once(mark: string, work: () => void): void {
    this.#write(() => {
      const { changes } = this.#db.prepare("INSERT OR IGNORE INTO marks (name) VALUES (?)").run(mark);
      if (changes !== 0) work();
    });
  }

  /** One page of rows. An unknown gateway has none. */
  list(gateway: GatewayRef, query: LogQuery, limit: number, offset: number): LogRow[] {
    const key = this.#directory.keyOf(gateway);
    if (key === undefined) return [];
    const seqs = this.#reads.page(planOf(key, query, this.#terms), limit, offset);
    const rows = new Map(this.#selectLogs.all(JSON.stringify(seqs)).map((columns) => [columns["seq"], columns]));
    return seqs.flatMap((seq) => {
      const columns = rows.get(seq);
      return columns === undefined ? [] : [rowOf(columns, this.#terms)];
    });
  }

  /** How many logs the query finds. */
  count(gateway: GatewayRef, query: LogQuery): number {
    const key = this.#directory.keyOf(gateway);
    return key === undefined ? 0 : this.#reads.count(planOf(key, query, this.#terms));
  }

  /** `min_…` and `max_…` of cost, duration and tokens over the logs the query finds; null where none has a value. */
  bounds(gateway: GatewayRef, query: LogQuery): Record<string, SQLOutputValue> {
    const key = this.#directory.keyOf(gateway);
    return key === undefined ? {} : this.#reads.bounds(planOf(key, query, this.#terms));
  }

  /** One log with its heads, if it is there. */
  detail(gateway: GatewayRef, id: string): LogRow | undefined {
    const columns = this.#find(gateway, id);
    if (columns === undefined) return undefined;
    const bodies = this.#db
      .prepare(
        `SELECT substr(request, 1, ${HEAD_BYTES}) AS request, substr(response, 1, ${HEAD_BYTES}) AS response FROM bodies WHERE seq = ?`,
      )
      .get(Number(columns["seq"]));
    return {
      ...rowOf(columns, this.#terms),
      ...headOf("request", bodies?.["request"], Number(columns["request_size"])),
      ...headOf("response", bodies?.["response"], Number(columns["response_size"])),
    };
  }

  /** A stored body with the content type it came with, if there is one. */
  body(
    gateway: GatewayRef,
    id: string,
    which: "request" | "response",
  ): { contentType?: string; bytes: Uint8Array } | undefined {
    const columns = this.#find(gateway, id);
    if (columns === undefined) return undefined;
    const bytes = this.#db.prepare(`SELECT ${which} AS body FROM bodies WHERE seq = ?`).get(Number(columns["seq"]))?.[
      "body"
    ];
    if (!(bytes instanceof Uint8Array)) return undefined;
    const type = columns[`${which}_content_type`];
    return typeof type === "number" ? { contentType: this.#terms.textOf(type), bytes } : { bytes };
  }

  /** Stores the bodies of a log that came without them: the live gateway writes them some seconds after the row (facts 1.1). */
  storeBodies(gateway: GatewayRef, id: string, bodies: { request?: Body; response?: Body }): void {
    this.#write(() => {
      const seq = this.#find(gateway, id)?.["seq"];
      if (seq === undefined) throw new RangeError("No such log.");
      const request = bytesOf(bodies.request);
      const response = bytesOf(bodies.response);
      this.#putBodies(Number(seq), request, response);
      this.#db
        .prepare("UPDATE logs SET request_size = ?, response_size = ? WHERE seq = ?")
        .run(request?.length ?? 0, response?.length ?? 0, seq);
    });
  }

  /** Changes feedback, score and metadata. False when there is no such log. */
  patch(gateway: GatewayRef, id: string, patch: LogPatch): boolean {
    return this.#write(() => {
      const columns = this.#find(gateway, id);
      if (columns === undefined) return false;
      const seq = Number(columns["seq"]);
      this.#note(columns, -1);
      if (patch.score !== undefined) this.#db.prepare("UPDATE logs SET score = ? WHERE seq = ?").run(patch.score, seq);
      if (patch.feedback !== undefined) {
        const term = patch.feedback === null ? null : this.#terms.numberOf("feedback", String(patch.feedback));
        this.#db.prepare("UPDATE logs SET feedback = ? WHERE seq = ?").run(term, seq);
      }
      if (patch.metadata !== undefined) {
        this.#dropMetadata(columns);
        this.#db.prepare("UPDATE logs SET metadata = ? WHERE seq = ?").run(json(patch.metadata), seq);
      }
      const changed = this.#selectLog.get(seq) ?? {};
      this.#note(changed, 1);
      if (patch.metadata !== undefined) this.#addMetadata(changed);
      return true;
    });
  }

  /** Row numbers of the first logs the query finds, for `remove`. */
  select(gateway: GatewayRef, query: LogQuery, limit: number): number[] {
    const key = this.#directory.keyOf(gateway);
    return key === undefined ? [] : this.#reads.page(planOf(key, query, this.#terms), limit, 0);
  }

  /** Removes logs by row number; those gone already are passed over. */
  remove(seqs: readonly number[]): void {
    this.#write(() => {
      const removeLog = this.#db.prepare("DELETE FROM logs WHERE seq = ?");
      const removeBodies = this.#db.prepare("DELETE FROM bodies WHERE seq = ?");
      for (const seq of seqs) {
        const columns = this.#selectLog.get(seq);
        if (columns === undefined) continue;
        this.#note(columns, -1);
        this.#dropMetadata(columns);
        removeLog.run(seq);
        removeBodies.run(seq);
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

  #find(gateway: GatewayRef, id: string): Record<string, SQLOutputValue> | undefined {
    const key = this.#directory.keyOf(gateway);
    return key === undefined
      ? undefined
      : this.#db.prepare("SELECT * FROM logs WHERE gateway = ? AND id = ?").get(key, id);
  }

  #insertOne(log: NewLog): void {
    const gateway = this.#directory.keyOf(log);
    if (gateway === undefined) throw new RangeError(`No gateway "${log.gatewayId}" in account "${log.accountId}".`);
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
    this.#putBodies(seq, request, response);
    const columns = { gateway, seq, created_at: createdAt, metadata };
    this.#addMetadata(columns);
    this.#counts.change(
      gateway,
      createdAt,
      [...facets.filter((term) => term !== null), ...this.#metadataTerms(columns)],
      1,
    );
  }

  #putBodies(seq: number, request: Uint8Array | null, response: Uint8Array | null): void {
    const size = (request?.length ?? 0) + (response?.length ?? 0);
    if ((request !== null || response !== null) && size <= this.#mostBytes)
      this.#insertBodies.run(seq, request, response);
  }

  #metadataTerms(columns: Record<string, SQLOutputValue>): Set<number> {
    const terms = new Set<number>();
    const { metadata } = columns;
    if (typeof metadata !== "string") return terms;
    for (const [key, value] of Object.entries(JSON.parse(metadata) as Metadata)) {
      terms.add(this.#terms.numberOf("metadata.key", key)).add(this.#terms.numberOf("metadata.value", String(value)));
    }
    return terms;
  }

  #addMetadata(columns: Record<string, SQLOutputValue>): void {
    for (const term of this.#metadataTerms(columns)) {
      this.#insertMetadata.run(Number(columns["gateway"]), term, Number(columns["created_at"]), Number(columns["seq"]));
    }
  }

  #dropMetadata(columns: Record<string, SQLOutputValue>): void {
    const drop = this.#db.prepare(
      "DELETE FROM metadata_terms WHERE gateway = ? AND term = ? AND created_at = ? AND seq = ?",
    );
    for (const term of this.#metadataTerms(columns)) {
      drop.run(Number(columns["gateway"]), term, Number(columns["created_at"]), Number(columns["seq"]));
    }
  }

  #note(columns: Record<string, SQLOutputValue>, by: 1 | -1): void {
    const facets = FACET_COLUMNS.map(([, column]) => columns[column]).filter((term) => typeof term === "number");
    this.#counts.change(
      Number(columns["gateway"]),
      Number(columns["created_at"]),
      [...facets, ...this.#metadataTerms(columns)],
      by,
    );
  }
}
