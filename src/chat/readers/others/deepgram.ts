import type { Message, Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader, settingsOf } from "../../reader.ts";
import { recordingParts } from "../shared/transcript.ts";

const RECORDINGS = ["url", "file"];
const REQUEST_KEYS = new Set(["text", "model", ...RECORDINGS]);
const CHANNEL_KEYS = new Set(["alternatives"]);
const ALTERNATIVE_KEYS = new Set(["transcript"]);
const ENVELOPE_KEYS = new Set(["results", "error"]);
const RESULT_KEYS = new Set(["channels"]);

/**
 * Deepgram: speech to text (`/listen`, an answer for each channel), text analysis (`/read`), and text to speech
 * (`/speak`, answered with bytes).
 */
export const deepgram: Reader = {
  format: "deepgram",

  serves(provider, path) {
    return provider === "deepgram" || /(?:^|\/)v1\/(?:listen|speak)\/?$/.test(path);
  },

  fitsRequest(body, expected) {
    return expected && ["text", ...RECORDINGS].some((key) => !isEmpty(body[key]));
  },

  readRequest(body) {
    const { text } = body;
    const said: Part[] = typeof text === "string" ? [{ type: "text", text }] : [{ type: "unknown", value: { text } }];
    return {
      messages: [{ role: "user", parts: [...(isEmpty(text) ? [] : said), ...recordingParts(body, RECORDINGS)] }],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
      ...present({ model: textOf(body.model) }),
    };
  },

  fitsResponse({ value }, expected) {
    const results = recordOf(recordOf(value)?.results);
    const channels = results?.channels;
    // Text analysis has no channels.
    if (expected && results !== undefined && channels === undefined) return true;
    return (
      Array.isArray(channels) && channels.some((channel) => isRecord(channel) && Array.isArray(channel.alternatives))
    );
  },

  readResponse({ value }) {
    const body = recordOf(value) ?? {};
    const results = recordOf(body.results) ?? {};
    const answers = listOf(results.channels).map(channelOf);
    // Utterances, summaries and topics of all channels.
    const others = restOf(results, RESULT_KEYS);
    if (answers.length === 0) answers.push({ role: "assistant", parts: [] });
    if (others !== undefined) answers.at(-1)?.parts.push({ type: "data", value: others });
    return { answers, complete: true, ...present({ envelope: restOf(body, ENVELOPE_KEYS) }) };
  },
};

// A channel's alternatives aren't separate answers: the first is the likeliest.
function channelOf(value: unknown): Message {
  const channel = recordOf(value);
  const [first, ...others] = listOf(channel?.alternatives);
  if (channel === undefined || !isRecord(first)) return { role: "assistant", parts: [{ type: "unknown", value }] };
  const details = restOf(channel, CHANNEL_KEYS);
  return {
    role: "assistant",
    parts: [
      ...alternativeParts(first),
      ...others.map((other): Part => ({ type: "data", value: { alternative: other } })),
    ],
    ...present({ details }),
  };
}

function alternativeParts(alternative: JsonRecord): Part[] {
  const { transcript } = alternative;
  const isText = typeof transcript === "string";
  const timed = restOf(alternative, isText ? ALTERNATIVE_KEYS : new Set());
  return [
    ...(isText && transcript !== "" ? [{ type: "text" as const, text: transcript }] : []),
    ...(timed === undefined ? [] : [{ type: "data" as const, value: timed }]),
  ];
}
