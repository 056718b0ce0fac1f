import type { Conditions } from "../../cloudflare/deletion.ts";
import { PER_PAGE } from "../../cloudflare/pages.ts";

/**
 * Ids for one call each: as many as a page has rows, so that one GET reads all of them. Even 50 ids of 64 hex digits make an address
 * of less than 4,000 characters.
 */
export function* piecesOf(ids: readonly string[]): Generator<string[]> {
  for (let start = 0; start < ids.length; start += PER_PAGE) yield ids.slice(start, start + PER_PAGE);
}

/** The condition that finds the logs of these ids. That several values mean "one of them" is nowhere promised (API notes: Filters). */
export const byIds = (ids: readonly string[]): Conditions => [{ key: "id", operator: "eq", value: [...ids] }];
