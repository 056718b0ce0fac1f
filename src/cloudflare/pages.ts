import type { CallOptions, Caller } from "./http/call.ts";
import { CloudflareError } from "./errors.ts";

/** The most logs that the API gives in a page (API notes: Paging). */
export const PER_PAGE = 50;

/** Walks a paged list until a page is not full: `result_info` has no number of pages (API notes: Paging). */
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
    if (!Array.isArray(result)) throw new CloudflareError("badAnswer", "The answer holds no list.", facts);
    const rows: unknown[] = result;
    all.push(...rows.map(parse).filter((item) => item !== undefined));
    if (rows.length < perPage) return all;
  }
}
