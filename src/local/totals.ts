/** The totals a gateway goes on telling for a while after a deletion: rows go first, `total_count` follows (API notes: Deleting logs). */
export class Totals {
  readonly #told = new Map<string, { scope: string; total: number; staleUntil: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The total to tell for a query of a gateway: the one told before while that is kept stale, else the true one. */
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

  /** Keeps every total told for a gateway as it is until then (ms since 1970). */
  keepUntil(scope: string, time: number): void {
    for (const one of this.#told.values()) if (one.scope === scope) one.staleUntil = time;
  }
}
