import { isAborted } from "../cloudflare/errors.ts";
import type { Filter } from "../cloudflare/filter/query-line.ts";
import type { LogPage, LogQuery } from "../cloudflare/logs.ts";
import { matchesRow } from "../cloudflare/filter/row-filter.ts";
import type { Log } from "../cloudflare/schema.ts";

/** What is known of what a filter would show. */
export type Preview<Found> =
  { state: "asking" } | { state: "told"; found: Found } | { state: "failed"; error: unknown };

/** `read`: how many rows the logs were found in; `total`: how many the API counts; `exact`: all of those fit. */
export type FoundLogs = { logs: readonly Log[]; read: number; total: number; exact: boolean };

/** Runs something after some ms, unless the function that is returned is called before. */
export type Later = (run: () => void, ms: number) => () => void;

const timer: Later = (run, ms) => {
  const timeout = setTimeout(run, ms);
  return () => clearTimeout(timeout);
};

/** Rows that are shown below the line. */
export const ROWS = 5;

/** Rows that are looked through for what the API cannot filter: the most that it gives (API notes: Paging). */
const LOOKED_THROUGH = 50;

type List = (query: LogQuery, signal: AbortSignal) => Promise<LogPage>;

/** Finds the newest logs that a filter would show: one call. */
export const logFinder =
  (list: List) =>
  async ({ conditions, search, clientSide }: Filter, signal: AbortSignal): Promise<FoundLogs> => {
    const perPage = clientSide.length > 0 ? LOOKED_THROUGH : ROWS;
    const page = await list({ filters: conditions, search, perPage }, signal);
    const logs = page.logs.filter((log) => matchesRow(log, clientSide));
    return { logs, read: page.rows, total: page.total, exact: clientSide.length === 0 && page.unmeant === 0 };
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
