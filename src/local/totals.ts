/**
 * Totals that a gateway keeps reporting for a while after a deletion: rows disappear first, `total_count` follows
 * (API notes: Deleting logs).
 */
export class Totals {
  readonly #told = new Map<string, { scope: string; total: number; staleUntil: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Returns a query's total: the previously reported one while that is kept, else the true one. */
  tell(scope: string, query: string, count: () => number): number {
    const name = `${scope} ${query}`;
    const before = this.#told.get(name);
    if (before !== undefined && this.#now() < before.staleUntil) return before.total;
    const total = count();
    this.#told.delete(name);
    this.#told.set(name, { scope, total, staleUntil: 0 });
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= 500) break;
      this.#told.delete(oldest);
    }
    return total;
  }

  /** Keeps a gateway's reported totals until `time` (ms since 1970). */
  keepUntil(scope: string, time: number): void {
    for (const one of this.#told.values()) if (one.scope === scope) one.staleUntil = time;
  }
}
