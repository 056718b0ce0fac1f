import type { Citation } from "../../conversation.ts";
import type { JsonRecord } from "../../json/json.ts";

const OWN_KEYS = ["text", "url", "title"];

/** Merges known facts of a source with its other fields as received; conflicting fields are kept apart. */
export function citation(rest: JsonRecord | undefined, known: JsonRecord): Citation {
  const isMistakable = rest !== undefined && OWN_KEYS.some((key) => key in rest && typeof rest[key] !== "string");
  return { ...(isMistakable ? { source: rest } : rest), ...known };
}
