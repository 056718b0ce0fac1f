import type { SourceLine } from "./run.ts";
import type { Variable } from "./values.ts";

/*
 * The relevant messages of the Debug Adapter Protocol. Adapters differ: every field of a message is checked.
 */

export type AdapterMessage =
  /** `stream`: output of different streams is split independently. */
  | { type: "output"; text: string; stream: string; printedAt?: SourceLine }
  | { type: "variables"; variables: Variable[] }
  | { type: "result"; request: number; text: string }
  | { type: "stopped" }
  | { type: "ended" }
  | { type: "continued" };

const isFields = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function sourceLineOf({ source, line }: Record<string, unknown>): SourceLine | undefined {
  const path = isFields(source) ? source["path"] : undefined;
  return typeof path === "string" && typeof line === "number" ? { path, line } : undefined;
}

const isVariable = (value: unknown): value is Variable =>
  isFields(value) && typeof value["name"] === "string" && typeof value["value"] === "string";

/** Returns the variables of a `variables` response. */
export const variablesIn = (body: unknown): Variable[] =>
  isFields(body) && Array.isArray(body["variables"]) ? body["variables"].filter(isVariable) : [];

function eventOf(event: unknown, body: Record<string, unknown>): AdapterMessage | undefined {
  if (event === "stopped" || event === "continued") return { type: event };
  if (event === "exited" || event === "terminated") return { type: "ended" };
  const { output, category } = body;
  if (event !== "output" || typeof output !== "string" || category === "telemetry") return undefined;
  const printedAt = sourceLineOf(body);
  return { type: "output", text: output, stream: String(category), ...(printedAt ? { printedAt } : {}) };
}

/** Parses a message from an adapter to VS Code; returns undefined if it isn't relevant. */
export function adapterMessage(message: unknown): AdapterMessage | undefined {
  if (!isFields(message)) return undefined;
  const body = isFields(message["body"]) ? message["body"] : {};
  if (message["type"] === "event") return eventOf(message["event"], body);
  if (message["type"] !== "response") return undefined;
  const { command, request_seq: request } = message;
  if (command === "variables") return { type: "variables", variables: variablesIn(body) };
  if (command === "evaluate" && typeof body["result"] === "string" && typeof request === "number")
    return { type: "result", request, text: body["result"] };
  // These requests resume a program, and not every adapter sends an event for that.
  const goesOn = typeof command === "string" && /^(?:continue|next|step(?:In|Out|Back)|reverseContinue)$/.test(command);
  return goesOn ? { type: "continued" } : undefined;
}

/** Returns the expression of an `evaluate` request to an adapter, and the request's number. */
export function evaluationIn(message: unknown): { request: number; expression: string } | undefined {
  if (!isFields(message) || message["command"] !== "evaluate" || !isFields(message["arguments"])) return undefined;
  const { seq } = message;
  const { expression } = message["arguments"];
  return typeof seq === "number" && typeof expression === "string" ? { request: seq, expression } : undefined;
}
