import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Body } from "./log.ts";
import { HEAD_BYTES } from "./rows.ts";

/** Returns a body's bytes; null for none. */
export function bytesOf(body: Body | undefined): Uint8Array | null {
  return typeof body === "string" ? Buffer.from(body) : (body ?? null);
}

/** Stored bodies by row number. */
export class Bodies {
  readonly #db: DatabaseSync;
  readonly #mostBytes: number;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;

  /** @param mostBytes limit on a log's two bodies together; larger ones aren't stored */
  constructor(db: DatabaseSync, mostBytes: number) {
    this.#db = db;
    this.#mostBytes = mostBytes;
    this.#insert = db.prepare("INSERT OR REPLACE INTO bodies (seq, request, response) VALUES (?, ?, ?)");
    this.#delete = db.prepare("DELETE FROM bodies WHERE seq = ?");
  }

  /** Stores a log's bodies, unless there are none or they are too large. */
  put(seq: number, request: Uint8Array | null, response: Uint8Array | null): void {
    const size = (request?.length ?? 0) + (response?.length ?? 0);
    if ((request !== null || response !== null) && size <= this.#mostBytes) this.#insert.run(seq, request, response);
  }

  /** Returns the beginnings of both; undefined if none is stored. */
  heads(seq: number): Record<string, SQLOutputValue> | undefined {
    return this.#db
      .prepare(
        `SELECT substr(request, 1, ${HEAD_BYTES}) AS request, substr(response, 1, ${HEAD_BYTES}) AS response FROM bodies WHERE seq = ?`,
      )
      .get(seq);
  }

  /** Deletes a log's bodies. */
  remove(seq: number): void {
    this.#delete.run(seq);
  }

  /** Returns a whole body; undefined if it isn't stored. */
  get(seq: number, which: "request" | "response"): Uint8Array | undefined {
    const body = this.#db.prepare(`SELECT ${which} AS body FROM bodies WHERE seq = ?`).get(seq)?.["body"];
    return body instanceof Uint8Array ? body : undefined;
  }
}
