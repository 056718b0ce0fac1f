import type { DatabaseSync, StatementSync } from "node:sqlite";

const FINE = 300_000;
const DAY = 86_400_000;

/** Pseudo-term for "every log". */
export const EVERY_LOG = 0;

/** From (inclusive) to (exclusive), in ms since 1970. */
export type Window = { from: number; to: number };

type Pieces = { whole: { width: number; first: number; end: number }[]; ragged: Window[] };

function piecesOf(window: Window): Pieces {
  const pieces: Pieces = { whole: [], ragged: [] };
  const split = ({ from, to }: Window, width: number, rest: (window: Window) => void) => {
    if (from >= to) return;
    const first = Math.ceil(from / width);
    const end = Math.floor(to / width);
    if (first >= end) return rest({ from, to });
    pieces.whole.push({ width, first, end });
    if (from < first * width) rest({ from, to: first * width });
    if (end * width < to) rest({ from: end * width, to });
  };
  split(window, DAY, (part) => split(part, FINE, (ragged) => pieces.ragged.push(ragged)));
  return pieces;
}

/**
 * Numbers of a gateway's logs by term, for every five minutes and every day, so that counting a window doesn't read its
 * logs.
 */
export class Counts {
  readonly #add: StatementSync;
  readonly #prune: StatementSync;
  readonly #sum: StatementSync;
  /** gateway → five minutes → term → unwritten change. */
  readonly #changes = new Map<number, Map<number, Map<number, number>>>();

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      "INSERT INTO counts (gateway, term, width, bucket, n) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
    );
    this.#prune = db.prepare(
      "DELETE FROM counts WHERE gateway = ? AND term = ? AND width = ? AND bucket = ? AND n = 0",
    );
    this.#sum = db.prepare(
      `SELECT sum(n) AS n FROM json_each(?) AS t CROSS JOIN counts AS c
       WHERE c.gateway = ? AND c.term = t.value AND c.width = ? AND c.bucket >= ? AND c.bucket < ?`,
    );
  }

  /** Notes that a log with these terms was added (`by` 1) or removed (−1). */
  change(gateway: number, createdAt: number, terms: Iterable<number>, by: 1 | -1): void {
    let buckets = this.#changes.get(gateway);
    if (buckets === undefined) this.#changes.set(gateway, (buckets = new Map()));
    const bucket = Math.floor(createdAt / FINE);
    let changes = buckets.get(bucket);
    if (changes === undefined) buckets.set(bucket, (changes = new Map([[EVERY_LOG, 0]])));
    changes.set(EVERY_LOG, (changes.get(EVERY_LOG) ?? 0) + by);
    for (const term of terms) changes.set(term, (changes.get(term) ?? 0) + by);
  }

  /** Writes the noted changes. Call within the transaction that wrote the logs. */
  write(): void {
    const days = new Map<number, Map<number, number>>();
    for (const [gateway, buckets] of this.#changes) {
      days.clear();
      for (const [bucket, changes] of buckets) {
        const day = Math.floor((bucket * FINE) / DAY);
        let sums = days.get(day);
        if (sums === undefined) days.set(day, (sums = new Map()));
        for (const [term, n] of changes) {
          this.#put(gateway, term, FINE, bucket, n);
          sums.set(term, (sums.get(term) ?? 0) + n);
        }
      }
      for (const [day, sums] of days) for (const [term, n] of sums) this.#put(gateway, term, DAY, day, n);
    }
    this.#changes.clear();
  }

  /** Drops the noted changes after a rollback. */
  forget(): void {
    this.#changes.clear();
  }

  /** Sums the window's logs over the terms. `rest`: counts the logs of a partial bucket at either end. */
  sum(gateway: number, terms: readonly number[], window: Window, rest: (ragged: Window) => number): number {
    const { whole, ragged } = piecesOf(window);
    let total = 0;
    const list = JSON.stringify(terms);
    for (const { width, first, end } of whole)
      total += Number(this.#sum.get(list, gateway, width, first, end)?.["n"] ?? 0);
    for (const part of ragged) total += rest(part);
    return total;
  }

  #put(gateway: number, term: number, width: number, bucket: number, n: number): void {
    if (n === 0) return;
    this.#add.run(gateway, term, width, bucket, n);
    if (n < 0) this.#prune.run(gateway, term, width, bucket);
  }
}
