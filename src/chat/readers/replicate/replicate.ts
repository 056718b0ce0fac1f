import type { Message, Part, ProviderError, Usage } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, numberOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import type { Reader, ResponseReading } from "../../reader.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { flatSettings } from "../shared/flat-settings.ts";
import { linkedMedium } from "../shared/media-inputs.ts";
import { readInputs } from "./inputs.ts";

const STATES = new Set<unknown>(["starting", "processing", "succeeded", "failed", "canceled", "aborted"]);
const END_STATES = new Set<unknown>(["succeeded", "failed", "canceled", "aborted"]);
const PREDICTION_KEYS = new Set(["output", "error", "status"]);
const EVENT_NAMES = new Set(["output", "done", "error", "logs"]);

/** Replicate's predictions, plain and streamed (replicate.com/docs/topics/predictions/streaming). */
export const replicate: Reader = {
  format: "replicate",

  serves(provider, path) {
    return (
      provider === "replicate" || /(?:^|\/)v1\/(?:(?:models|deployments)\/[^/]+\/[^/]+\/)?predictions\b/.test(path)
    );
  },

  modelIn(path) {
    return /(?:^|\/)(?:models|deployments)\/([^/?#]+\/[^/?#]+)/.exec(path)?.[1];
  },

  fitsRequest(body, expected) {
    return isRecord(body.input) && (expected || typeof body.version === "string");
  },

  readRequest(body, { callNames }) {
    const { input, model, ...others } = body;
    const { messages, settings } = readInputs(recordOf(input) ?? {}, callNames);
    const name = textOf(model);
    return {
      messages,
      tools: [],
      settings: flatSettings(
        { ...others, ...(name === undefined ? present({ model }) : {}), input: settings },
        "input",
      ),
      ...present({ model: name }),
    };
  },

  fitsResponse({ value, events }, expected) {
    if (isPrediction(value) || (expected && isBegun(value))) return true;
    if (expected && isRecord(value) && !isEvents(value)) {
      return textOf(value.id) !== undefined || textOf(value.owner) !== undefined || Array.isArray(value.results);
    }
    if (value !== undefined && !isEvents(value)) return false;
    const first = events.find(({ name, data }) => name !== undefined && EVENT_NAMES.has(name) && !isRecord(data));
    return first?.name === "output" || (expected && events.some(({ data }) => typeof data === "string"));
  },

  readResponse({ value, events, cut }) {
    if (isPrediction(value) || isBegun(value)) return readPrediction(value);
    // A model, a version, or a list of them.
    if (value !== undefined && !isEvents(value)) {
      return { answers: [{ role: "assistant", parts: [{ type: "data", value }] }], complete: true };
    }
    return readStream(events, cut);
  },
};

function isPrediction(value: unknown): value is JsonRecord {
  if (!isRecord(value) || typeof value.id !== "string" || !STATES.has(value.status)) return false;
  return "output" in value || "input" in value || isRecord(value.urls);
}

// A prediction that was cut before its status.
function isBegun(value: unknown): value is JsonRecord {
  return isRecord(value) && "output" in value && !("status" in value);
}

/** Whether the gateway stored a stream as a list of its events. */
function isEvents(value: unknown): boolean {
  return Array.isArray(value) || Array.isArray(recordOf(value)?.streamed_data);
}

function readPrediction(value: JsonRecord): ResponseReading {
  const finishReason = textOf(value.status);
  const answer: Message = { role: "assistant", parts: outputParts(value.output), ...present({ finishReason }) };
  return {
    answers: [answer],
    complete: END_STATES.has(value.status),
    ...present({
      usage: usageOf(value.metrics),
      error: isEmpty(value.error) ? undefined : errorOf(value.error),
      model: textOf(value.model),
      envelope: restOf(value, PREDICTION_KEYS),
    }),
  };
}

/** Returns a prediction's output: a text, pieces of text, file URLs, or the model's other values. */
function outputParts(output: unknown): Part[] {
  if (isEmpty(output)) return [];
  const items: unknown[] = Array.isArray(output) ? output : [output];
  const media = items.map((item) => (typeof item === "string" ? linkedMedium(item) : undefined));
  if (media.every((medium) => medium !== undefined)) return media;
  if (items.every((item) => typeof item === "string")) return [{ type: "text", text: items.join("") }];
  return [{ type: "data", value: output }];
}

function readStream(events: StreamEvent[], cut: boolean): ResponseReading {
  const outputs: string[] = [];
  const strays: unknown[] = [];
  let logs = "";
  let end: JsonRecord | undefined;
  let error: ProviderError | undefined;
  for (const { name, data } of events) {
    if (name === "done" || (name === undefined && isRecord(data) && isEnd(data))) end = recordOf(data) ?? {};
    else if (name === "error") error = errorOf(data);
    else if (name === "logs" && typeof data === "string") logs += data;
    else if (typeof data === "string") outputs.push(data);
    // A piece of text that happens to be JSON.
    else if (name === "output") outputs.push(JSON.stringify(data));
    else strays.push(data);
  }
  const parts = [
    ...outputParts(outputs.filter((piece) => piece !== "")),
    ...strays.map((value): Part => ({ type: "unknown", value })),
  ];
  const finishReason = textOf(end?.reason);
  const envelope = { ...restOf(end ?? {}, new Set(["reason"])), ...(logs === "" ? {} : { logs }) };
  return {
    answers: [{ role: "assistant", parts, ...present({ finishReason }) }],
    complete: !cut && end !== undefined,
    ...present({ error, envelope: isEmpty(envelope) ? undefined : envelope }),
  };
}

function isEnd(data: JsonRecord): boolean {
  return Object.keys(data).every((key) => key === "reason");
}

function errorOf(value: unknown): ProviderError {
  const said = recordOf(value);
  const message = typeof value === "string" ? value : (textOf(said?.detail) ?? JSON.stringify(value));
  const details = said === undefined ? undefined : restOf(said, new Set(["detail"]));
  return { message, ...present({ details }) };
}

function usageOf(value: unknown): Usage | undefined {
  const metrics = recordOf(value);
  const usage = present({
    tokensIn: numberOf(metrics?.input_token_count) ?? numberOf(metrics?.token_input_count),
    tokensOut: numberOf(metrics?.output_token_count) ?? numberOf(metrics?.token_output_count),
  });
  return isEmpty(usage) ? undefined : usage;
}
