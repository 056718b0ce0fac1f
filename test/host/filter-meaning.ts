import { DatabaseSync } from "node:sqlite";
import type { Condition, ConditionValue } from "../../src/source/conditions.ts";
import type { Filter } from "../../src/query/query-line.ts";

/*
 * A filter's meaning, as SQL on the local gateway's own tables. It shares nothing with the gateway's planner or with
 * the extension's row checks.
 */

type Sql = { text: string; values: (string | number)[] };

const FACETS = {
  provider: "provider",
  model: "model",
  modelType: "model_type",
  requestType: "request_type",
  requestContentType: "request_content_type",
  responseContentType: "response_content_type",
  userAgent: "user_agent",
  dlpAction: "dlp_action",
  success: "success",
  cached: "cached",
  authentication: "authentication",
  wholesale: "wholesale",
  compatibilityMode: "compatibility_mode",
  feedback: "feedback",
  path: "path",
};

/** A view of the logs with their texts, and one of their metadata entries as texts. */
const VIEWS = `
CREATE TEMP VIEW texts AS SELECT id, created_at, metadata, event_id AS eventId, status_code AS statusCode, step, score, cost, duration,
  tokens_in AS tokensIn, tokens_out AS tokensOut, CASE WHEN tokens_in IS NOT NULL OR tokens_out IS NOT NULL
  THEN coalesce(tokens_in, 0) + coalesce(tokens_out, 0) END AS tokens,
  ${Object.entries(FACETS)
    .map(([key, column]) => `(SELECT value FROM terms WHERE terms.id = logs.${column}) AS "${key}"`)
    .join(", ")} FROM logs;
CREATE TEMP VIEW entries AS SELECT logs.id AS log, tag.key AS name,
  CASE tag.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(tag.value AS TEXT) END AS value
  FROM logs, json_each(logs.metadata) AS tag WHERE logs.metadata IS NOT NULL;
CREATE TEMP VIEW rows AS SELECT *, CASE
  WHEN EXISTS (SELECT 1 FROM entries WHERE log = texts.id AND name = 'source' AND value = 'playground') THEN 'playground'
  WHEN authentication = 'true' THEN 'key'
  WHEN authentication = 'false' AND userAgent GLOB 'Mozilla/*' THEN 'playground' END AS source
  FROM texts;
`;

const SIGNS = { eq: "=", neq: "=", lt: "<", gt: ">" };
const NUMBERS = ["cost", "tokens", "tokensIn", "tokensOut", "duration", "feedback", "statusCode", "step", "score"];

const either = (parts: Sql[]): Sql => ({
  text: `(${parts.map(({ text }) => text).join(" OR ") || "0"})`,
  values: parts.flatMap(({ values }) => values),
});
const both = (parts: Sql[]): Sql => ({
  text: parts.map(({ text }) => `(${text})`).join(" AND ") || "1",
  values: parts.flatMap(({ values }) => values),
});
const not = ({ text, values }: Sql): Sql => ({ text: `NOT ifnull((${text}), 0)`, values });

/** Compares one value with a column; null is "has none". */
function compared(column: string, { key, operator }: Condition, value: ConditionValue): Sql {
  if (value === null) return { text: `${column} IS NULL`, values: [] };
  if (operator === "contains") return { text: `instr(${column}, ?) > 0`, values: [String(value)] };
  const sign = SIGNS[operator];
  if (NUMBERS.includes(key)) return { text: `CAST(${column} AS REAL) ${sign} ?`, values: [Number(value)] };
  return { text: `${column} ${sign} ?`, values: [String(value)] };
}

function anyOf(column: string, condition: Condition): Sql {
  const found = either(condition.value.map((value) => compared(column, condition, value)));
  return condition.operator === "neq" ? not(found) : found;
}

/** Times are compared by their whole seconds: "later" is a later second. */
function atTime({ operator, value }: Condition): Sql {
  const parts = value.map((one): Sql => {
    const second = Math.floor(Date.parse(String(one)) / 1000) * 1000;
    if (operator === "lt") return { text: "created_at < ?", values: [second] };
    if (operator === "gt") return { text: "created_at >= ?", values: [second + 1000] };
    return { text: "created_at / 1000 = ?", values: [second / 1000] };
  });
  return operator === "neq" ? not(either(parts)) : either(parts);
}

const entry = ({ text, values }: Sql): Sql => ({
  text: `EXISTS (SELECT 1 FROM entries WHERE log = rows.id AND ${text})`,
  values,
});

function tag(condition: Condition): Sql {
  const column = condition.key === "metadataKey" ? "name" : "value";
  const isOrdered = condition.operator === "lt" || condition.operator === "gt";
  return either(
    condition.value.map((value) =>
      isOrdered
        ? { text: `CAST(value AS REAL) ${SIGNS[condition.operator as "lt"]} ?`, values: [Number(value)] }
        : compared(column, condition, value),
    ),
  );
}

/**
 * The API checks keys and values separately; within its results, a key and the values after it must be of one entry.
 */
function tags(conditions: readonly Condition[]): Sql[] {
  const apart = conditions.map((one) => (one.operator === "neq" ? not(entry(tag(one))) : entry(tag(one))));
  const pairs: Condition[][] = [];
  const early: Condition[] = [];
  for (const one of conditions) {
    if (one.key === "metadataValue") (pairs.at(-1) ?? early).push(one);
    else if (one.operator !== "neq") pairs.push([one, ...early.splice(0)]);
  }
  const paired = pairs.map((group) =>
    entry(both(group.map((one) => (one.operator === "neq" ? not(tag(one)) : tag(one))))),
  );
  return [...apart, ...paired];
}

function path({ operator, value }: Condition): Sql {
  if (operator === "eq") return either(value.map((one) => ({ text: "path = ?", values: [String(one)] })));
  const found = either(value.map((one) => ({ text: "instr(lower(path), lower(?)) > 0", values: [String(one)] })));
  return operator === "neq" ? not(found) : found;
}

function meaningOf(condition: Condition): Sql {
  if (condition.key === "createdAt") return atTime(condition);
  return condition.key === "path" ? path(condition) : anyOf(`"${condition.key}"`, condition);
}

function searched(search: string): Sql {
  const places = ["path", "model", "provider", "metadata"];
  return either(places.map((place) => ({ text: `instr(lower(${place}), lower(?)) > 0`, values: [search] })));
}

/** Queries the database itself for a filter's logs; returns their IDs in order. */
export function startAsking(file: string) {
  const db = new DatabaseSync(file);
  db.exec(VIEWS);
  return {
    ids: ({ conditions, search, clientSide }: Filter): string[] => {
      const isTag = ({ key }: Condition) => key.startsWith("metadata");
      const all = both([
        ...[...conditions, ...clientSide].filter((one) => !isTag(one)).map(meaningOf),
        ...tags(conditions.filter(isTag)),
        ...(search === "" ? [] : [searched(search)]),
      ]);
      const rows = db.prepare(`SELECT id FROM rows WHERE ${all.text} ORDER BY id`).all(...all.values);
      return rows.map(({ id }) => String(id));
    },
    close: () => db.close(),
  };
}
