import type { Message, Part } from "../../conversation.ts";
import { formFilePart, isFormFile } from "../../body/form.ts";
import { isEmpty, isRecord, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader, settingsOf } from "../../reader.ts";
import { kindNamedBy, mediumOf } from "../shared/media-inputs.ts";
import { usageOf } from "../openai/usage.ts";

const MEDIA_KEYS = ["image", "image_url", "video", "video_url", "reference_images", "input_reference"];
const REQUEST_KEYS = new Set(["prompt", "model", ...MEDIA_KEYS]);
const ENVELOPE_KEYS = new Set(["video", "status", "progress", "request_id", "error", "model"]);
const VIDEO_KEYS = new Set(["url"]);
const RUNNING = new Set<unknown>(["queued", "in_progress", "pending", "processing"]);

/**
 * Videos generated in the background: OpenAI's (a `video` with a status), xAI's (a `request_id`, later `{status, video:
 * {url}}`). Finished bytes are read like any medium.
 */
export const videos: Reader = {
  format: "videos",

  serves(_provider, path) {
    return /(?:^|\/)videos(?:\/[^/]+){0,2}\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return expected && (!isEmpty(body.prompt) || MEDIA_KEYS.some((key) => !isEmpty(body[key])));
  },

  readRequest(body) {
    const media = MEDIA_KEYS.flatMap((key) =>
      [body[key]].flat().flatMap((value): Part[] => (isEmpty(value) ? [] : [mediumIn(key, value)])),
    );
    const { prompt } = body;
    const said: Part[] =
      typeof prompt === "string"
        ? [{ type: "text", text: prompt }]
        : isEmpty(prompt)
          ? []
          : [{ type: "data", value: prompt }];
    return {
      messages: [{ role: "user", parts: [...said, ...media] }],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value }, expected) {
    if (!isRecord(value)) return false;
    if (value.object === "video") return true;
    return (
      expected && (typeof value.request_id === "string" || isRecord(value.video) || typeof value.status === "string")
    );
  },

  readResponse({ value, cut }) {
    const body = recordOf(value) ?? {};
    const { status } = body;
    const video = mediumOf(body.video, "video");
    const told = present({ status, progress: body.progress ?? undefined, request_id: body.request_id });
    const answer: Message = {
      role: "assistant",
      parts: video === undefined ? [{ type: "data", value: told }] : [video],
      ...present({ finishReason: RUNNING.has(status) ? undefined : textOf(status) }),
    };
    const rest = restOf(
      body,
      video === undefined ? new Set([...ENVELOPE_KEYS].filter((key) => key !== "video")) : ENVELOPE_KEYS,
    );
    return {
      answers: [answer],
      complete: !cut,
      ...present({ usage: usageOf(body.usage), model: textOf(body.model), envelope: rest }),
    };
  },
};

function mediumIn(key: string, value: unknown): Part {
  if (isFormFile(value)) return formFilePart(value, "image");
  const kind = kindNamedBy(key) ?? "image";
  const place = recordOf(value)?.image_url;
  const medium = mediumOf(textOf(place) ?? value, kind);
  if (medium !== undefined) return medium;
  const named = recordOf(value);
  return named === undefined
    ? { type: "unknown", value: { [key]: value } }
    : { type: "media", media: kind, ...present({ details: restOf(named, VIDEO_KEYS) }) };
}
