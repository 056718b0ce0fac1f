import type { RecordedExchange, Step } from "./conversation.ts";
import { isRecord, listOf, textOf } from "./json/json.ts";

/** The provider requests of a universal call, and the logged one. */
export type Universal = { steps: Step[]; shown: Step };

/**
 * Splits a universal endpoint's request: an array of `{provider, endpoint, headers, query}`, tried in order; over a
 * WebSocket, one of them as the `request` of a `universal.create`. A log is of one step (API notes: Events and steps),
 * identified by provider, path and model; by default the first. Returns undefined for other requests.
 */
export function readUniversal(request: unknown, exchange: RecordedExchange): Universal | undefined {
  const isCreated = isRecord(request) && request.type === "universal.create";
  // Workers may pass the gateway a single one.
  const isAlone = isRecord(request) && typeof request.endpoint === "string" && isRecord(request.query);
  const sent = isCreated ? [request.request].flat() : isAlone ? [request] : listOf(request);
  if (sent.length === 0) return undefined;
  const steps: Step[] = [];
  for (const value of sent) {
    const provider = isRecord(value) ? textOf(value.provider) : undefined;
    if (!isRecord(value) || provider === undefined || !("query" in value)) return undefined;
    steps.push({ provider, path: textOf(value.endpoint) ?? "", shown: false, request: value });
  }
  const shown = steps.toSorted((a, b) => likeness(b, exchange) - likeness(a, exchange))[0];
  if (shown === undefined) return undefined;
  shown.shown = true;
  return { steps, shown };
}

function likeness({ provider, path, request }: Step, exchange: RecordedExchange): number {
  const query = isRecord(request) && isRecord(request.query) ? request.query : {};
  const model = textOf(query.model);
  const isSamePath = path !== "" && exchange.path.toLowerCase().includes(path.toLowerCase());
  const isSameModel = exchange.model !== undefined && (model === exchange.model || path.endsWith(exchange.model));
  return (provider === exchange.provider ? 4 : 0) + (isSameModel ? 2 : 0) + (isSamePath ? 1 : 0);
}
