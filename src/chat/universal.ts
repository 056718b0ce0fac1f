import type { RecordedExchange, Step } from "./conversation.ts";
import { isRecord, listOf, textOf } from "./json/json.ts";

/** The provider requests of a universal call, and which of them the log is about. */
export type Universal = { steps: Step[]; shown: Step };

/**
 * Takes apart the request of the universal endpoint: an array of `{provider, endpoint, headers, query}`, tried in
 * order; over a WebSocket one of them, as the `request` of a `universal.create`. A log stands for one step (API notes: Events and steps), which its provider, path and model tell; where they tell none, the
 * first is taken for it. undefined for any other request.
 */
export function readUniversal(request: unknown, exchange: RecordedExchange): Universal | undefined {
  const isCreated = isRecord(request) && request.type === "universal.create";
  // Workers may hand the gateway one alone.
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
