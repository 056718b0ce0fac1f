import type { Message, Part } from "../../chat/conversation.ts";

/** Returns a string as is, anything else as indented JSON. */
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

/** Returns a message as plain text: its placeholder while it's far from the viewport, so that search finds it. */
export function plainText({ parts }: Message): string {
  return parts.map(partText).join("\n");
}

/** A line's pixels and characters, and a part's height besides its text. */
const LINE = 20;
const WIDTH = 100;
const AROUND = 16;

/** Lines of a folded text, including its summary. */
const FOLDED = 4;

/** Estimates a request message's height in pixels before its first layout; long texts are folded. */
export function estimatedHeight({ parts }: Message): number {
  let lines = 0;
  for (const part of parts) lines += Math.min(Math.ceil(partText(part).length / WIDTH) || 1, FOLDED);
  return Math.max(1, lines) * LINE + Math.max(1, parts.length) * AROUND;
}
