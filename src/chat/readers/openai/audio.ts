import type { Part } from "../../conversation.ts";
import { isFormFile } from "../../body/form.ts";
import { type JsonRecord, isEmpty, isRecord, present, recordOf, textOf } from "../../json/json.ts";
import { type Context, type Reader, type ResponseReading, settingsOf } from "../../reader.ts";
import { foldAudioEvents, isAudioEvent } from "./audio-stream.ts";
import { usageOf } from "./usage.ts";
import { restBesideTexts } from "../shared/text-fields.ts";
import { TIMED_KEYS, recordingParts, speechPart, transcriptParts } from "../shared/transcript.ts";

/** Audio inputs: OpenAI's and Groq's, Mistral's, and a reference voice (Mistral). */
const RECORDINGS = ["file", "url", "file_url", "input_audio", "ref_audio"];
const REQUEST_KEYS = new Set(["input", "model", ...RECORDINGS]);
const RESPONSE_TEXTS = ["text", "audio_data", "audio", "type"];
const RESPONSE_KEYS = ["logprobs", "error", "streamed_data", ...TIMED_KEYS];

/** OpenAI's speech, transcriptions and translations, and compatible servers (Groq, Mistral's Voxtral, OpenRouter). */
export const openaiAudio: Reader = {
  format: "openai-audio",

  serves(_provider, path) {
    return /(?:^|\/)audio\/(?:speech|transcriptions|translations)\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    const isSpeech = typeof body.input === "string" && (expected || "voice" in body);
    const isHeard = isFormFile(body.file) && typeof body.model === "string";
    return isSpeech || isHeard || (expected && RECORDINGS.some((key) => !isEmpty(body[key])));
  },

  readRequest(body) {
    const { input } = body;
    const parts: Part[] = [
      ...(isEmpty(input) ? [] : [inputPart(input)]),
      ...recordingParts(withoutFormat(body), RECORDINGS),
    ];
    return {
      messages: [{ role: "user", parts }],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value, events }, expected) {
    if (events.some(isAudioEvent)) return true;
    if (!isRecord(value)) return expected && (typeof value === "number" || typeof value === "boolean");
    if (typeof value.audio_data === "string") return true;
    const isTimed = Array.isArray(value.segments) || Array.isArray(value.words);
    return typeof value.text === "string" && (expected || isTimed || value.task === "transcribe");
  },

  readResponse({ value, events, done, cut }, context) {
    if (!events.some(isAudioEvent)) return read(value, context);
    const { whole, strays, finished } = foldAudioEvents(events);
    const reading = read({ ...recordOf(value), ...whole }, context);
    const others = strays.map((stray): Part => ({ type: "unknown", value: stray }));
    const answers = reading.answers.map((answer) => ({ ...answer, parts: [...answer.parts, ...others] }));
    return { ...reading, answers, complete: !cut && (done || finished) };
  },
};

function inputPart(input: unknown): Part {
  return typeof input === "string" ? { type: "text", text: input } : { type: "unknown", value: { input } };
}

// OpenRouter's {data, format}, as in a chat message.
function withoutFormat(body: JsonRecord): JsonRecord {
  const audio = recordOf(body.input_audio);
  const format = textOf(audio?.format);
  if (audio === undefined || format === undefined) return body;
  return { ...body, input_audio: { data: audio.data, contentType: `audio/${format}` } };
}

function read(value: unknown, { request }: Context): ResponseReading {
  const body = recordOf(value);
  // A plain-text transcript that happens to be a JSON number.
  if (body === undefined) return { answers: [{ role: "assistant", parts: [textPart(value)] }], complete: true };
  const logprobs = isEmpty(body.logprobs) ? undefined : { logprobs: body.logprobs };
  const speech = textOf(body.audio_data) ?? textOf(body.audio);
  return {
    answers: [
      {
        role: "assistant",
        parts: [
          ...transcriptParts(body, logprobs),
          ...(speech === undefined ? [] : [speechPart(speech, request?.response_format)]),
        ],
      },
    ],
    complete: true,
    ...present({
      usage: usageOf(body.usage),
      model: textOf(body.model),
      envelope: restBesideTexts(body, RESPONSE_TEXTS, RESPONSE_KEYS),
    }),
  };
}

function textPart(value: unknown): Part {
  return { type: "text", text: String(value) };
}
