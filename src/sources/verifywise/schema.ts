import * as z from "zod/mini";
import type { BodyHead, LogDetail, Metadata } from "../../source/log.ts";
import { cutTexts, metadataIn, present } from "../../source/parsing.ts";

/*
 * Rows of `GET /api/ai-gateway/spend/logs` (docs/verifywise-api.md: Rows), of both generations. Parsing is tolerant: an
 * odd field is missing and never drops the row.
 */

/** 1: Express does everything. 2: a proxy to FastAPI (docs/verifywise-api.md: Generations). */
export type Generation = 1 | 2;

type Row = Record<string, unknown>;

const rowShape = z.object({ id: z.union([z.number(), z.string()]), created_at: z.string() });

const isObject = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** Returns a number, also from text: a decimal column comes as a string. */
function amountOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^-?\d/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** Returns a time's milliseconds; it has three or six decimals, or none. */
function timeOf(value: string): Date | undefined {
  const time = new Date(/(?:z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function headOf(value: unknown): BodyHead {
  if (value === null || value === undefined) return { complete: false };
  const head = typeof value === "string" ? value : JSON.stringify(value);
  return { head, size: Buffer.byteLength(head), complete: true };
}

/** Returns the recorded request as a body: the messages that were kept, with the model. */
function requestOf(row: Row): BodyHead {
  const messages = row["request_messages"];
  if (!Array.isArray(messages)) return { complete: false };
  return headOf({ ...present({ model: textOf(row["model"]) }), messages });
}

/** Returns the recorded response as a body: the answer's text, or what went wrong. */
function responseOf(row: Row): BodyHead {
  const message = textOf(row["error_message"]);
  return headOf(row["response_text"] ?? (message && { error: { message } }));
}

/** Who made the call: a key, or a user in the playground. */
function callerOf(row: Row): Metadata {
  const key = textOf(row["virtual_key_name"]) ?? amountOf(row["virtual_key_id"])?.toString();
  const user = textOf(row["user_name"]);
  return { ...(key ? { key } : {}), ...(user && user !== "unknown" ? { user } : {}) };
}

function metadataOf(row: Row): Metadata {
  const own = isObject(row["metadata"]) ? metadataIn(row["metadata"]) : {};
  const endpoint = textOf(row["endpoint_name"]);
  return { ...(endpoint ? { endpoint } : {}), ...callerOf(row), ...own };
}

/** Parses a row; undefined without an ID or a valid time. `readAt`: time of the request, in ms since 1970. */
export function parseRow(value: unknown, readAt: number): LogDetail | undefined {
  const parsed = z.safeParse(rowShape, value);
  const createdAt = parsed.success ? timeOf(parsed.data.created_at) : undefined;
  if (!parsed.success || !createdAt) return undefined;
  const row = value as Row;
  const statusCode = amountOf(row["status_code"]);
  const model = textOf(row["model"]);
  // The second generation has the provider in the model's name, if at all.
  const provider = textOf(row["provider"]) ?? model?.match(/^([\w-]+)\//)?.[1];
  const { texts, recorded } = cutTexts((field) => ({ provider, model })[field as "provider" | "model"]);
  const { request_messages: _, response_text: _text, ...raw } = row;
  return {
    id: String(parsed.data.id),
    createdAt,
    provider: texts.provider ?? "unknown",
    path: "",
    success: statusCode === undefined || statusCode < 400,
    cached: isObject(row["metadata"]) && row["metadata"]["cache_hit"] === true,
    customCost: false,
    metadata: metadataOf(row),
    readAt,
    raw,
    request: requestOf(row),
    response: responseOf(row),
    ...present({
      model: texts.model,
      statusCode,
      durationMs: amountOf(row["latency_ms"]),
      tokensIn: amountOf(row["prompt_tokens"]),
      tokensOut: amountOf(row["completion_tokens"]),
      costUsd: amountOf(row["cost_usd"] ?? row["cost"]),
      recorded,
    }),
  };
}

/** A list's answer: its rows and total, and the generation that it is of; "down": the gateway behind it isn't there. */
export type ListAnswer = { generation: Generation; rows: unknown[]; total: number | undefined } | "down";

/** Parses the answer of a list (docs/verifywise-api.md: Generations); undefined if it's none. */
export function parseList(answer: unknown): ListAnswer | undefined {
  if (!isObject(answer)) return undefined;
  const { data } = answer;
  if (Array.isArray(data)) return data.length === 0 ? "down" : { generation: 1, rows: data, total: undefined };
  const held = isObject(data) ? data : answer;
  if (!Array.isArray(held["rows"])) return undefined;
  return { generation: isObject(data) ? 1 : 2, rows: held["rows"], total: amountOf(held["total"]) };
}
