import type { Message, Part } from "../../conversation.ts";
import { isEmpty, isRecord, listOf, restOf } from "../../json/json.ts";
import { linkedMedium, mediumOf, recognisedMedium } from "../shared/media-inputs.ts";

const TEXT_KEYS = ["question", "query", "context", "text", "texts", "source_sentence", "sentences", "prompt"];
const MEDIA_KEYS = ["image", "audio", "video"] as const;
/** Earlier turns of the conversational task: two parallel lists. */
const TURN_KEYS = ["past_user_inputs", "generated_responses"] as const;
const KNOWN_KEYS = new Set<string>([...TEXT_KEYS, ...MEDIA_KEYS, ...TURN_KEYS]);

/** Reads `inputs`: a text, a list of texts, a medium as base64, or a task's fields. */
export function readInputs(inputs: unknown): Message[] {
  if (isEmpty(inputs)) return [];
  if (!isRecord(inputs)) return [{ role: "user", parts: itemParts(inputs) }];
  const [asked, answered] = TURN_KEYS.map((key) => listOf(inputs[key]));
  const turns: Message[] = [];
  for (const [index, question] of (asked ?? []).entries()) {
    turns.push({ role: "user", parts: itemParts(question) });
    const answer = answered?.[index];
    if (!isEmpty(answer)) turns.push({ role: "assistant", parts: itemParts(answer) });
  }
  const others = restOf(inputs, KNOWN_KEYS);
  const parts: Part[] = [
    ...TEXT_KEYS.flatMap((key) => (isEmpty(inputs[key]) ? [] : itemParts(inputs[key]))),
    ...MEDIA_KEYS.flatMap((key): Part[] => {
      if (isEmpty(inputs[key])) return [];
      return [mediumOf(inputs[key], key) ?? { type: "unknown", value: { [key]: inputs[key] } }];
    }),
    ...(others === undefined ? [] : [{ type: "data" as const, value: others }]),
  ];
  return parts.length === 0 ? turns : [...turns, { role: "user", parts }];
}

function itemParts(value: unknown): Part[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item): Part => {
    if (typeof item !== "string") return { type: "data", value: item };
    const medium = item.startsWith("data:") ? linkedMedium(item) : recognisedMedium(item);
    return medium ?? { type: "text", text: item };
  });
}
