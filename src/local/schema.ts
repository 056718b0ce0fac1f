import { DatabaseSync } from "node:sqlite";
import { AUDIT_FIELD_NAMES } from "./audit/filters.ts";

/** Columns of `logs` with a term's ID, by filter key. Each has an index of logs by value and time. */
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
 * Why this shape: a page is "one gateway, a time window, perhaps another condition, newest first, and the total".
 * Repeated texts (provider, model, …) are stored once in `terms`, and a log holds their numbers, so each index entry is
 * a few bytes, and a condition with any operator becomes a set of numbers, found by scanning only the distinct texts.
 * The page is then one scan of an index in the requested order. Only counting would still grow with the window's logs,
 * so `counts` has the number of logs per term for every five minutes and every day: a window's total is a sum of a few
 * hundred numbers plus the logs in its two partial ends. `metadata_terms` is the same index for metadata keys and
 * values. Conditions on numbers (cost, tokens, duration) do scan the window, but only index entries: the index by time
 * includes those numbers.
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

const EVENT_TABLES = `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY, account_id TEXT NOT NULL, id TEXT NOT NULL, dataset TEXT NOT NULL, gateway TEXT,
  timestamp INTEGER NOT NULL, json TEXT NOT NULL
);
CREATE UNIQUE INDEX events_by_id ON events (account_id, id);
CREATE INDEX events_by_time ON events (account_id, timestamp, id);
CREATE TABLE unlogged (account_id TEXT NOT NULL, gateway TEXT NOT NULL, at INTEGER NOT NULL, calls INTEGER NOT NULL);
`;

/*
 * Why pieces: an agent sends its whole history with each call, so the bodies of one run are almost the same. A larger
 * body is cut into pieces by its content, and `bodies` has the list of their numbers instead of the bytes. The bytes
 * are in a table of their own: each body counts its use of each piece, and that must not rewrite the pages with bytes.
 * The lists are columns of `bodies`, so that an older version that still has the file open deletes them with the row.
 */
const PIECE_TABLES = `
ALTER TABLE bodies ADD COLUMN request_pieces;
ALTER TABLE bodies ADD COLUMN response_pieces;
CREATE TABLE pieces (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, users INTEGER NOT NULL);
CREATE TABLE piece_bytes (id INTEGER PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB NOT NULL);
`;

/** Migration steps between versions; new tables are a further step. */
const STEPS = [TABLES, AUDIT_TABLE, EVENT_TABLES, PIECE_TABLES];

const busy = new WeakSet<DatabaseSync>();

/** Runs `work` in a transaction: all or nothing. Within another transaction it becomes part of that one. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  return between(db, "BEGIN IMMEDIATE", work);
}

/** Runs reads that see one state of the file, whatever other processes write meanwhile. `read` must not write. */
export function inSnapshot<T>(db: DatabaseSync, read: () => T): T {
  return between(db, "BEGIN", read);
}

function between<T>(db: DatabaseSync, begin: "BEGIN" | "BEGIN IMMEDIATE", work: () => T): T {
  if (busy.has(db)) return work();
  db.exec(begin);
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
 * Opens the database (a file, or ":memory:") and migrates it. Safe with several processes on one file.
 * @throws Error if the file isn't a database or a newer version created it
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
