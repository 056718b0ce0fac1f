import type { SQLOutputValue } from "node:sqlite";
import type { LogRow } from "./log.ts";
import { FACETS } from "./schema.ts";
import type { Terms } from "./terms.ts";

/**
 * The gateway's log detail holds the beginning of a body; the live length is unknown
 * (API notes: Log detail and bodies). Ours is 64 KiB.
 */
export const HEAD_BYTES = 65_536;

const BOOLEANS = new Set(["success", "cached", "authentication", "wholesale", "compatibilityMode"]);

type Columns = Record<string, SQLOutputValue>;

function parsed(json: SQLOutputValue | undefined): unknown {
  return typeof json === "string" ? JSON.parse(json) : null;
}

/**
 * Returns a row of `logs` in the list's form: unknown members are absent, unless the schema requires them
 * (API notes: Log row).
 */
export function rowOf(columns: Columns, terms: Terms): LogRow {
  const row: LogRow = {
    id: String(columns["id"]),
    created_at: new Date(Number(columns["created_at"])).toISOString(),
    path: terms.textOf(Number(columns["path"])),
    model: "",
    duration: columns["duration"],
    tokens_in: columns["tokens_in"],
    tokens_out: columns["tokens_out"],
    metadata: parsed(columns["metadata"]),
    feedback: null,
    score: columns["score"],
  };
  for (const [key, column] of Object.entries(FACETS)) {
    const term = columns[column];
    if (typeof term !== "number") continue;
    const text = terms.textOf(term);
    row[key] = key === "feedback" ? Number(text) : BOOLEANS.has(key) ? text === "true" : text;
  }
  for (const key of ["status_code", "cost", "event_id", "step"]) if (columns[key] !== null) row[key] = columns[key];
  for (const key of ["usage_metadata", "timings"]) if (columns[key] !== null) row[key] = parsed(columns[key]);
  if (columns["custom_cost"] !== null) row["custom_cost"] = columns["custom_cost"] === 1;
  return row;
}

/**
 * Returns the detail's members for one body, from its first `HEAD_BYTES` bytes and its size in bytes. The head ends at
 * a whole character; a body that isn't UTF-8 is never complete. Without a body the head is null, like the live API's
 * before the body is written (API notes: Log detail and bodies).
 */
export function headOf(
  name: "request" | "response",
  start: Uint8Array | undefined,
  size: number,
): Record<string, unknown> {
  let head: string | null = null;
  let complete = false;
  if (start !== undefined) {
    const cut = size > start.length;
    head = new TextDecoder("utf-8", { ignoreBOM: true }).decode(start, { stream: cut });
    complete = !cut && Buffer.from(head).equals(start);
  }
  return { [`${name}_size`]: size, [`${name}_head`]: head, [`${name}_head_complete`]: complete };
}
