import { type JsonRecord, restOf } from "../../json/json.ts";

/** Returns the fields that a record's reader doesn't know, and fields of `texts` that aren't text. */
export function restBesideTexts(
  record: JsonRecord,
  texts: readonly string[],
  known: Iterable<string> = [],
): JsonRecord | undefined {
  return restOf(record, new Set([...known, ...texts.filter((key) => typeof record[key] === "string")]));
}
