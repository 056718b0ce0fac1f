import { cut, MATCHED_TEXT, type Check, type Log } from "../../source/log.ts";
import { amountOf, metadataIn, present, type Row, textOf } from "../../source/parsing.ts";
import { identified, type Asked } from "./schema.ts";

/*
 * Rows of `GET /api/ai-gateway/guardrails/logs` (docs/verifywise-api.md: Guardrail logs), of both generations. Parsing is
 * tolerant, as that of calls' rows is.
 */

/** Limit on the characters of a check's name: more than a row shows. */
const LONGEST_NAME = 512;

const ACTIONS: readonly Check["action"][] = ["blocked", "masked"];

function checkOf(row: Row): Check {
  const named = [row["guardrail_name"] ?? row["guardrail_type"], row["entity_type"]];
  const name = named.flatMap((one) => textOf(one) ?? []).join(" · ") || "unknown";
  return { name: cut(name, LONGEST_NAME), ...present({ action: ACTIONS.find((one) => one === row["action_taken"]) }) };
}

/** Returns what a row says, by names of our own: it has no tags of a caller. */
const entriesOf = (row: Row) =>
  metadataIn({
    guardrail: textOf(row["guardrail_name"]),
    type: textOf(row["guardrail_type"]),
    entity: textOf(row["entity_type"]),
    action: textOf(row["action_taken"]),
    endpoint_id: row["endpoint_id"],
    [MATCHED_TEXT]: textOf(row["matched_text"]),
  });

/** Parses a guardrail's row; undefined without an ID or a valid time. */
export function parseCheck(value: unknown, { readAt }: Pick<Asked, "readAt">): Log | undefined {
  const known = identified(value);
  if (!known) return undefined;
  const { row, id, createdAt } = known;
  const check = checkOf(row);
  const action = textOf(row["action_taken"]);
  return {
    id,
    createdAt,
    provider: "",
    path: "",
    // A call that was blocked didn't succeed.
    success: check.action !== "blocked",
    cached: false,
    customCost: false,
    metadata: entriesOf(row),
    check,
    readAt,
    raw: row,
    ...present({
      durationMs: amountOf(row["execution_time_ms"]),
      guardrails: action && cut(`${check.name}: ${action}`, LONGEST_NAME),
    }),
  };
}
