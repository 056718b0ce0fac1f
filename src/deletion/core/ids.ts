import type { Conditions } from "../../cloudflare/deletion.ts";
import { PER_PAGE } from "../../cloudflare/pages.ts";

/**
 * Splits IDs into batches of one call each: one page of rows, so that one GET reads a batch. Even 50 IDs of 64 hex
 * digits make a URL of less than 4,000 characters.
 */
export function* piecesOf(ids: readonly string[]): Generator<string[]> {
  for (let start = 0; start < ids.length; start += PER_PAGE) yield ids.slice(start, start + PER_PAGE);
}

/**
 * Returns the condition for the logs with these IDs. The API doesn't document that several values mean "any of them"
 * (API notes: Filters).
 */
export const byIds = (ids: readonly string[]): Conditions => [{ key: "id", operator: "eq", value: [...ids] }];
