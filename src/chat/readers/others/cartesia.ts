import type { Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, numberOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader, settingsOf } from "../../reader.ts";
import { TIMED_KEYS, joinBase64, recordingParts, speechPart, transcriptParts } from "../shared/transcript.ts";

const RECORDINGS = ["file", "clip", "left_audio", "right_audio"];
const REQUEST_KEYS = new Set(["transcript", "model_id", "model", ...RECORDINGS]);
const EVENTS = new Set<unknown>(["chunk", "timestamps", "phoneme_timestamps", "flush_done", "done"]);
const TIMES = ["word_timestamps", "phoneme_timestamps"];
const EVENT_KEYS = new Set(["type", "data", "done", "status_code", "step_time", "flush_done", "flush_id", ...TIMES]);

/** Cartesia: text to speech, as bytes or as events (with word times), and speech to text. */
export const cartesia: Reader = {
  format: "cartesia",

  serves(provider, path) {
    return (
      provider === "cartesia" ||
      /(?:^|\/)(?:tts\/(?:bytes|sse)|infill\/bytes|voice-changer\/(?:bytes|sse))\/?$/.test(path)
    );
  },

  fitsRequest(body, expected) {
    if (typeof body.transcript === "string" && (expected || typeof body.model_id === "string")) return true;
    return expected && RECORDINGS.some((key) => !isEmpty(body[key]));
  },

  readRequest(body) {
    const { transcript } = body;
    const said: Part[] =
      typeof transcript === "string"
        ? [{ type: "text", text: transcript }]
        : isEmpty(transcript)
          ? []
          : [{ type: "unknown", value: { transcript } }];
    return {
      messages: [{ role: "user", parts: [...said, ...recordingParts(body, RECORDINGS)] }],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model_id) ?? textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }, expected) {
    if (events.length > 0)
      return (
        events.some(({ data }) => isOwnEvent(data)) &&
        (expected || events.every(({ data }) => isOwnEvent(data) || isRecord(data)))
      );
    return expected && isRecord(value) && typeof value.text === "string";
  },

  readResponse({ value, events, cut, done }, { request }) {
    if (events.length === 0) {
      const body = recordOf(value) ?? {};
      const envelope = restOf(body, new Set(["text", ...TIMED_KEYS]));
      return {
        answers: [{ role: "assistant", parts: transcriptParts(body) }],
        complete: !cut,
        ...present({ envelope }),
      };
    }
    const own = events.map(({ data }) => data).filter(isOwnEvent);
    const speech = joinBase64(own.flatMap(({ data }) => textOf(data) ?? []));
    const times = own.flatMap((event): Part[] => {
      const told = restOf(event, new Set(Object.keys(event).filter((key) => !TIMES.includes(key))));
      return told === undefined ? [] : [{ type: "data", value: told }];
    });
    const others = events
      .map(({ data }) => data)
      .filter((data) => !isOwnEvent(data) && !(isRecord(data) && data.type === "error"));
    const envelope = Object.assign({}, ...own.map((event) => restOf(event, EVENT_KEYS))) as JsonRecord;
    return {
      answers: [
        {
          role: "assistant",
          parts: [
            ...(speech === "" ? [] : [speechPart(speech, formatOf(request))]),
            ...times,
            ...others.map((stray): Part => ({ type: "unknown", value: stray })),
          ],
        },
      ],
      complete: !cut && (done || own.some((event) => event.type === "done" || event.done === true)),
      ...present({ envelope: isEmpty(envelope) ? undefined : envelope }),
    };
  },
};

function isOwnEvent(value: unknown): value is JsonRecord {
  return isRecord(value) && EVENTS.has(value.type) && ("data" in value || "done" in value);
}

// Raw samples don't describe themselves.
function formatOf(request: JsonRecord | undefined): string | undefined {
  const format = recordOf(request?.output_format);
  if (format?.container !== "raw") return textOf(format?.container);
  const rate = numberOf(format.sample_rate);
  return format.encoding === "pcm_s16le" && rate !== undefined ? `pcm;rate=${rate}` : undefined;
}
