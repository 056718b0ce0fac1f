import type { NewLog } from "../log.ts";
import { newLogId } from "../ids.ts";
import type { NewEvent } from "./events.ts";

/* How a call may be recorded as an event: the real names are unknown (docs/workers-observability-api.md: Records). */

const textOf = (body: NewLog["request"]): string | undefined =>
  body === undefined || body === null
    ? undefined
    : typeof body === "string"
      ? body
      : Buffer.from(body).toString("utf8");

/** Drops members that are undefined. */
const present = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

type Shape = (log: NewLog & { id: string }) => NewEvent["record"];

/** By the names that the gateway's own API has. */
const flat: Shape = (log) => ({
  $metadata: { service: "ai-gateway", type: "ai-gateway", statusCode: log.statusCode },
  source: present({
    log_id: log.id,
    gateway: log.collectionId,
    model: log.model,
    provider: log.provider,
    path: log.path,
    tokens_in: log.tokensIn,
    tokens_out: log.tokensOut,
    cost: log.cost,
    duration: log.durationMs,
    status_code: log.statusCode,
    success: log.success,
    cached: log.cached ?? false,
    metadata: log.metadata,
    event_id: log.eventId,
    step: log.step,
    request_type: log.requestType,
    request_content_type: log.requestContentType,
    response_content_type: log.responseContentType,
    user_agent: log.userAgent,
    request: textOf(log.request),
    response: textOf(log.response),
  }),
});

/** By OpenTelemetry's names, as the gateway exports spans. */
const openTelemetry: Shape = (log) => ({
  $metadata: present({
    service: log.collectionId,
    traceId: log.eventId,
    spanId: log.id,
    duration: log.durationMs,
    statusCode: log.statusCode,
    level: log.success ? "info" : "error",
  }),
  source: present({
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": log.model,
    "gen_ai.provider.name": log.provider,
    "gen_ai.usage.input_tokens": log.tokensIn,
    "gen_ai.usage.output_tokens": log.tokensOut,
    "gen_ai.usage.cost": log.cost,
    "gen_ai.input.messages": textOf(log.request),
    "gen_ai.output.messages": textOf(log.response),
  }),
});

/** By names that are in no list. */
const nested: Shape = (log) => ({
  $metadata: {},
  source: {
    call: present({
      gw: log.collectionId,
      llm: present({ vendor: log.provider, name: log.model }),
      usage: present({ in: log.tokensIn, out: log.tokensOut }),
      took: log.durationMs,
      http: log.statusCode,
      price: log.cost,
    }),
    io: present({ asked: textOf(log.request), answered: textOf(log.response) }),
  },
});

const SHAPES = { flat, openTelemetry, nested };

/** The names of the shapes. */
export type ShapeName = keyof typeof SHAPES;

/** Returns a call as an event. */
export function eventOf(log: NewLog, shape: ShapeName): NewEvent {
  const id = log.id ?? newLogId(log.createdAt);
  const record = SHAPES[shape]({ ...log, id });
  return { id, timestamp: log.createdAt.getTime(), gateway: log.collectionId, record };
}
