import type { Conditions } from "../../source/source.ts";

/** Number of logs of a batch. */
export const BATCH = 50;

/**
 * Splits IDs into batches of one call each: one page of rows, so that one GET reads a batch. Even 50 IDs of 64 hex
 * digits make a URL of less than 4,000 characters.
 */
export function* piecesOf(ids: readonly string[]): Generator<string[]> {
  for (let start = 0; start < ids.length; start += BATCH) yield ids.slice(start, start + BATCH);
}

/**
 * Returns the condition for the logs with these IDs. The caller checks that several values mean "any of
 * them", which an API may not document.
 */
export const byIds = (ids: readonly string[]): Conditions => [{ key: "id", operator: "eq", value: [...ids] }];
