import { parseBody, unwrap } from "./body/body.ts";
import type { RecordedExchange } from "./conversation.ts";
import { keepSpelling } from "./json/exact-number.ts";
import { isRecord } from "./json/json.ts";
import { readConversation } from "./read.ts";
import { writeJson } from "./json/to-json.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * Fields that differ from call to call though nothing else does, since what they hold is made anew for each: ids and what refers
 * to them; times, of a clock or taken; fingerprints, signatures and noise.
 */
const MADE_ANEW = words(`
  id _id call_id conversation_id event_id generation_id interaction_id item_id message_id previous_interaction_id
  previous_response_id request_id requestId response_id responseId session_id tool_call_id tool_use_id toolUseId trace_id
  completed_at completion_time created createTime createdAt created_at eval_duration expires_at finished_at latency
  latencyMs latency_ms load_duration processing_ms prompt_eval_duration prompt_time queue_time started_at time_info
  total_duration total_time updateTime updated_at
  encrypted_content encrypted_index fingerprint nonce obfuscation signature system_fingerprint thoughtSignature
  thought_signature
`);

/** What the caller or the model put together: in it an `id` is part of what is said. */
const FREE = words(`
  args arguments input inputSchema input_schema json_schema metadata parameters properties response schema
`);

/** A copy without what is made anew for each call, its keys sorted. `isFree`: everything is kept. */
function comparable(value: unknown, isFree = false): unknown {
  if (Array.isArray(value))
    return keepSpelling(
      value,
      value.map((item) => comparable(item, isFree)),
    );
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key]) => isFree || !MADE_ANEW.has(key));
  const sorted = kept.sort(([one], [other]) => (one < other ? -1 : 1));
  const copy = sorted.map(([key, member]) => [key, comparable(member, isFree || isFreeAt(key, member))]);
  return keepSpelling(value, Object.fromEntries(copy));
}

/** A list by one of these names is one of messages. */
const isFreeAt = (key: string, value: unknown): boolean => FREE.has(key) && !Array.isArray(value);

/**
 * A body as JSON to be compared with that of another call: keys sorted, without ids, times and fingerprints. A streamed answer
 * is what it comes to, since no two streams are cut alike. undefined where it is no JSON: then it is compared as it is.
 */
export function comparableBody(side: "request" | "response", exchange: RecordedExchange): string | undefined {
  if (side === "request") {
    const body = parseBody(exchange.request, exchange.requestContentType);
    return body.kind === "json" && !body.cut ? textOf(body.value) : undefined;
  }
  const body = unwrap(parseBody(exchange.response, exchange.responseContentType));
  const isStream =
    body.kind === "stream" || (body.kind === "json" && isRecord(body.value) && "streamed_data" in body.value);
  if (isStream) {
    const { answers, usage, error, envelope } = readConversation(exchange);
    return textOf({ answers, usage, error, envelope });
  }
  return body.kind === "json" && !body.cut ? textOf(body.value) : undefined;
}

const textOf = (value: unknown): string => `${writeJson(comparable(value))}\n`;
