import type { Message, Part } from "../../conversation.ts";
import { keepSpelling } from "../../json/exact-number.ts";
import { type JsonRecord, isEmpty, isRecord } from "../../json/json.ts";
import type { CallNames } from "../../reader.ts";
import { readMessage } from "../openai/chat-message.ts";
import { kindNamedBy, linkedMedium, mediumOf } from "../shared/media-inputs.ts";

const SYSTEM_KEYS = new Set(["system_prompt", "system", "system_instruction"]);
const TEXT_KEYS = new Set(["prompt", "text", "message", "input_text"]);

/** A model's inputs: content and settings. */
export type Inputs = { messages: Message[]; settings: Record<string, unknown> };

/**
 * Splits a model's inputs, which each model names freely: prompts and texts are content, URLs and data are media (names
 * seen with image, video and language models), the rest are settings.
 */
export function readInputs(inputs: JsonRecord, callNames: CallNames): Inputs {
  const system: Part[] = [];
  const texts: Part[] = [];
  const media: Part[] = [];
  const settings: [string, unknown][] = [];
  const messages: Message[] = [];
  for (const [key, value] of Object.entries(inputs)) {
    const text = typeof value === "string" && value !== "" ? value : undefined;
    const linked = mediaOf(key, value);
    if (linked !== undefined) for (const medium of linked) media.push(medium);
    else if (text !== undefined && SYSTEM_KEYS.has(key)) system.push({ type: "text", text });
    else if (text !== undefined && TEXT_KEYS.has(key)) texts.push({ type: "text", text });
    else if (key === "messages" && isMessages(value))
      for (const one of value) messages.push(readMessage(one, callNames));
    else settings.push([key, value]);
  }
  if (system.length > 0) messages.unshift({ role: "system", parts: system });
  if (texts.length + media.length > 0) messages.push({ role: "user", parts: [...texts, ...media] });
  return { messages, settings: keepSpelling(inputs, Object.fromEntries(settings)) };
}

// A webhook or a link to weights isn't a medium: the field's name or the URL's extension must indicate one.
function mediaOf(key: string, value: unknown): Part[] | undefined {
  if (isEmpty(value)) return undefined;
  const kind = kindNamedBy(key);
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const media: Part[] = [];
  for (const item of items) {
    if (typeof item === "string" && !/^(?:https?:|data:)/i.test(item)) return undefined;
    const medium =
      kind === undefined ? (typeof item === "string" ? linkedMedium(item) : undefined) : mediumOf(item, kind);
    if (medium === undefined || (kind === undefined && medium.media === "file")) return undefined;
    media.push(
      kindNamedBy(key) === undefined || key === medium.media ? medium : { ...medium, name: medium.name ?? key },
    );
  }
  return media;
}

function isMessages(value: unknown): value is unknown[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => isRecord(item) && typeof item.role === "string")
  );
}
