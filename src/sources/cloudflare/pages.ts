import type { CallOptions } from "../../source/query.ts";
import type { Caller } from "./http/call.ts";
import { SourceError } from "../../source/errors.ts";

/** Maximum number of logs per page (API notes: Paging). */
export const PER_PAGE = 50;

/** Reads a paged list until a page isn't full: `result_info` has no number of pages (API notes: Paging). */
export async function listAll<T>(
  caller: Caller,
  path: string,
  perPage: number,
  parse: (row: unknown) => T | undefined,
  options?: CallOptions & { search?: string },
): Promise<T[]> {
  const all: T[] = [];
  for (let page = 1; ; page++) {
    const query = new URLSearchParams({ page: String(page), per_page: String(perPage) });
    if (options?.search) query.set("search", options.search);
    const { result, facts } = await caller.get(path, query, options);
    if (!Array.isArray(result)) throw new SourceError("badAnswer", "The answer holds no list.", facts);
    const rows: unknown[] = result;
    all.push(...rows.map(parse).filter((item) => item !== undefined));
    if (rows.length < perPage) return all;
  }
}

/**
 * The page of at most `size` rows that holds the row at `offset` and the most rows after it: pages start at multiples of their size.
 * Where that is less than half of them (at 2,519, no page of up to 10 goes on), a larger one.
 */
export function pageFrom(offset: number, size: number): { page: number; perPage: number } {
  let best = { page: offset + 1, perPage: 1 };
  const isShort = () => best.page * best.perPage - offset - 1 < size / 2;
  for (let perPage = 2; perPage <= size || (perPage <= PER_PAGE && isShort()); perPage++) {
    const page = Math.floor(offset / perPage) + 1;
    if (page * perPage >= best.page * best.perPage) best = { page, perPage };
  }
  return best;
}

/**
 * Whether a page joins the rows that are known, so that none between them was missed: it is the first, has a row that is known, or its
 * rows up to the last known one cannot be read and so cannot tell.
 * @param page its first row's place, and the id of each row, undefined where it cannot be read
 * @param known how many rows there are, and which
 */
export function joins(
  { start, ids }: { start: number; ids: readonly (string | undefined)[] },
  known: { rows: number; has(id: string): boolean },
): boolean {
  if (start === 0 || ids.some((id) => id !== undefined && known.has(id))) return true;
  return start < known.rows && ids.length > 0 && ids.slice(0, known.rows - start).every((id) => id === undefined);
}
