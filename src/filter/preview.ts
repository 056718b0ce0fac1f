import { isAborted } from "../source/errors.ts";
import type { Filter } from "../query/query-line.ts";
import type { Page, Query } from "../source/query.ts";
import { matchesRow } from "../source/match.ts";
import type { Log } from "../source/log.ts";

/** What is known of what a filter would show. */
export type Preview<Found> =
  { state: "asking" } | { state: "told"; found: Found } | { state: "failed"; error: unknown };

/** `read`: how many rows the logs were found in; `total`: how many the source counts, if it does; `exact`: all of those fit. */
export type FoundLogs = { logs: readonly Log[]; read: number; total: number | undefined; exact: boolean };

/** Runs something after some ms, unless the function that is returned is called before. */
export type Later = (run: () => void, ms: number) => () => void;

const timer: Later = (run, ms) => {
  const timeout = setTimeout(run, ms);
  return () => clearTimeout(timeout);
};

/** Rows that are shown below the line. */
export const ROWS = 5;

/** Rows that are looked through for what the source cannot filter. */
const LOOKED_THROUGH = 50;

type List = (query: Query, signal: AbortSignal) => Promise<Page>;

/** Finds the newest logs that a filter would show: one call. */
export const logFinder =
  (list: List) =>
  async ({ conditions, search, clientSide }: Filter, signal: AbortSignal): Promise<FoundLogs> => {
    const size = clientSide.length > 0 ? LOOKED_THROUGH : ROWS;
    const page = await list({ conditions, narrowing: clientSide, search, size }, signal);
    const logs = page.logs.filter((log) => matchesRow(log, clientSide));
    const known = page.logs.length + page.malformed;
    const { rows = known, total } = page;
    return { logs, read: rows, total, exact: clientSide.length === 0 && rows === known && total !== undefined };
  };

/** Asks what a filter would show while it is being typed: one call for each that is waited with, and only the last answer counts. */
export class FilterPreview<F, Found> {
  readonly #find: (filter: F, signal: AbortSignal) => Promise<Found>;
  readonly #tell: (preview: Preview<Found>) => void;
  readonly #later: Later;
  #abort = new AbortController();
  #cancel = (): void => {};

  constructor(
    find: (filter: F, signal: AbortSignal) => Promise<Found>,
    tell: (preview: Preview<Found>) => void,
    later: Later = timer,
  ) {
    this.#find = find;
    this.#tell = tell;
    this.#later = later;
  }

  /** Asks after `wait` ms for this filter in place of the one before, whose call is given up. */
  ask(filter: F, wait: number): void {
    this.stop();
    this.#tell({ state: "asking" });
    const { signal } = (this.#abort = new AbortController());
    this.#cancel = this.#later(() => void this.#ask(filter, signal), wait);
  }

  /** Gives up what is waited for and what is under way. */
  stop(): void {
    this.#cancel();
    this.#abort.abort();
  }

  async #ask(filter: F, signal: AbortSignal): Promise<void> {
    try {
      const found = await this.#find(filter, signal);
      if (!signal.aborted) this.#tell({ state: "told", found });
    } catch (error) {
      if (!signal.aborted && !isAborted(error)) this.#tell({ state: "failed", error });
    }
  }
}

/** The newest of the rows that were found, as many as are shown. */
export const newestOf = <Row>(rows: readonly Row[]): readonly Row[] => rows.slice(0, ROWS);
