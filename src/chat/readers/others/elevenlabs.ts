import type { Message, Part } from "../../conversation.ts";
import { isFormFile } from "../../body/form.ts";
import { type JsonRecord, isEmpty, isRecord, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader, type ResponseReading, settingsOf } from "../../reader.ts";
import { restBesideTexts } from "../shared/text-fields.ts";
import { TIMED_KEYS, joinBase64, recordingParts, speechPart, transcriptParts } from "../shared/transcript.ts";

const RECORDINGS = ["file", "audio", "cloud_storage_url", "source_url"];
const REQUEST_KEYS = ["text", "prompt", "inputs", ...RECORDINGS];
const SPEECH_KEYS = new Set(["audio_base64", "alignment", "normalized_alignment", "streamed_data"]);

/** ElevenLabs: speech to text, text to speech (with timestamps also in pieces), and its other audio generation. */
export const elevenlabs: Reader = {
  format: "elevenlabs",

  serves(provider, path) {
    return provider === "elevenlabs" || /(?:^|\/)(?:speech-to-text|text-to-speech\/[^/]+(?:\/[\w-]+)*)\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    const isSpoken = typeof body.text === "string" && (expected || "voice_settings" in body);
    const isHeard = isFormFile(body.file) && typeof body.model_id === "string";
    return isSpoken || isHeard || (expected && REQUEST_KEYS.some((key) => !isEmpty(body[key])));
  },

  readRequest(body) {
    // A text, a description of music, or a dialogue's lines.
    const said = [body.text, body.prompt, ...[body.inputs].flat()].filter((one) => !isEmpty(one)).map(linePart);
    return {
      messages: [{ role: "user", parts: [...said, ...recordingParts(body, RECORDINGS)] }],
      tools: [],
      settings: settingsOf(
        body,
        new Set([...REQUEST_KEYS, ...(typeof body.model_id === "string" ? ["model_id"] : [])]),
      ),
      ...present({ model: textOf(body.model_id) }),
    };
  },

  fitsResponse({ value, events }, expected) {
    if (isSpeech(value) || events.some(({ data }) => isSpeech(data))) return true;
    if (!isRecord(value)) return false;
    const isTold = typeof value.text === "string" && (expected || "language_probability" in value);
    return isTold || (expected && Array.isArray(value.transcripts));
  },

  readResponse({ value, events, cut }) {
    const pieces = isSpeech(value) ? [value] : events.map(({ data }) => data).filter(isSpeech);
    if (pieces.length > 0) return { ...readSpeech(pieces), complete: !cut };
    const body = recordOf(value) ?? {};
    const transcripts = Array.isArray(body.transcripts) ? body.transcripts : undefined;
    return {
      answers: transcripts === undefined ? [transcriptOf(body, undefined)] : transcripts.map(channelOf),
      complete: true,
      ...present({
        envelope: transcripts === undefined ? besideTranscript(body) : restOf(body, new Set(["transcripts"])),
      }),
    };
  },
};

function linePart(value: unknown): Part {
  if (typeof value === "string") return { type: "text", text: value };
  const { text, ...details } = recordOf(value) ?? {};
  if (typeof text !== "string") return { type: "unknown", value };
  return { type: "text", text, ...(isEmpty(details) ? {} : { details }) };
}

function isSpeech(value: unknown): value is JsonRecord {
  return isRecord(value) && typeof value.audio_base64 === "string";
}

// Times may count from each piece's beginning or from the whole's, so pieces aren't merged.
function readSpeech(pieces: JsonRecord[]): ResponseReading {
  const audio = joinBase64(pieces.map((piece) => textOf(piece.audio_base64) ?? ""));
  const timed = pieces.flatMap(({ alignment, normalized_alignment: normalized }): Part[] => {
    const value = restOf({ alignment, normalized_alignment: normalized }, new Set());
    return value === undefined ? [] : [{ type: "data", value }];
  });
  const envelope = Object.assign({}, ...pieces.map((piece) => restOf(piece, SPEECH_KEYS))) as JsonRecord;
  return {
    answers: [{ role: "assistant", parts: [...(audio === "" ? [] : [speechPart(audio, undefined)]), ...timed] }],
    complete: true,
    ...present({ envelope: isEmpty(envelope) ? undefined : envelope }),
  };
}

function channelOf(value: unknown): Message {
  const body = recordOf(value);
  if (body === undefined) return { role: "assistant", parts: [{ type: "unknown", value }] };
  return transcriptOf(body, besideTranscript(body));
}

function besideTranscript(body: JsonRecord): JsonRecord | undefined {
  return restBesideTexts(body, ["text"], TIMED_KEYS);
}

function transcriptOf(body: JsonRecord, details: JsonRecord | undefined): Message {
  return { role: "assistant", parts: transcriptParts(body), ...present({ details }) };
}
