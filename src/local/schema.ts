import { DatabaseSync } from "node:sqlite";
import { AUDIT_FIELD_NAMES } from "./audit/filters.ts";

/** Columns of `logs` that hold the id of a term, by the filter key they answer to. Each has an index with a value's logs by time. */
export const FACETS = {
  provider: "provider",
  model: "model",
  model_type: "model_type",
  request_type: "request_type",
  request_content_type: "request_content_type",
  response_content_type: "response_content_type",
  user_agent: "user_agent",
  dlp_action: "dlp_action",
  success: "success",
  cached: "cached",
  authentication: "authentication",
  wholesale: "wholesale",
  compatibilityMode: "compatibility_mode",
  feedback: "feedback",
} as const;

export type FacetKey = keyof typeof FACETS;

/*
 * Why it is shaped so. A page is "one gateway, a window of time, perhaps one more condition, newest first, and how many there
 * are". Texts that repeat (provider, model, …) are stored once in `terms`; a log holds their numbers, so each index entry is a
 * few bytes and a condition of any operator is a set of numbers found by looking at the distinct texts only. The page is then
 * one walk down an index that is already in the order asked for. What would still grow with the number of logs in the window is
 * counting them, so `counts` keeps, for each term, how many logs there are per five minutes and per day: a window's total is a
 * few hundred small numbers plus the logs in its two ragged ends. `metadata_terms` is the same index for metadata keys and values.
 * Conditions on numbers (cost, tokens, duration) do pass over the window, but over index entries only: the index by time carries
 * those numbers.
 */
const TABLES = `
CREATE TABLE accounts (id TEXT PRIMARY KEY, name TEXT NOT NULL, created_on INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE gateways (
  key INTEGER PRIMARY KEY, account_id TEXT NOT NULL, id TEXT NOT NULL, created_at INTEGER NOT NULL, settings TEXT NOT NULL,
  UNIQUE (account_id, id)
);
CREATE TABLE marks (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE terms (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (kind, value));
CREATE TABLE logs (
  seq INTEGER PRIMARY KEY, gateway INTEGER NOT NULL, id TEXT NOT NULL, created_at INTEGER NOT NULL, path INTEGER NOT NULL,
  ${Object.values(FACETS)
    .map((column) => `${column} INTEGER`)
    .join(", ")},
  status_code INTEGER, duration REAL NOT NULL, tokens_in INTEGER, tokens_out INTEGER, cost REAL, custom_cost INTEGER,
  score REAL, event_id TEXT, step INTEGER, metadata TEXT, usage_metadata TEXT, timings TEXT,
  request_size INTEGER NOT NULL, response_size INTEGER NOT NULL
);
CREATE UNIQUE INDEX logs_by_id ON logs (gateway, id);
CREATE INDEX logs_by_created_at ON logs (gateway, created_at, cost, tokens_in, tokens_out, duration);
CREATE INDEX logs_by_event ON logs (gateway, event_id) WHERE event_id IS NOT NULL;
${Object.values(FACETS)
  .map((column) => `CREATE INDEX logs_by_${column} ON logs (gateway, ${column}, created_at);`)
  .join("\n")}
CREATE TABLE metadata_terms (
  gateway INTEGER NOT NULL, term INTEGER NOT NULL, created_at INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (gateway, term, created_at, seq)
) WITHOUT ROWID;
CREATE TABLE bodies (seq INTEGER PRIMARY KEY, request, response);
CREATE TABLE counts (
  gateway INTEGER NOT NULL, term INTEGER NOT NULL, width INTEGER NOT NULL, bucket INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (gateway, term, width, bucket)
) WITHOUT ROWID;
`;

const AUDIT_TABLE = `
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, account_id TEXT NOT NULL, time INTEGER NOT NULL,
  description TEXT, user_agent TEXT, request TEXT, response TEXT, resource_uri TEXT,
  ${AUDIT_FIELD_NAMES.map((name) => `${name} TEXT`).join(", ")}
);
CREATE UNIQUE INDEX audit_by_id ON audit (account_id, id);
CREATE INDEX audit_by_time ON audit (account_id, time, seq);
`;

/** What made each version out of the one before it; new tables come as a further step. */
const STEPS = [TABLES, AUDIT_TABLE];

const busy = new WeakSet<DatabaseSync>();

/** Runs `work` as one transaction: all of it is stored or nothing is. Inside another transaction it becomes part of that one. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  if (busy.has(db)) return work();
  db.exec("BEGIN IMMEDIATE");
  busy.add(db);
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  } finally {
    busy.delete(db);
  }
}

/**
 * Opens the database (a file, or ":memory:"), making the tables it has not yet. Safe with several processes on one file.
 * @throws when the file is no database or was made by a newer version.
 */
export function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    db.exec(
      "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536",
    );
    const version = () => Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version() > STEPS.length) throw new Error("The log database was made by another version of this extension.");
    if (version() < STEPS.length) {
      inTransaction(db, () => {
        db.exec(`${STEPS.slice(version()).join("\n")} PRAGMA user_version = ${STEPS.length}`);
      });
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
