import type { MediaKind, Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf } from "../../json/json.ts";
import { locate, mediaKindOf, sniffMimeType } from "../../media.ts";
import { mediaPart } from "./blocks.ts";

/** A model's input, and the settings next to it. */
export type Prompt = { parts: Part[]; settings: JsonRecord };

const TEXTS = new Set(["inputText", "inputPrompt", "prompt", "text"]);
/** An image as base64, a list of images, or a block with format and source. */
const MEDIA = new Map<string, MediaKind>([
  ["inputImage", "image"],
  ["image", "image"],
  ["images", "image"],
  ["init_image", "image"],
  ["mask_image", "image"],
  ["maskImage", "image"],
  ["conditionImage", "image"],
  ["referenceImage", "image"],
  ["video", "video"],
  ["audio", "audio"],
]);

/**
 * Splits the body of a model that takes a prompt instead of messages: Titan's `inputText`, a `prompt` (Llama, Mistral,
 * Stability), Stability's `text_prompts`, TwelveLabs' `mediaSource`, and the `textToImageParams`,
 * `singleEmbeddingParams`, … of Nova and Titan. Other fields are settings.
 */
export function readPrompt(body: JsonRecord): Prompt {
  const parts: Part[] = [];
  const settings: [string, unknown][] = [];
  for (const [key, value] of Object.entries(body)) {
    const inner = key.endsWith("Params") && isRecord(value) ? readPrompt(value) : undefined;
    const found = inner?.parts ?? promptParts(key, value);
    for (const part of found ?? []) parts.push(part);
    if (found === undefined) settings.push([key, value]);
    else if (!isEmpty(inner?.settings)) settings.push([key, inner?.settings]);
  }
  return { parts, settings: Object.fromEntries(settings) };
}

/** An image in an answer: base64, or a URL. */
export function imagePart(value: string, kind: MediaKind = "image"): Part {
  if (/^[a-z]{2,9}:/i.test(value.slice(0, 10))) return { type: "media", media: kind, ...locate(value) };
  return { type: "media", media: kind, data: value, ...present({ mimeType: sniffMimeType(value) }) };
}

function promptParts(key: string, value: unknown): Part[] | undefined {
  if (isEmpty(value)) return undefined;
  if (TEXTS.has(key)) return textParts(value, isRecord(value) && "inputText" in value ? "inputText" : "value");
  if (key === "mediaSource") return sourcedParts(value, "video");
  if (key === "text_prompts") {
    const prompts = listOf(value).map((prompt) => textParts(prompt, "text"));
    return prompts.every((prompt) => prompt !== undefined) ? prompts.flat() : undefined;
  }
  const kind = MEDIA.get(key);
  if (kind === undefined) return undefined;
  if (isRecord(value) && isRecord(value.mediaSource)) {
    return sourcedParts(value.mediaSource, kind, restOf(value, new Set(["mediaSource"])));
  }
  const media = (Array.isArray(value) ? (value as unknown[]) : [value]).map((one) => {
    const part = typeof one === "string" ? imagePart(one, kind) : mediaPart(kind, recordOf(one) ?? {});
    return part && !/^(?:inputImage|images?)$/.test(key) ? named(part, key) : part;
  });
  return media.every((part) => part !== undefined) ? media : undefined;
}

function textParts(value: unknown, key: string): Part[] | undefined {
  const text = isRecord(value) ? value[key] : value;
  if (typeof text !== "string") return undefined;
  const details = isRecord(value) ? restOf(value, new Set([key])) : undefined;
  return [{ type: "text", text, ...present({ details }) }];
}

// TwelveLabs': `{base64String}` or `{s3Location}`.
function sourcedParts(value: unknown, kind: MediaKind, details?: JsonRecord): Part[] | undefined {
  const { base64String, ...others } = recordOf(value) ?? {};
  const part = mediaPart(kind, { ...details, source: { ...others, bytes: base64String } });
  if (part?.type !== "media" || part.data === undefined) return part && [part];
  const mimeType = sniffMimeType(part.data);
  return [{ ...part, ...(mimeType === undefined ? {} : { mimeType, media: mediaKindOf(mimeType) }) }];
}

// Adds an image's purpose, if it has a special one.
function named(part: Part, key: string): Part {
  return key === "video" || key === "audio" ? part : { ...part, details: { ...part.details, use: key } };
}
