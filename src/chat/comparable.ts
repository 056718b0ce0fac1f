import { parseBody, unwrap } from "./body/body.ts";
import type { RecordedExchange } from "./conversation.ts";
import { keepSpelling } from "./json/exact-number.ts";
import { isRecord } from "./json/json.ts";
import { readConversation } from "./read.ts";
import { writeJson } from "./json/to-json.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * Fields that differ between otherwise equal calls: IDs and references to them, timestamps and durations, fingerprints,
 * signatures and noise.
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

/** Free-form content of the caller or the model, where an `id` is part of the content. */
const FREE = words(`
  args arguments input inputSchema input_schema json_schema metadata parameters properties response schema
`);

/** Returns a copy without per-call fields, with sorted keys. `isFree`: keeps everything. */
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

/** A list under one of these names holds messages. */
const isFreeAt = (key: string, value: unknown): boolean => FREE.has(key) && !Array.isArray(value);

/**
 * Returns a body as JSON for comparison with another call: keys sorted, without IDs, times and fingerprints. A streamed
 * answer is folded, because no two streams are split alike. Returns undefined if the body isn't JSON; callers then
 * compare it as is.
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
