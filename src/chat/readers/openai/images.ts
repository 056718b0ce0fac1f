import type { Part } from "../../conversation.ts";
import { formFilePart, isFormFile } from "../../body/form.ts";
import { type JsonRecord, isEmpty, isRecord, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { locate, sniffMimeType } from "../../media.ts";
import { type Context, type Reader, type ResponseReading, settingsOf } from "../../reader.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { mediumOf } from "../shared/media-inputs.ts";
import { usageOf } from "./usage.ts";
import { restBesideTexts } from "../shared/text-fields.ts";

/** Image fields of OpenAI, xAI and Together. */
const IMAGE_FIELDS = ["image", "images", "mask", "image_url", "reference_images"];
const REQUEST_KEYS = new Set(["prompt", "model", ...IMAGE_FIELDS]);
const ITEM_TEXTS = ["b64_json", "image", "url", "revised_prompt", "mime_type"];
const ITEM_KEYS = ["index", "type"];
const EVENT_KEYS = new Set(["type", "b64_json", "partial_image_index"]);
const EVENT = /^image_(?:generation|edit)\.(completed|partial_image)$/;

/** OpenAI's image generations, edits and variations, and compatible APIs (xAI, Together, Hyperbolic, Ideogram). */
export const openaiImages: Reader = {
  format: "openai-images",

  serves(provider, path) {
    if (provider === "ideogram") return true;
    return /(?:^|\/)(?:images\/(?:generations|edits|variations)|image\/generation)\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    if (expected) return body.prompt !== undefined || IMAGE_FIELDS.some((key) => key in body);
    return typeof body.prompt === "string" && /^(?:gpt-image|dall-e|chatgpt-image)/.test(textOf(body.model) ?? "");
  },

  readRequest(body) {
    const { prompt } = body;
    const images = IMAGE_FIELDS.flatMap((field) => imageInputs(body[field], field));
    const parts: Part[] = [
      ...(isEmpty(prompt) ? [] : [typeof prompt === "string" ? textPart(prompt) : unknownPart({ prompt })]),
      ...images,
    ];
    return {
      messages: [{ role: "user", parts }],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }, expected) {
    if (events.some((event) => eventKind(event) !== undefined)) return true;
    const list = itemsOf(value);
    if (expected) return list !== undefined;
    const first = recordOf(list?.[0]);
    if (first === undefined || typeof first.b64_json === "string") return first !== undefined;
    const isImage = "revised_prompt" in first || textOf(first.mime_type)?.startsWith("image/") === true;
    return typeof first.url === "string" && isImage;
  },

  readResponse({ value, events, cut }, context) {
    const list = itemsOf(value);
    return list === undefined || events.some((event) => eventKind(event) !== undefined)
      ? readEvents(events, cut, context)
      : read(recordOf(value) ?? {}, list, context);
  },
};

function textPart(text: string): Part {
  return { type: "text", text };
}

function unknownPart(value: unknown): Part {
  return { type: "unknown", value };
}

function imageInputs(value: unknown, field: string): Part[] {
  if (isEmpty(value)) return [];
  // A list of bytes is also an image.
  if (Array.isArray(value) && typeof value[0] !== "number") return value.flatMap((item) => imageInputs(item, field));
  const part = imageInput(value);
  return [part === undefined ? unknownPart({ [field]: value }) : withField(part, field)];
}

// Names the field of an image with another purpose than the source.
function withField(part: Part, field: string): Part {
  return field === "mask" ? { ...part, details: { ...part.details, field } } : part;
}

function imageInput(value: unknown): Part | undefined {
  if (isFormFile(value)) return formFilePart(value, "image");
  const inner = recordOf(value);
  if (inner !== undefined && !isEmpty(inner.image_url)) return imageInput(inner.image_url);
  if (typeof inner?.file_id === "string") return { type: "media", media: "image", details: inner };
  return mediumOf(value, "image");
}

function itemsOf(value: unknown): unknown[] | undefined {
  const { data, images } = recordOf(value) ?? {};
  if (Array.isArray(data)) return data;
  return Array.isArray(images) ? images : undefined;
}

function read(body: JsonRecord, items: unknown[], { request }: Context): ResponseReading {
  const format = body.output_format ?? request?.output_format;
  return {
    answers: [{ role: "assistant", parts: items.flatMap((item) => itemParts(item, format)) }],
    complete: true,
    ...present({
      usage: usageOf(body.usage),
      model: textOf(body.model),
      envelope: restOf(body, new Set(["error", "object", Array.isArray(body.data) ? "data" : "images"])),
    }),
  };
}

function itemParts(value: unknown, format: unknown): Part[] {
  if (!isRecord(value)) return [mediumOf(value, "image") ?? unknownPart(value)];
  const revised = textOf(value.revised_prompt);
  const data = textOf(value.b64_json) ?? textOf(value.image);
  const url = textOf(value.url);
  const details = restBesideTexts(value, ITEM_TEXTS, ITEM_KEYS);
  const image: Part | undefined =
    data === undefined && url === undefined
      ? undefined
      : {
          type: "media",
          media: "image",
          ...(data === undefined ? {} : pictureOf(data, format)),
          ...(url === undefined ? {} : locate(url)),
          ...present({ mimeType: textOf(value.mime_type), details }),
        };
  return [
    ...(revised === undefined ? [] : [{ ...textPart(revised), details: { field: "revised_prompt" } }]),
    ...(image === undefined ? (revised === undefined ? [unknownPart(value)] : []) : [image]),
  ];
}

// Returns an image by its magic number, else in the requested format.
function pictureOf(data: string, format: unknown): { data?: string; mimeType?: string; url?: string } {
  if (data.startsWith("data:")) return locate(data);
  const named = typeof format === "string" ? `image/${format}` : undefined;
  return { data, ...present({ mimeType: sniffMimeType(data) ?? named }) };
}

function eventKind({ name, data }: StreamEvent): string | undefined {
  return isRecord(data) ? EVENT.exec(textOf(data.type) ?? name ?? "")?.[1] : undefined;
}

// A preview counts until its image arrives.
function readEvents(events: StreamEvent[], cut: boolean, { request }: Context): ResponseReading {
  const parts: Part[] = [];
  let sketch: JsonRecord | undefined;
  let last: JsonRecord = {};
  for (const event of events) {
    const kind = eventKind(event);
    const data = recordOf(event.data) ?? {};
    if (kind === undefined) {
      if (data.type !== "error" && isEmpty(data.error)) parts.push(unknownPart(event.data));
      continue;
    }
    sketch = kind === "completed" ? undefined : data;
    last = data;
    if (kind === "completed") parts.push(...pictures(data, request));
  }
  if (sketch !== undefined) parts.push(...pictures(sketch, request));
  return {
    answers: [{ role: "assistant", parts }],
    complete: !cut && sketch === undefined && parts.some((part) => part.type === "media"),
    ...present({ usage: usageOf(last.usage), envelope: restOf(last, EVENT_KEYS) }),
  };
}

function pictures(event: JsonRecord, request: JsonRecord | undefined): Part[] {
  const { b64_json: data, partial_image_index: index, revised_prompt: revised } = event;
  const item = {
    b64_json: data,
    revised_prompt: revised,
    ...(index === undefined ? {} : { partial_image_index: index }),
  };
  return itemParts(item, event.output_format ?? request?.output_format);
}
