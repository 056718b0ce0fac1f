import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { type Counts, EVERY_LOG, type Window } from "./counts.ts";
import { type FacetCondition, type Plan, type Sql, whereSql } from "./plan.ts";
import type { Terms } from "./terms.ts";

/** With more alternatives, merging index scans costs more than skipping logs that don't match. */
const MOST_WALKS = 24;

/** A facet with an index by time, and the terms (null: no value) to scan it for. */
type Walk = { facet: FacetCondition; terms: (number | null)[] };

/** Executes plans: page, count, bounds. */
export class Reads {
  readonly #db: DatabaseSync;
  readonly #terms: Terms;
  readonly #counts: Counts;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, terms: Terms, counts: Counts) {
    this.#db = db;
    this.#terms = terms;
    this.#counts = counts;
  }

  /** Returns one page's row numbers, in the plan's order, ties by ID. */
  page(plan: Plan, limit: number, offset: number): number[] {
    const walk = plan.byTime ? this.#bestWalk(plan) : undefined;
    if (walk === undefined) {
      const hint = plan.byTime || isNamed(plan) ? ` INDEXED BY ${plan.index}` : "";
      const where = whereSql(plan, plan.window);
      return this.#seqs(
        `SELECT l.seq FROM logs AS l${hint} WHERE ${where.text} ORDER BY ${plan.order} LIMIT ? OFFSET ?`,
        [...where.values, limit, offset],
      );
    }
    if (walk.terms.length === 0) return [];
    const walks = walk.terms.map((term): Sql => {
      const { text, values } = walkSql(plan, plan.window, walk.facet, term);
      return {
        text: `SELECT * FROM (SELECT l.seq, l.created_at, l.id ${text} ORDER BY ${walkOrder(plan, walk.facet)} LIMIT ?)`,
        values: [...values, limit + offset],
      };
    });
    // UNION instead of UNION ALL, because a log may have two of the metadata values.
    return this.#seqs(
      `SELECT l.seq FROM (${walks.map((one) => one.text).join(" UNION ")}) AS l ORDER BY ${plan.order} LIMIT ? OFFSET ?`,
      [...walks.flatMap((one) => one.values), limit, offset],
    );
  }

  /** Counts the plan's logs. */
  count(plan: Plan): number {
    const { window } = plan;
    if (plan.rest.length > 0 || plan.facets.length > 1) return this.#countRows(plan, window);
    const [facet] = plan.facets;
    const ragged: Window[] = [];
    const every = this.#counts.sum(plan.gateway, [EVERY_LOG], window, (part) => (ragged.push(part), 0));
    let whole = every;
    if (facet !== undefined) {
      const found = this.#countWhole(plan.gateway, facet, window, every);
      if (found === undefined) return this.#countRows(plan, window);
      whole = facet.negated ? every - found : found;
    }
    return ragged.reduce((sum, part) => sum + this.#countRows(plan, part), whole);
  }

  /** Returns the minimum and maximum of cost, duration and tokens. */
  bounds(plan: Plan): Record<string, SQLOutputValue> {
    const where = whereSql(plan, plan.window);
    const columns = ["cost", "duration", "tokens_in", "tokens_out"].map((name) => [`l.${name}`, name]);
    columns.push(["coalesce(l.tokens_in, 0) + coalesce(l.tokens_out, 0)", "total_tokens"]);
    const list = columns.map(([sql, name]) => `min(${sql}) AS min_${name}, max(${sql}) AS max_${name}`).join(", ");
    const hint = isNamed(plan) ? ` INDEXED BY ${plan.index}` : "";
    return { ...this.#prepare(`SELECT ${list} FROM logs AS l${hint} WHERE ${where.text}`).get(...where.values) };
  }

  #countWhole(gateway: number, facet: FacetCondition, window: Window, every: number): number | undefined {
    const sum = (terms: number[]) => this.#counts.sum(gateway, terms, window, () => 0);
    if (facet.column === "metadata") return facet.orMissing || facet.terms.length > 1 ? undefined : sum(facet.terms);
    if (facet.terms.length > 2000) return undefined;
    const missing = facet.orMissing ? every - sum(this.#terms.matching(facet.kind, () => true)) : 0;
    return sum(facet.terms) + missing;
  }

  #countRows(plan: Plan, window: Window): number {
    const walk = this.#bestWalk(plan);
    if (walk !== undefined && (walk.terms.length < 2 || walk.facet.column !== "metadata")) {
      return walk.terms.reduce<number>((sum, term) => {
        const { text, values } = walkSql(plan, window, walk.facet, term);
        return sum + Number(this.#prepare(`SELECT count(*) AS n ${text}`).get(...values)?.["n"]);
      }, 0);
    }
    const where = whereSql(plan, window);
    const sql = `SELECT count(*) AS n FROM logs AS l INDEXED BY ${plan.index} WHERE ${where.text}`;
    return Number(this.#prepare(sql).get(...where.values)?.["n"]);
  }

  #bestWalk(plan: Plan): Walk | undefined {
    if (isNamed(plan)) return undefined;
    const walks = plan.facets.map((facet) => this.#walkOf(facet)).filter((walk) => walk !== undefined);
    if (walks.length < 2) return walks[0];
    const size = (walk: Walk) => {
      if (walk.terms.includes(null)) return Number.MAX_SAFE_INTEGER;
      const terms = walk.terms.filter((term) => term !== null);
      return this.#counts.sum(plan.gateway, terms, plan.window, () => 0);
    };
    return walks.map((walk) => ({ walk, size: size(walk) })).sort((a, b) => a.size - b.size)[0]?.walk;
  }

  #walkOf(facet: FacetCondition): Walk | undefined {
    if (facet.column === "metadata") {
      if (facet.negated || facet.orMissing || facet.terms.length > MOST_WALKS) return undefined;
      return { facet, terms: facet.terms };
    }
    const missing = facet.orMissing !== facet.negated;
    let { terms } = facet;
    if (facet.negated) {
      const excluded = new Set(terms);
      terms = this.#terms.matching(facet.kind, () => true).filter((term) => !excluded.has(term));
    }
    if (terms.length > MOST_WALKS) return undefined;
    return { facet, terms: missing ? [...terms, null] : terms };
  }

  #seqs(sql: string, values: SQLInputValue[]): number[] {
    return this.#prepare(sql)
      .all(...values)
      .map((row) => Number(row["seq"]));
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= 100) this.#statements.clear();
      this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    }
    return statement;
  }
}

const isNamed = ({ index }: Plan): boolean => index !== "logs_by_created_at";

/** The same order, by columns of the table whose index already has it. */
function walkOrder(plan: Plan, facet: FacetCondition): string {
  return facet.column === "metadata" ? plan.order.replace("l.created_at", "m.created_at") : plan.order;
}

/** Returns FROM and WHERE for scanning the facet's index for one term. */
function walkSql(plan: Plan, window: Window, facet: FacetCondition, term: number | null): Sql {
  const where = whereSql(plan, window, facet);
  if (facet.column === "metadata") {
    return {
      text: `FROM metadata_terms AS m CROSS JOIN logs AS l NOT INDEXED ON l.seq = m.seq
        WHERE m.gateway = ? AND m.term = ? AND m.created_at >= ? AND m.created_at < ? AND ${where.text}`,
      values: [plan.gateway, term ?? EVERY_LOG, window.from, window.to, ...where.values],
    };
  }
  const from = `FROM logs AS l INDEXED BY logs_by_${facet.column} WHERE l.${facet.column}`;
  return term === null
    ? { text: `${from} IS NULL AND ${where.text}`, values: where.values }
    : { text: `${from} = ? AND ${where.text}`, values: [term, ...where.values] };
}
