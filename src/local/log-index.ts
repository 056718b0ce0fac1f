import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Counts } from "./counts.ts";
import type { Metadata } from "./log.ts";
import { FACETS } from "./schema.ts";
import type { Terms } from "./terms.ts";

const FACET_COLUMNS = Object.values(FACETS);

/** Derived data for finding and counting logs without reading them: metadata terms, and counts by term. */
export class LogIndex {
  readonly #terms: Terms;
  readonly #counts: Counts;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync, terms: Terms, counts: Counts) {
    this.#terms = terms;
    this.#counts = counts;
    this.#insert = db.prepare("INSERT INTO metadata_terms (gateway, term, created_at, seq) VALUES (?, ?, ?, ?)");
    this.#delete = db.prepare(
      "DELETE FROM metadata_terms WHERE gateway = ? AND term = ? AND created_at = ? AND seq = ?",
    );
  }

  /** Adds a row of `logs`. Call within the transaction that wrote it. */
  add(columns: Record<string, SQLOutputValue>): void {
    this.#change(columns, this.#insert, 1);
  }

  /** Removes a row of `logs`, given as it was added. */
  remove(columns: Record<string, SQLOutputValue>): void {
    this.#change(columns, this.#delete, -1);
  }

  #change(columns: Record<string, SQLOutputValue>, write: StatementSync, by: 1 | -1): void {
    const [gateway, createdAt] = [Number(columns["gateway"]), Number(columns["created_at"])];
    const metadata = this.#metadataTerms(columns["metadata"]);
    for (const term of metadata) write.run(gateway, term, createdAt, Number(columns["seq"]));
    const facets = FACET_COLUMNS.map((column) => columns[column]).filter((term) => typeof term === "number");
    this.#counts.change(gateway, createdAt, [...facets, ...metadata], by);
  }

  #metadataTerms(metadata: SQLOutputValue | undefined): Set<number> {
    const terms = new Set<number>();
    if (typeof metadata !== "string") return terms;
    for (const [key, value] of Object.entries(JSON.parse(metadata) as Metadata)) {
      terms.add(this.#terms.numberOf("metadata.key", key)).add(this.#terms.numberOf("metadata.value", String(value)));
    }
    return terms;
  }
}
