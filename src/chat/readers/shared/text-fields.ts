import { type JsonRecord, restOf } from "../../json/json.ts";

/** The fields of a record that are not known to its reader, and those of `texts` that should be text and are not. */
export function restBesideTexts(
  record: JsonRecord,
  texts: readonly string[],
  known: Iterable<string> = [],
): JsonRecord | undefined {
  return restOf(record, new Set([...known, ...texts.filter((key) => typeof record[key] === "string")]));
}
