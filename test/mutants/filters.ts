// Filters: requests match the filter, and every row is checked again.
import { mutantsOf } from "./mutant.ts";

export const FILTERS = [
  ...mutantsOf("src/source/conditions.ts", ["cloudflare/filter.test.ts"], {
    "condition-of-no-value": ["|| value.length === 0)", ")"],
    "condition-of-any-value": ["!value.every((one) => allowed", "!value.some((one) => allowed"],
    "condition-empty-part": ['typeof value === "string" && value !== ""', 'typeof value === "string"'],
    "condition-february-30": [".slice(0, 10) !== date) return", '.slice(0, 10) === "") return'],
    "condition-infinite": ["Number.isFinite(value)", 'typeof value === "number"'],
  }),
  ...mutantsOf("src/source/match.ts", ["cloudflare/filter.test.ts"], {
    "filter-pairs-any-tags": [
      "group.every((condition) => fits([condition.key",
      "group.some((condition) => fits([condition.key",
    ],
    "filter-second-before": ["seconds.some((other) => second > other)", "seconds.some((other) => second >= other)"],
    "filter-second-after": ["seconds.some((other) => second < other)", "seconds.some((other) => second <= other)"],
    "filter-not-is-any": ['return operator === "neq" ? !hit : hit', "return hit"],
    "filter-null-fits": ["wanted === null ? equality && held.length === 0", "wanted === null ? equality"],
  }),
  ...mutantsOf("src/sources/cloudflare/filter.ts", ["cloudflare/filter.test.ts"], {
    "filter-all-conditions": [
      "return conditions.every((condition) => answers(log, condition));",
      "return conditions.some((condition) => answers(log, condition));",
    ],
    "filter-untold-does-not-fit": ["if (held === undefined) return true;", "if (held === undefined) return false;"],
    "filter-tags-ignored": [
      "entries !== undefined && !entriesFit(entries, conditions)",
      "entries === undefined && !entriesFit([], conditions)",
    ],
  }),
  ...mutantsOf("src/sources/cloudflare/filter.ts", ["deletion/preview.test.ts"], {
    "filter-tells-everything": ["heldBy(log, key) !== undefined", "true"],
  }),
  ...mutantsOf("src/source/match.ts", ["source/row-filter.test.ts"], {
    "row-filter-any": [
      "conditions.every((condition) => isTag(condition) || matchesOne",
      "conditions.some((condition) => isTag(condition) || matchesOne",
    ],
    "row-filter-path-negated": ["return !fits(held, {", "return fits(held, {"],
  }),
  ...mutantsOf("src/query/query-line.ts", ["query/query-line.test.ts"], {
    "line-unknown-key-is-text": [
      "if (isProblem(said)) return said;",
      "if (isProblem(said)) search.push(textOf(word.chars));",
    ],
    "line-unclosed-quote": ['return [{ start: unclosed, end: line.length, problem: "unclosedQuote" }];', "return [];"],
    "line-negation-lost": ['negated ? "neq" : asked', "asked"],
    "line-since-late": ["instant - 1000", "instant"],
  }),
  ...mutantsOf("src/sources/cloudflare/schema.ts", ["cloudflare/schema.test.ts"], {
    "schema-time-of-this-zone": ["`${value}Z`", "value"],
    "schema-empty-id": [
      "const logShape = z.object({ id: z.string().check(z.minLength(1))",
      "const logShape = z.object({ id: z.string()",
    ],
    "schema-head-is-whole": ["head !== undefined && row[`${side}_head_complete`] === true", "head !== undefined"],
    "schema-gateway-secrets": [
      "return { id, ...present({ createdAt, collectLogs }) };",
      "return { ...parsed.data, id, ...present({ createdAt, collectLogs }) };",
    ],
    "schema-infinite-amount": ['typeof number === "number" && Number.isFinite(number)', 'typeof number === "number"'],
  }),
];
