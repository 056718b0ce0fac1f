import { arbitrate, withStrays } from "../../arbitration.ts";
import type { Message } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, present, textOf } from "../../json/json.ts";
import { type Reader, type ResponseReading, settingsOf } from "../../reader.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { restBesideTexts } from "../shared/text-fields.ts";

const REQUEST_KEYS = new Set(["prompt", "model"]);
const RESPONSE_TEXTS = ["type", "completion", "stop_reason"];
const RESPONSE_KEYS = ["streamed_data", "error", "nonce", "p"];
const TURN = /\n\n(Human|Assistant):/;

/** Anthropic's legacy text completions, direct and (without a model in the body) on Bedrock. */
export const anthropicComplete: Reader = {
  format: "anthropic-complete",

  serves(_provider, path) {
    return /(?:^|\/)complete\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return typeof body.prompt === "string" && (expected || "max_tokens_to_sample" in body);
  },

  readRequest(body) {
    return {
      messages: typeof body.prompt === "string" ? turnsOf(body.prompt) : [],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }) {
    return isCompletion(value) || events.some(({ data }) => isCompletion(data));
  },

  readResponse({ value, events, cut }) {
    const assembled = isCompletion(value) ? read(value) : undefined;
    if (assembled !== undefined && events.length === 0) return assembled;
    const { whole, strays } = foldEvents(events);
    const folded = read(whole);
    const isFinished = folded.answers.every(({ finishReason }) => finishReason !== undefined);
    return arbitrate(assembled, { ...withStrays(folded, strays), complete: isFinished && !cut });
  },
};

// Text before the first turn is the system's; the turn left open for the model has no content yet.
function turnsOf(prompt: string): Message[] {
  const [before = "", ...turns] = prompt.split(TURN);
  const messages: Message[] = [];
  const add = (role: Message["role"], text: string): void => {
    const said = text.startsWith(" ") ? text.slice(1) : text;
    if (said.trim() !== "") messages.push({ role, parts: [{ type: "text", text: said }] });
  };
  add(turns.length === 0 ? "user" : "system", before);
  for (let at = 0; at + 1 < turns.length; at += 2) {
    add(turns[at] === "Human" ? "user" : "assistant", turns[at + 1] ?? "");
  }
  return messages;
}

function isCompletion(value: unknown): value is JsonRecord {
  return (
    isRecord(value) && typeof value.completion === "string" && (value.type === "completion" || "stop_reason" in value)
  );
}

function read(value: JsonRecord): ResponseReading {
  const text = textOf(value.completion);
  const finishReason = textOf(value.stop_reason);
  const answer: Message = { role: "assistant", parts: text === undefined ? [] : [{ type: "text", text }] };
  return {
    answers: [{ ...answer, ...present({ finishReason }) }],
    complete: true,
    ...present({ model: textOf(value.model), envelope: restBesideTexts(value, RESPONSE_TEXTS, RESPONSE_KEYS) }),
  };
}

function foldEvents(events: StreamEvent[]): { whole: JsonRecord; strays: unknown[] } {
  const fields = new Map<string, unknown>();
  const strays: unknown[] = [];
  let completion = "";
  for (const { name, data } of events) {
    const type = isRecord(data) ? (data.type ?? name) : undefined;
    if (type === "ping" || type === "error") continue;
    if (!isRecord(data) || (type !== undefined && type !== "completion")) {
      strays.push(data);
      continue;
    }
    for (const [key, value] of Object.entries(data)) if (!isEmpty(value)) fields.set(key, value);
    if (typeof data.completion === "string") completion += data.completion;
  }
  return { whole: { ...Object.fromEntries(fields), completion }, strays };
}
