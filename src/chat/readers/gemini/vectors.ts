import type { Part } from "../../conversation.ts";
import { type JsonRecord, recordOf, restOf } from "../../json/json.ts";
import { joined } from "./fields.ts";
import { embeddingParts } from "../shared/vectors.ts";

/** Returns an embedding's record, `{[key]: values, statistics, …}`, as parts; undefined without a vector. */
export function vectorParts(value: unknown, key: string, about?: JsonRecord): Part[] | undefined {
  const record = recordOf(value);
  const parts = record && embeddingParts(record[key]);
  const details = record && joined(about, restOf(record, new Set([key])));
  if (parts !== undefined && details !== undefined) for (const part of parts) part.details = details;
  return parts;
}
