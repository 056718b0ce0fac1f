import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Interned texts, each stored once and identified by a number. Terms are never removed, so the cache stays valid. */
export class Terms {
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #read: StatementSync;
  readonly #all: StatementSync;
  readonly #numbers = new Map<string, Map<string, number>>();
  readonly #texts = new Map<number, string>();

  constructor(db: DatabaseSync) {
    this.#find = db.prepare("SELECT id FROM terms WHERE kind = ? AND value = ?");
    this.#add = db.prepare("INSERT INTO terms (kind, value) VALUES (?, ?)");
    this.#read = db.prepare("SELECT value FROM terms WHERE id = ?");
    this.#all = db.prepare("SELECT id, value FROM terms WHERE kind = ?");
  }

  /** Returns a text's number, assigning one to a new text. Call within a transaction. */
  numberOf(kind: string, value: string): number {
    const known = this.find(kind, value);
    if (known !== undefined) return known;
    return this.#remember(kind, value, Number(this.#add.run(kind, value).lastInsertRowid));
  }

  /** Returns a text's number, if any log ever had the text. */
  find(kind: string, value: string): number | undefined {
    const known = this.#numbers.get(kind)?.get(value);
    if (known !== undefined) return known;
    const row = this.#find.get(kind, value);
    return row === undefined ? undefined : this.#remember(kind, value, Number(row["id"]));
  }

  /** Returns a number's text. */
  textOf(id: number): string {
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    const text = String(this.#read.get(id)?.["value"] ?? "");
    this.#texts.set(id, text);
    return text;
  }

  /** Returns the numbers of all matching texts of a kind. */
  matching(kind: string, test: (value: string) => boolean): number[] {
    const ids: number[] = [];
    for (const row of this.#all.iterate(kind)) if (test(String(row["value"]))) ids.push(Number(row["id"]));
    return ids;
  }

  /** Clears the cache, after a rollback. */
  forget(): void {
    this.#numbers.clear();
    this.#texts.clear();
  }

  #remember(kind: string, value: string, id: number): number {
    const numbers = this.#numbers.get(kind) ?? new Map<string, number>();
    // Millions of logs may have as many distinct metadata values: cache the frequent ones, not everything.
    if (numbers.size >= 20_000) numbers.clear();
    this.#numbers.set(kind, numbers.set(value, id));
    return id;
  }
}
