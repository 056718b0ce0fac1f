// Sources: what one doesn't do by itself is done in its rows, and nothing is lost between pages.
import { mutantsOf } from "./mutant.ts";

export const SOURCES = [
  ...mutantsOf("src/source/rows.ts", ["source/rows.test.ts", "source/contract.test.ts"], {
    "rows-unchecked": ["return { ...page, logs: page.logs.filter(fits), rows", "return { ...page, rows"],
    "rows-total-kept": ["rows, total: undefined, isSorted", "rows, isSorted"],
    "rows-order-claimed": [
      "page.isSorted && (query.order === undefined || lists",
      "page.isSorted || (query.order === undefined && lists",
    ],
    "rows-walk-unchecked": ["fits ? { ...page, logs: page.logs.filter(fits) } : page", "page"],
    "rows-newer-unchecked": ["fits ? { ...found, logs: found.logs.filter(fits) } : found", "found"],
    "rows-range-ignored": ["const ofTime = lists.byTime ? undefined : range;", "const ofTime = undefined;"],
    "rows-first-page-only": ["if (found || !next) return found;", "return found;"],
    "rows-refusal-is-none": ['error.reason === "notFound")) throw error;', "error.reason)) throw error;"],
    "rows-any-id-asked": ["if (isId && asksForNone(query, isId))", "if (isId && false)"],
    "rows-changed-kept": ["source.changes ? undefined : new ListedRows()", "new ListedRows()"],
  }),
  ...mutantsOf("src/sources/verifywise/find.ts", ["verifywise/find.test.ts"], {
    "find-ties-in-order": ["logs[0]?.createdAt.getTime() !== logs.at(-1)?.createdAt.getTime()", "true"],
    "find-strict-order": ["const MARGIN = 100;", "const MARGIN = 1;"],
    "find-moved-is-none": ['if (!page) return "moved";', "if (!page) return undefined;"],
  }),
  ...mutantsOf("src/sources/verifywise/rate-limit.ts", ["verifywise/rate-limit.test.ts"], {
    "limit-all-of-it": ["Math.floor(remaining / 2)", "remaining * 2"],
    "limit-no-reserve": ["Math.max(1, Math.ceil(limit / 10))", "0"],
    "limit-refusal-forgotten": ["if (now < this.#refusal.until) return", "if (false) return"],
  }),
  ...mutantsOf("src/sources/verifywise/runs.ts", ["verifywise/runs.test.ts"], {
    "runs-first-of-several": ["found.length === 1 ? found[0] : undefined", "found[0]"],
    "runs-other-numbers": ["(created_at === undefined || instant === time)", "true"],
    "runs-not-all": ["return areAll && instant", "return instant"],
    "runs-asked-again": ['if (server.runs === "missing") return log;', ""],
  }),
  ...mutantsOf("src/source/walk.ts", ["source/contract.test.ts"], {
    "walk-begins-anew": ["!(reached && isBehind(log, reached))", "true"],
    "walk-loses-second": ["secondOf(log) > reached.second ||", "secondOf(log) >= reached.second ||"],
    "walk-first-page": ["} while (cursor);", "} while (false);"],
  }),
  ...mutantsOf("src/logs/newer.ts", ["source/contract.test.ts"], {
    "newer-one-page": ["fresh.length < page.logs.length ? undefined : page.next", "undefined"],
  }),
  ...mutantsOf("src/sources/cloudflare/list.ts", ["source/contract.test.ts", "logs/listing.test.ts"], {
    "list-oldest-is-newest": [
      'oldest: { orderBy: "createdAt", direction: "asc" }',
      'oldest: { orderBy: "createdAt", direction: "desc" }',
    ],
    "list-known-again": ["else if (place.known.has(id)) return;", "else if (!id) return;"],
  }),
  ...mutantsOf("src/sources/cloudflare/wire-keys.ts", ["source/contract.test.ts", "cloudflare/filter.test.ts"], {
    "wire-tokens-swapped": ['["tokensIn", "tokens_in"]', '["tokensIn", "tokens_out"]'],
  }),
  ...mutantsOf("src/sources/verifywise/purge.ts", ["verifywise/purge.test.ts"], {
    "purge-batches-ignored": ["deleted >= batches * BATCH;", "false;"],
    "purge-limit-unknown": ["hasMore: deleted >= BATCHES * BATCH }", "hasMore: false }"],
    "purge-any-answer": ["z.int().check(z.nonnegative())", "z.number()"],
  }),
];
