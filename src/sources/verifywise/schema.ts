import * as z from "zod/mini";
import type { Origin } from "../../source/fields.ts";
import type { BodyHead, BodyLack, LogDetail } from "../../source/log.ts";
import { amountOf, cutTexts, isObject, metadataIn, present, textOf, type Row } from "../../source/parsing.ts";

/*
 * Rows of `GET /api/ai-gateway/spend/logs` (docs/verifywise-api.md: Rows), of both generations. Parsing is tolerant: an
 * odd field is missing and never drops the row.
 */

/** 1: Express does everything. 2: a proxy to FastAPI (docs/verifywise-api.md: Generations). */
export type Generation = 1 | 2;

const rowShape = z.object({ id: z.union([z.number(), z.string()]), created_at: z.string() });

/** Returns a time's milliseconds; it has three or six decimals, or none. */
export function timeOf(value: string): Date | undefined {
  const time = new Date(/(?:z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** Returns a row with its ID and its time; undefined without either. */
export function identified(value: unknown): { row: Row; id: string; createdAt: Date } | undefined {
  const parsed = z.safeParse(rowShape, value);
  const createdAt = parsed.success ? timeOf(parsed.data.created_at) : undefined;
  return parsed.success && createdAt ? { row: value as Row, id: String(parsed.data.id), createdAt } : undefined;
}

/** The mark in the middle of a text that was cut (docs/verifywise-api.md: Bodies). */
const CUT = / \.\.\. \(truncated \d+ chars\) \.\.\. /;

/** Number of a request's messages that the first generation keeps, the last ones. */
const MOST_MESSAGES = 3;

function headOf(value: unknown, isExcerpt: boolean): BodyHead {
  const head = typeof value === "string" ? value : JSON.stringify(value);
  return { head, size: Buffer.byteLength(head), complete: true, ...(isExcerpt ? { isExcerpt } : {}) };
}

/** Returns the recorded messages as text; undefined if there are none. */
export function messagesOf(row: unknown): string | undefined {
  const messages = isObject(row) ? row["request_messages"] : undefined;
  return Array.isArray(messages) && messages.length > 0 ? JSON.stringify(messages) : undefined;
}

/** Returns the recorded request as a body: the messages that were kept, with the model. */
function requestOf(row: Row, generation: Generation): BodyHead {
  const messages = row["request_messages"];
  if (!Array.isArray(messages))
    return { complete: false, lack: "request_messages" in row ? "recordingOff" : "notListed" };
  const body = { ...present({ model: textOf(row["model"]) }), messages };
  return headOf(body, (generation === 1 && messages.length >= MOST_MESSAGES) || CUT.test(JSON.stringify(messages)));
}

/** Returns the recorded response as a body: the answer's text, or what went wrong. */
function responseOf(row: Row): BodyHead {
  const message = textOf(row["error_message"]);
  const text = row["response_text"];
  if (message && !text) return headOf({ error: { message } }, false);
  if (typeof text === "string") return headOf(text, CUT.test(text));
  const lack: BodyLack = !("response_text" in row)
    ? "notListed"
    : Array.isArray(row["request_messages"])
      ? "streamed"
      : "recordingOff";
  return { complete: false, lack };
}

/** Who made the call: a key, or a user in the playground. */
function callerOf(row: Row): Pick<LogDetail, "user" | "key" | "origin"> {
  const key = textOf(row["virtual_key_name"]) ?? amountOf(row["virtual_key_id"])?.toString();
  const name = textOf(row["user_name"]);
  const user = name === "unknown" ? undefined : name;
  const isPlayground = row["source"] === "playground" || (row["source"] === undefined && user !== undefined);
  const origin: Origin | undefined =
    key !== undefined || row["source"] === "virtual-key" ? "key" : isPlayground ? "playground" : undefined;
  return present({ user, key, origin });
}

/** Returns the endpoint's name; null for one that was deleted, which has another sign in each generation. */
function endpointOf(row: Row): string | null {
  const { endpoint_slug: slug, endpoint_name: name } = row;
  const isDeleted = slug === null || (slug === undefined && name === "Deleted endpoint");
  return isDeleted ? null : (textOf(name) ?? null);
}

/** When rows were asked for, in ms since 1970; the generation that answered; and the origin that was asked for. */
export type Asked = { readAt: number; generation: Generation; origin?: Origin | undefined };

/** Parses a row; undefined without an ID or a valid time. Its generation decides what is a success. */
export function parseRow(value: unknown, { readAt, generation, origin }: Asked): LogDetail | undefined {
  const known = identified(value);
  if (!known) return undefined;
  const { row, id, createdAt } = known;
  const statusCode = amountOf(row["status_code"]);
  const model = textOf(row["model"]);
  // The second generation has the provider in the model's name, if at all.
  const provider = textOf(row["provider"]) ?? model?.match(/^([\w-]+)\//)?.[1];
  const { texts, recorded } = cutTexts((field) => ({ provider, model })[field as "provider" | "model"]);
  const { request_messages: _, response_text: _text, ...raw } = row;
  return {
    id,
    createdAt,
    provider: texts.provider ?? "",
    path: "",
    success: statusCode === undefined || (generation === 1 ? statusCode === 200 : statusCode < 400),
    cached: isObject(row["metadata"]) && row["metadata"]["cache_hit"] === true,
    customCost: false,
    metadata: isObject(row["metadata"]) ? metadataIn(row["metadata"]) : {},
    endpoint: endpointOf(row),
    ...present({ origin }),
    ...callerOf(row),
    readAt,
    raw,
    request: requestOf(row, generation),
    response: responseOf(row),
    ...present({
      model: texts.model,
      statusCode,
      durationMs: amountOf(row["latency_ms"]),
      latencyMs: amountOf(row["latency_ms"]),
      tokensIn: amountOf(row["prompt_tokens"]),
      tokensOut: amountOf(row["completion_tokens"]),
      costUsd: amountOf(row["cost_usd"] ?? row["cost"]),
      recorded,
    }),
  };
}

/** A list's answer: its rows and total, and the generation that it is of; "down": the gateway behind it isn't there. */
export type ListAnswer = { generation: Generation; rows: unknown[]; total: number | undefined } | "down";

/**
 * Parses the answer of a list (docs/verifywise-api.md: Generations); undefined if it's none. `member`: the one that has
 * the rows, unless they are an array of their own.
 */
export function parseList(answer: unknown, member: "rows" | "logs" = "rows"): ListAnswer | undefined {
  if (!isObject(answer)) return undefined;
  const { data } = answer;
  // Only the first generation's own answers have a message.
  if (Array.isArray(data) && data.length === 0 && !("message" in answer)) return "down";
  if (Array.isArray(data)) return { generation: 1, rows: data, total: undefined };
  const held = isObject(data) ? data : answer;
  const rows = held[member];
  if (!Array.isArray(rows)) return undefined;
  return { generation: isObject(data) ? 1 : 2, rows, total: amountOf(held["total"]) };
}
