import type { CollectionRef } from "../source/log.ts";
import { checkingRows } from "../source/rows.ts";
import type { LogSource } from "../source/source.ts";

/** An account's sources of logs: its collections may be in several stores. */
export type AccountSources = {
  collections: LogSource["collections"];
  /** Returns the source that has a collection's logs; may make calls until that is known. @throws SourceError */
  of(of: CollectionRef): Promise<LogSource>;
  /** Returns the source that has a collection's logs as far as it's known, without a call. */
  known(of: CollectionRef): LogSource;
};

/** Returns the sources of an account with one source. */
export function oneSource(source: LogSource): AccountSources {
  const checked = checkingRows(source);
  return { collections: source.collections, of: () => Promise.resolve(checked), known: () => checked };
}
