import type { Message, Part } from "../../chat/conversation.ts";

/** A string as it is, anything else as indented JSON. */
export const jsonText = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value, undefined, 2) ?? "");

function partText(part: Part): string {
  switch (part.type) {
    case "text":
    case "reasoning":
    case "refusal":
      return part.text;
    case "toolCall":
      return `${part.name}\n${jsonText(part.arguments)}`;
    case "toolResult":
      return [part.name ?? "", ...part.parts.map(partText)].join("\n");
    case "media":
      return part.name ?? part.url ?? "";
    case "embedding":
      return "";
    case "data":
    case "unknown":
      return jsonText(part.value);
  }
}

/** What a message says as plain text: what stands for it while it is far away, so that it is found there too. */
export function plainText({ parts }: Message): string {
  return parts.map(partText).join("\n");
}

/** Pixels of a line, characters that fit in one, and what a part takes beside its text. */
const LINE = 20;
const WIDTH = 100;
const AROUND = 16;

/** Lines of a folded text with its summary. */
const FOLDED = 4;

/** About how high a message of the request is, in pixels, before it was ever shown; long texts are folded. */
export function estimatedHeight({ parts }: Message): number {
  let lines = 0;
  for (const part of parts) lines += Math.min(Math.ceil(partText(part).length / WIDTH) || 1, FOLDED);
  return Math.max(1, lines) * LINE + Math.max(1, parts.length) * AROUND;
}
