import { SourceError } from "../source/errors.ts";
import type { CollectionRef } from "../source/log.ts";
import type { Page, Query } from "../source/query.ts";
import type { LogSource } from "../source/source.ts";
import type { Sessions } from "./session.ts";

/** Returns the source of a collection; undefined once its account is signed out. */
export type SourceOf = (of: CollectionRef) => Promise<LogSource | undefined>;

/** Returns a signed-in account's value, such as its source. @throws SourceError, `signedOut`, if it's undefined */
export function signedIn<Given>(given: Given | undefined): Given {
  if (given === undefined) throw new SourceError("signedOut", "This account is no longer signed in.");
  return given;
}

/** Reads the first page of a query of a collection's logs: one call. */
export type ListLogs = (of: CollectionRef, query: Query, signal: AbortSignal) => Promise<Page>;

/** Reads logs of any source signed in to. */
export const listLogsOf =
  (sessions: Pick<Sessions, "sourceOf">): ListLogs =>
  async (of, query, signal) =>
    signedIn(await sessions.sourceOf(of)).list(of, query, undefined, { signal });
