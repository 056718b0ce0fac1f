import { type JsonRecord, isEmpty } from "../../json/json.ts";

const SPELLINGS = new Map<string, string>();

/** Returns a field by its camelCase name, else by its snake_case name: Google's APIs take both. */
export function field(record: JsonRecord, name: string): unknown {
  const value = record[name];
  if (value !== undefined) return value;
  const spelling = snakeCase(name);
  return spelling === name ? undefined : record[spelling];
}

/** Returns camelCase names in both spellings. */
export function bothSpellings(...names: string[]): ReadonlySet<string> {
  return new Set([...names, ...names.map(snakeCase)]);
}

/** Merges records; undefined if the result is empty. */
export function joined(...records: (JsonRecord | undefined)[]): JsonRecord | undefined {
  const given = records.filter((record) => record !== undefined);
  const whole = given.length === 1 ? given[0] : Object.fromEntries(given.flatMap((record) => Object.entries(record)));
  return isEmpty(whole) ? undefined : whole;
}

function snakeCase(name: string): string {
  let spelling = SPELLINGS.get(name);
  if (spelling === undefined) {
    spelling = name.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
    SPELLINGS.set(name, spelling);
  }
  return spelling;
}
