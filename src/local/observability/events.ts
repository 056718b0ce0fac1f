import type { DatabaseSync, StatementSync } from "node:sqlite";
import { inTransaction } from "../schema.ts";
import type { CollectionRef } from "../log.ts";

/** An event as the API returns it, but for its data set, its time and its ID. */
export type NewEvent = {
  id: string;
  /** "ai-gateway" unless it's another. */
  dataset?: string;
  /** In ms since 1970. */
  timestamp: number;
  /** The gateway, for the analytics. */
  gateway?: string;
  record: Record<string, unknown>;
};

/** A stored event: its ID, time, data set, and all of it as JSON. */
export type EventRow = { id: string; timestamp: number; dataset: string; json: string };

/** A text has at most so many characters; longer ones are cut (docs/workers-observability-api.md: Cut strings). */
const LONGEST = 262_144;

const cut = (_key: string, value: unknown): unknown =>
  typeof value === "string" && value.length > LONGEST ? value.slice(0, LONGEST) : value;

/** The events of Workers Observability, and calls that nothing was logged of. */
export class EventStore {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = db.prepare("INSERT INTO events VALUES (NULL, ?, ?, ?, ?, ?, ?)");
  }

  /** Stores events of an account, all or none. @throws Error for a duplicate ID */
  insert(accountId: string, events: Iterable<NewEvent>): void {
    inTransaction(this.#db, () => {
      for (const { id, dataset = "ai-gateway", timestamp, gateway, record } of events) {
        const { $metadata, ...rest } = record;
        const event = { dataset, timestamp, ...rest, $metadata: { ...($metadata as object | undefined), id } };
        this.#insert.run(accountId, id, dataset, gateway ?? null, timestamp, JSON.stringify(event, cut));
      }
    });
  }

  /** Removes an account's events, as their retention does. */
  clear(accountId: string): void {
    this.#db.prepare("DELETE FROM events WHERE account_id = ?").run(accountId);
  }

  /** Counts calls that nothing is logged of. */
  addCalls({ sourceId, collectionId }: CollectionRef, at: Date, calls: number): void {
    this.#db.prepare("INSERT INTO unlogged VALUES (?, ?, ?, ?)").run(sourceId, collectionId, at.getTime(), calls);
  }

  /** Yields an account's events from one time to another, both included, newest first; after one of them, if it's known. */
  *between(accountId: string, from: number, to: number, after?: string): Generator<EventRow> {
    const last = after === undefined ? undefined : this.#db.prepare(SELECT_ONE).get(accountId, after);
    const [time, id] = last ? [Number(last["timestamp"]), String(last["id"])] : [to + 1, ""];
    for (const { id: own, timestamp, dataset, json } of this.#db
      .prepare(SELECT)
      .iterate(accountId, from, to, time, time, id))
      yield { id: String(own), timestamp: Number(timestamp), dataset: String(dataset), json: String(json) };
  }

  /** Returns the times of a gateway's events and calls without logs, with their numbers. */
  calls({ sourceId, collectionId }: CollectionRef, from: number, to: number): { at: number; calls: number }[] {
    const rows = this.#db.prepare(SELECT_CALLS).all(sourceId, collectionId, from, to, sourceId, collectionId, from, to);
    return rows.map(({ at, calls }) => ({ at: Number(at), calls: Number(calls) }));
  }
}

/** Rows before (`timestamp`, `id`) of the last one. */
const SELECT = `
SELECT id, timestamp, dataset, json FROM events
WHERE account_id = ? AND timestamp >= ? AND timestamp <= ? AND (timestamp < ? OR (timestamp = ? AND id < ?))
ORDER BY timestamp DESC, id DESC`;
const SELECT_ONE = "SELECT id, timestamp FROM events WHERE account_id = ? AND id = ?";
const SELECT_CALLS = `
SELECT timestamp AS at, 1 AS calls FROM events
WHERE account_id = ? AND gateway = ? AND timestamp >= ? AND timestamp <= ?
UNION ALL SELECT at, calls FROM unlogged WHERE account_id = ? AND gateway = ? AND at >= ? AND at <= ?`;
