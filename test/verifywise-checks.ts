// The guardrails' part of the server in verifywise-server.ts: their logs, over SQLite.
import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** What a guardrail did. */
export type StoredCheck = {
  createdAt: Date;
  type?: string;
  action?: string;
  text?: string;
  entity?: string;
  endpoint?: number;
  name?: string;
  ms?: number;
};

type Row = Record<string, SQLInputValue>;

const TABLE = `CREATE TABLE checks (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, guardrail_type TEXT,
  action_taken TEXT, matched_text TEXT, entity_type TEXT, endpoint_id INTEGER, guardrail_name TEXT,
  execution_time_ms INTEGER)`;

/** A row's time: with an offset and six decimals, or none, in the second generation. */
export function timeIn(generation: 1 | 2, row: Row): string {
  const time = new Date(Number(row["created_at"])).toISOString();
  return generation === 1 ? time : time.replace(/\.000Z|Z/, (end) => (end === "Z" ? "000+00:00" : "+00:00"));
}

/** Adds the guardrails' table to a database. `ties`: the order of rows of one time. */
export function openChecks(db: DatabaseSync) {
  db.exec(TABLE);
  const insert = db.prepare(`INSERT INTO checks (created_at, guardrail_type, action_taken, matched_text, entity_type,
    endpoint_id, guardrail_name, execution_time_ms) VALUES (?,?,?,?,?,?,?,?)`);
  return {
    add: (checks: readonly StoredCheck[]): number[] =>
      checks.map(({ createdAt, type = "pii", action = "masked", text, entity, endpoint, name, ms }) => {
        const values = [type, action, text ?? null, entity ?? null, endpoint ?? null, name ?? null, ms ?? null];
        return Number(insert.run(createdAt.getTime(), ...values).lastInsertRowid);
      }),
    /** The list's answer: no total, and an array of its own in the first generation. */
    listed: (generation: 1 | 2, { limit, offset }: { limit: number; offset: number }, ties: "ASC" | "DESC") => {
      const rows = db
        .prepare(`SELECT * FROM checks ORDER BY created_at DESC, id ${ties} LIMIT ? OFFSET ?`)
        .all(limit, offset) as Row[];
      const logs = rows.map((row) => ({ ...row, created_at: timeIn(generation, row) }));
      return generation === 1 ? { message: "OK", data: logs } : { logs, limit, offset };
    },
  };
}
