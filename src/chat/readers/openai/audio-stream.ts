import { type JsonRecord, isEmpty, isRecord, listOf, textOf } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";
import { joinBase64 } from "../shared/transcript.ts";

/** `whole`: the equivalent plain response. `finished`: the end was announced. */
export type FoldedAudio = { whole: JsonRecord; strays: unknown[]; finished: boolean };

const DONE_KEYS = new Set(["type", "text", "segments", "logprobs"]);

function eventType({ name, data }: StreamEvent): string | undefined {
  return isRecord(data) ? (textOf(data.type) ?? name) : undefined;
}

/**
 * Whether an event is of spoken or transcribed audio: OpenAI's `speech.…` and `transcript.…`, Mistral's
 * `transcription.…`.
 */
export function isAudioEvent(event: StreamEvent): boolean {
  return /^(?:speech\.audio\.|transcript\.text\.|transcription\.)/.test(eventType(event) ?? "");
}

/** Folds an audio stream's events into one response value, in linear time. */
export function foldAudioEvents(events: StreamEvent[]): FoldedAudio {
  const speech: string[] = [];
  const segments: unknown[] = [];
  const logprobs: unknown[] = [];
  const around = new Map<string, unknown>();
  const strays: unknown[] = [];
  let done: JsonRecord | undefined;
  let spelled = "";
  for (const event of events) {
    const data = isRecord(event.data) ? event.data : {};
    switch (eventType(event)) {
      case "speech.audio.delta":
        speech.push(textOf(data.audio) ?? textOf(data.audio_data) ?? "");
        break;
      case "transcript.text.delta":
      case "transcription.text.delta":
        spelled += textOf(data.delta) ?? textOf(data.text) ?? "";
        for (const one of listOf(data.logprobs)) logprobs.push(one);
        break;
      case "transcript.text.segment":
      case "transcription.segment":
        segments.push(data);
        break;
      case "transcription.language":
        around.set("language", data.audio_language);
        break;
      case "speech.audio.done":
      case "transcript.text.done":
      case "transcription.done":
        done = data;
        break;
      case "error":
        break;
      default:
        strays.push(event.data);
    }
  }
  for (const [key, value] of Object.entries(done ?? {})) {
    if (!DONE_KEYS.has(key) && !isEmpty(value)) around.set(key, value);
  }
  const said = textOf(done?.text);
  const heard = segments.length > 0 ? segments : listOf(done?.segments);
  const probable = isEmpty(done?.logprobs) ? logprobs : done?.logprobs;
  return {
    whole: {
      ...Object.fromEntries(around),
      ...(said === undefined && spelled === "" ? {} : { text: said?.startsWith(spelled) === true ? said : spelled }),
      ...(heard.length === 0 ? {} : { segments: heard }),
      ...(isEmpty(probable) ? {} : { logprobs: probable }),
      ...(speech.length === 0 ? {} : { audio: joinBase64(speech) }),
    },
    strays,
    finished: done !== undefined,
  };
}
