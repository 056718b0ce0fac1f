import type { SourceLine } from "./run.ts";
import type { Variable } from "./values.ts";

/*
 * The messages of the Debug Adapter Protocol, as far as they matter here. Adapters are many: nothing of a message is taken for granted.
 */

export type AdapterMessage =
  /** `stream`: what is printed to two of them is cut independently. */
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

/** The variables in the answer to a request for them. */
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

/** What an adapter says to VS Code; undefined when it does not matter here. */
export function adapterMessage(message: unknown): AdapterMessage | undefined {
  if (!isFields(message)) return undefined;
  const body = isFields(message["body"]) ? message["body"] : {};
  if (message["type"] === "event") return eventOf(message["event"], body);
  if (message["type"] !== "response") return undefined;
  const { command, request_seq: request } = message;
  if (command === "variables") return { type: "variables", variables: variablesIn(body) };
  if (command === "evaluate" && typeof body["result"] === "string" && typeof request === "number")
    return { type: "result", request, text: body["result"] };
  // A program goes on with these, and not every adapter says so in an event.
  const goesOn = typeof command === "string" && /^(?:continue|next|step(?:In|Out|Back)|reverseContinue)$/.test(command);
  return goesOn ? { type: "continued" } : undefined;
}

/** The expression that VS Code asks an adapter to evaluate, and the number of the request. */
export function evaluationIn(message: unknown): { request: number; expression: string } | undefined {
  if (!isFields(message) || message["command"] !== "evaluate" || !isFields(message["arguments"])) return undefined;
  const { seq } = message;
  const { expression } = message["arguments"];
  return typeof seq === "number" && typeof expression === "string" ? { request: seq, expression } : undefined;
}
