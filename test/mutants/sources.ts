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
    "rows-range-ignored": ["const within = lists.byTime ? undefined : range;", "const within = undefined;"],
    "rows-first-page-only": ["if (found || !next) return found;", "return found;"],
    "rows-refusal-is-none": ['error.reason === "notFound") return [];', "error.reason) return [];"],
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
