import { isAborted } from "../cloudflare/errors.ts";
import type { Filter } from "../cloudflare/filter-text.ts";
import type { LogPage, LogQuery } from "../cloudflare/logs.ts";
import { matchesRow } from "../cloudflare/row-filter.ts";
import type { Log } from "../cloudflare/schema.ts";

/** What is known of the logs that a filter would show. */
export type Preview =
  | { state: "asking" }
  /** `read`: how many rows that was found in; `total`: how many the API counts; `exact`: all of those fit. */
  | { state: "told"; logs: readonly Log[]; read: number; total: number; exact: boolean }
  | { state: "failed"; error: unknown };

/** Runs something after some ms, unless the function that is returned is called before. */
export type Later = (run: () => void, ms: number) => () => void;

const timer: Later = (run, ms) => {
  const timeout = setTimeout(run, ms);
  return () => clearTimeout(timeout);
};

/** Rows that are shown below the line. */
const ROWS = 5;

/** Rows that are looked through for what the API cannot filter: the most that it gives (facts 0.9). */
const LOOKED_THROUGH = 50;

type List = (query: LogQuery, signal: AbortSignal) => Promise<LogPage>;

/** Asks which logs a filter would show, while the filter is being typed: one call for each that is waited with, and only the last answer counts. */
export class FilterPreview {
  readonly #list: List;
  readonly #tell: (preview: Preview) => void;
  readonly #later: Later;
  #abort = new AbortController();
  #cancel = (): void => {};

  constructor(list: List, tell: (preview: Preview) => void, later: Later = timer) {
    this.#list = list;
    this.#tell = tell;
    this.#later = later;
  }

  /** Asks after `wait` ms for this filter in place of the one before, whose call is given up. */
  ask(filter: Filter, wait: number): void {
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

  async #ask({ conditions, search, here }: Filter, signal: AbortSignal): Promise<void> {
    try {
      const perPage = here.length > 0 ? LOOKED_THROUGH : ROWS;
      const page = await this.#list({ filters: conditions, search, perPage }, signal);
      if (signal.aborted) return;
      const logs = page.logs.filter((log) => matchesRow(log, here));
      const exact = here.length === 0 && page.unmeant === 0;
      this.#tell({ state: "told", logs, read: page.rows, total: page.total, exact });
    } catch (error) {
      if (!signal.aborted && !isAborted(error)) this.#tell({ state: "failed", error });
    }
  }
}

/** The newest of the logs that were found, as many as are shown. */
export const newestOf = (logs: readonly Log[]): readonly Log[] => logs.slice(0, ROWS);
