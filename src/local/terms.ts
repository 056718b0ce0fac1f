import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Texts that repeat, each stored once and known by a number. Terms are never removed, so what was read once stays true. */
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

  /** The number of a text, giving it one when it is new. Call within a transaction. */
  numberOf(kind: string, value: string): number {
    const known = this.find(kind, value);
    if (known !== undefined) return known;
    return this.#remember(kind, value, Number(this.#add.run(kind, value).lastInsertRowid));
  }

  /** The number of a text, if any log ever had it. */
  find(kind: string, value: string): number | undefined {
    const known = this.#numbers.get(kind)?.get(value);
    if (known !== undefined) return known;
    const row = this.#find.get(kind, value);
    return row === undefined ? undefined : this.#remember(kind, value, Number(row["id"]));
  }

  /** The text behind a number. */
  textOf(id: number): string {
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    const text = String(this.#read.get(id)?.["value"] ?? "");
    this.#texts.set(id, text);
    return text;
  }

  /** Numbers of all texts of a kind that pass. */
  matching(kind: string, test: (value: string) => boolean): number[] {
    const ids: number[] = [];
    for (const row of this.#all.iterate(kind)) if (test(String(row["value"]))) ids.push(Number(row["id"]));
    return ids;
  }

  /** Forgets what was read, for after a transaction that was rolled back. */
  forget(): void {
    this.#numbers.clear();
    this.#texts.clear();
  }

  #remember(kind: string, value: string, id: number): number {
    const numbers = this.#numbers.get(kind) ?? new Map<string, number>();
    // A store of millions of logs may have as many distinct metadata values: keep what repeats, not everything.
    if (numbers.size >= 20_000) numbers.clear();
    this.#numbers.set(kind, numbers.set(value, id));
    return id;
  }
}
