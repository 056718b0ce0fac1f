import type { Citation, MediaKind, Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { locate, mediaKindOf } from "../../media.ts";

const TEXT_TYPES = new Set(["input_text", "output_text", "text", "summary_text", "logs"]);
const TYPE_KEY = new Set(["type"]);
const TEXT_KEYS = new Set(["type", "text", "logs", "annotations"]);
const REFUSAL_KEYS = new Set(["type", "refusal"]);
const REASONING_KEYS = new Set(["type", "text"]);
const AUDIO_KEYS = new Set(["type", "audio", "data", "input_audio", "format", "transcript"]);
const MEDIA_TYPES = new Map<string, MediaKind>([
  ["input_image", "image"],
  ["image_url", "image"],
  ["computer_screenshot", "image"],
  ["output_image", "image"],
  ["image", "image"],
  ["input_video", "video"],
  ["input_file", "file"],
  ["output_file", "file"],
]);
const PLACES = ["image_url", "video_url", "file_data", "file_url", "url"];
const MEDIA_KEYS = new Set(["type", "filename"]);
const OUTPUT_KEYS = new Set(["stdout", "stderr"]);
const CITATION_KEYS = new Set(["url", "title", "filename"]);
/** A citation marks a phrase; a longer one is given by its indexes only, so that many stay small. */
const MAX_CITED = 2000;

/** Returns the parts of an item's `content` or `output`: a text, one typed part, or a list. */
export function contentParts(content: unknown): Part[] {
  if (isEmpty(content)) return [];
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) return contentPart(content);
  // The usual case.
  return content.length === 1 ? contentPart(content[0]) : content.flatMap(contentPart);
}

function contentPart(value: unknown): Part[] {
  if (typeof value === "string") return value === "" ? [] : [{ type: "text", text: value }];
  if (!isRecord(value)) return isEmpty(value) ? [] : [{ type: "unknown", value }];
  const type = textOf(value.type) ?? "";
  const text = value.text ?? value.logs;
  // A truncated recording may lack the text, or the type after it.
  if ((type === "" || TEXT_TYPES.has(type)) && typeof text === "string") return [textPart(text, value)];
  if ((type === "" || TEXT_TYPES.has(type)) && restOf(value, TYPE_KEY) === undefined) return [];
  if (text === undefined && Array.isArray(value.annotations)) return [textPart("", value)];
  if (type === "reasoning_text" && typeof value.text === "string") {
    return [{ type: "reasoning", text: value.text, ...present({ details: restOf(value, REASONING_KEYS) }) }];
  }
  if (type === "refusal" && typeof value.refusal === "string") {
    return [{ type: "refusal", text: value.refusal, ...present({ details: restOf(value, REFUSAL_KEYS) }) }];
  }
  if (type.endsWith("audio")) return audioParts(value);
  const media = MEDIA_TYPES.get(type);
  if (media !== undefined) return [mediaPart(value, media)];
  return outputParts(value) ?? [{ type: "unknown", value }];
}

function textPart(text: string, value: JsonRecord): Part {
  const part: Part = { type: "text", text };
  const details = restOf(value, TEXT_KEYS);
  if (details !== undefined) part.details = details;
  const { annotations } = value;
  if (isEmpty(annotations)) return part;
  if (Array.isArray(annotations)) part.citations = citationsOf(text, annotations);
  else part.details = { ...details, annotations };
  return part;
}

function citationsOf(text: string, annotations: unknown[]): Citation[] {
  const offset = offsetsIn(text);
  return annotations.map((annotation) => {
    const raw = recordOf(annotation);
    if (raw === undefined) return { annotation };
    const { start_index: start, end_index: end } = raw;
    const isSpan = typeof start === "number" && typeof end === "number" && end > start && end - start <= MAX_CITED;
    const cited = isSpan ? text.slice(offset(start), offset(end)) : "";
    return {
      ...restOf(raw, CITATION_KEYS),
      ...present({
        text: cited === "" ? undefined : cited,
        url: textOf(raw.url),
        title: textOf(raw.title) ?? textOf(raw.filename),
      }),
    };
  });
}

// Indexes count code points, and some take two UTF-16 units.
function offsetsIn(text: string): (index: number) => number {
  if (!/[\uD800-\uDBFF]/.test(text)) return (index) => index;
  const offsets: number[] = [];
  let offset = 0;
  for (const character of text) {
    offsets.push(offset);
    offset += character.length;
  }
  return (index) => offsets[index] ?? text.length;
}

/** Recorded speech and its transcript: `input_audio {data, format}`, or realtime's `{audio, transcript}`. */
function audioParts(value: JsonRecord): Part[] {
  const inner = recordOf(value.input_audio);
  const data = textOf(inner?.data) ?? textOf(value.audio) ?? textOf(value.data);
  const format = textOf(inner?.format) ?? textOf(value.format);
  const transcript = textOf(value.transcript);
  const details = { ...restOf(inner ?? {}, AUDIO_KEYS), ...restOf(value, AUDIO_KEYS) };
  const audio: Part = {
    type: "media",
    media: "audio",
    ...present({
      mimeType: format === undefined ? undefined : `audio/${format}`,
      data,
      details: isEmpty(details) ? undefined : details,
    }),
  };
  // Servers repeat speech without its audio; only the transcript remains.
  const isHeard = data !== undefined || transcript === undefined;
  const text: Part[] =
    transcript === undefined
      ? []
      : [{ type: "text", text: transcript, ...(isHeard ? {} : present({ details: audio.details })) }];
  return isHeard ? [audio, ...text] : text;
}

function mediaPart(value: JsonRecord, media: MediaKind): Part {
  const key = PLACES.find((name) => textOf(value[name]) !== undefined || isRecord(value[name]));
  const nested = key === undefined ? undefined : recordOf(value[key]);
  const given = key === undefined ? undefined : (textOf(nested?.url) ?? textOf(value[key]));
  const place =
    given === undefined ? {} : key === "file_data" && !given.startsWith("data:") ? { data: given } : locate(given);
  const used = given === undefined ? MEDIA_KEYS : new Set([...MEDIA_KEYS, key ?? ""]);
  const details = { ...restOf(value, used), ...restOf(given === undefined ? {} : (nested ?? {}), new Set(["url"])) };
  const kind = media === "file" && place.mimeType !== undefined ? mediaKindOf(place.mimeType) : media;
  return {
    type: "media",
    media: kind,
    ...place,
    ...present({ name: textOf(value.filename), details: isEmpty(details) ? undefined : details }),
  };
}

// Output of a shell command: {stdout, stderr, outcome}.
function outputParts(value: JsonRecord): Part[] | undefined {
  if (typeof value.stdout !== "string" && typeof value.stderr !== "string") return undefined;
  const parts = ["stdout", "stderr"].flatMap((stream): Part[] => {
    const text = value[stream];
    if (typeof text !== "string") return isEmpty(text) ? [] : [{ type: "unknown", value: { [stream]: text } }];
    return text === "" ? [] : [{ type: "text", text, details: { stream } }];
  });
  const others = restOf(value, OUTPUT_KEYS);
  return others === undefined ? parts : [...parts, { type: "data", value: others }];
}
