import type { Citation } from "../../conversation.ts";
import type { JsonRecord } from "../../json/json.ts";

const OWN_KEYS = ["text", "url", "title"];

/** A citation of what is known of a source, and the rest of it as received; apart where that would be mistaken for it. */
export function citation(rest: JsonRecord | undefined, known: JsonRecord): Citation {
  const isMistakable = rest !== undefined && OWN_KEYS.some((key) => key in rest && typeof rest[key] !== "string");
  return { ...(isMistakable ? { source: rest } : rest), ...known };
}
