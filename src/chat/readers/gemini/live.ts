import type { Message, Part, Usage } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import type { CallNames, Context, Reader, ResponseReading } from "../../reader.ts";
import { bothSpellings, field } from "./fields.ts";
import { geminiGenerate } from "./generate.ts";
import { readContent, readPart } from "./parts.ts";

const CLIENT = ["setup", "clientContent", "realtimeInput", "toolResponse"];
const SERVER = [
  "serverContent",
  "toolCall",
  "toolCallCancellation",
  "setupComplete",
  "goAway",
  "sessionResumptionUpdate",
];
const SERVER_KEYS = bothSpellings(
  "serverContent",
  "toolCall",
  "usageMetadata",
  "setupComplete",
  "toolCallCancellation",
);
const TURN_KEYS = bothSpellings(
  "modelTurn",
  "turnComplete",
  "interrupted",
  "generationComplete",
  "inputTranscription",
  "interimInputTranscription",
  "outputTranscription",
);
const INPUT_KEYS = bothSpellings(
  "mediaChunks",
  "audio",
  "video",
  "text",
  "activityStart",
  "activityEnd",
  "audioStreamEnd",
);

/** A session of Gemini's Live API (`BidiGenerateContent`), recorded as messages: lines, or an array. */
export const geminiLive: Reader = {
  format: "gemini-live",

  serves(_provider, path) {
    return /bidigeneratecontent\/?$/.test(path);
  },

  fitsRequest(body) {
    return messagesIn(body).some(
      (message) => isRecord(message) && CLIENT.some((name) => isRecord(field(message, name))),
    );
  },

  readRequest(body, context) {
    const sent = messagesIn(body).filter(isRecord);
    const setups = sent.map((message) => recordOf(field(message, "setup"))).filter((setup) => setup !== undefined);
    const setup = geminiGenerate.readRequest(Object.assign({}, ...setups) as JsonRecord, context);
    return {
      ...setup,
      messages: [
        ...setup.messages,
        ...joinedSound(sent.flatMap((message) => clientMessages(message, context.callNames))),
      ],
    };
  },

  fitsResponse({ value, events }) {
    return isServerMessage(value) || events.some(({ data }) => isServerMessage(data));
  },

  readResponse({ value, events, cut }, context) {
    const session = startSession();
    for (const message of events.length === 0 ? [value] : events.map(({ data }) => data))
      addMessage(session, message, context);
    const isOpen = session.chunks.length > 0 || session.heard !== "" || session.spoken !== "";
    endTurn(session, context, undefined);
    return {
      answers: session.answers,
      complete: !cut && !isOpen,
      ...present({ usage: sumOf(session.usages), envelope: isEmpty(session.around) ? undefined : session.around }),
    };
  },
};

// A request that isn't an object reaches its reader as a list of messages.
function messagesIn(body: JsonRecord): unknown[] {
  return Array.isArray(body.streamed_data) ? body.streamed_data : [body];
}

function clientMessages(message: JsonRecord, callNames: CallNames): Message[] {
  const content = recordOf(field(message, "clientContent"));
  const input = recordOf(field(message, "realtimeInput"));
  const answer = recordOf(field(message, "toolResponse"));
  const results = listOf(answer && field(answer, "functionResponses"));
  return [
    ...listOf(content?.turns).map((turn) => readContent(turn, callNames)),
    ...(input === undefined ? [] : inputMessages(input, callNames)),
    ...results.map((functionResponse): Message => ({ role: "tool", parts: readPart({ functionResponse }, callNames) })),
  ];
}

function inputMessages(input: JsonRecord, callNames: CallNames): Message[] {
  const media = [...listOf(field(input, "mediaChunks")), input.audio, input.video].filter((blob) => !isEmpty(blob));
  const others = restOf(input, INPUT_KEYS);
  const parts: Part[] = [
    ...(typeof input.text === "string" ? [{ type: "text" as const, text: input.text }] : []),
    ...media.flatMap((inlineData) => readPart({ inlineData }, callNames)),
    ...(others === undefined ? [] : [{ type: "data" as const, value: others }]),
  ];
  return parts.length === 0 ? [] : [{ role: "user", parts }];
}

/** Joins consecutive audio of one type. */
function joinedSound(messages: Message[]): Message[] {
  const joined: Message[] = [];
  const pieces = new Map<Part, string[]>();
  for (const message of messages) {
    const [part] = message.parts;
    const [last] = joined.at(-1)?.parts ?? [];
    const known = last && pieces.get(last);
    const isSound =
      message.parts.length === 1 && part?.type === "media" && part.media === "audio" && part.data !== undefined;
    if (isSound && known && last?.type === "media" && last.mimeType === part.mimeType) known.push(part.data ?? "");
    else {
      joined.push(message);
      if (isSound) pieces.set(part, [part.data ?? ""]);
    }
  }
  for (const [part, data] of pieces)
    if (part.type === "media" && data.length > 1)
      part.data = Buffer.concat(data.map((one) => Buffer.from(one, "base64"))).toString("base64");
  return joined;
}

function isServerMessage(value: unknown): value is JsonRecord {
  return isRecord(value) && SERVER.some((name) => isRecord(field(value, name)));
}

/** The current turn: chunks like generateContent's stream, and transcripts of input and output. */
type Session = {
  answers: Message[];
  chunks: JsonRecord[];
  heard: string;
  spoken: string;
  usages: Usage[];
  around: JsonRecord;
};

const startSession = (): Session => ({ answers: [], chunks: [], heard: "", spoken: "", usages: [], around: {} });

function addMessage(session: Session, value: unknown, context: Context): void {
  if (!isRecord(value)) {
    session.answers.push({ role: "assistant", parts: [{ type: "unknown", value }] });
    return;
  }
  const content = recordOf(field(value, "serverContent"));
  const call = recordOf(field(value, "toolCall"));
  const cancelled = field(value, "toolCallCancellation");
  Object.assign(session.around, restOf(value, SERVER_KEYS));
  const counted = recordOf(field(value, "usageMetadata"));
  if (counted !== undefined) session.usages.push(usageOf(counted, context));
  if (content !== undefined) {
    const turn = field(content, "modelTurn");
    const others = restOf(content, TURN_KEYS);
    session.heard += wordsOf(content, "inputTranscription");
    session.spoken += wordsOf(content, "outputTranscription");
    if (!isEmpty(turn) || others !== undefined) session.chunks.push({ candidates: [{ content: turn, ...others }] });
  }
  const calls = listOf(call && field(call, "functionCalls")).map((functionCall) => ({ functionCall }));
  if (calls.length > 0) session.chunks.push({ candidates: [{ content: { role: "model", parts: calls } }] });
  if (!isEmpty(cancelled))
    session.answers.push({ role: "assistant", parts: [{ type: "data", value: { toolCallCancellation: cancelled } }] });
  // A turn that waits for a function's result continues as another.
  if (content?.interrupted === true) endTurn(session, context, "interrupted");
  else if (content !== undefined && field(content, "turnComplete") === true) endTurn(session, context, "turnComplete");
  else if (calls.length > 0) endTurn(session, context, "toolCall");
}

function endTurn(session: Session, context: Context, finishReason: string | undefined): void {
  const { chunks, heard, spoken } = session;
  if (heard !== "")
    session.answers.push({
      role: "user",
      parts: [{ type: "text", text: heard, details: { inputTranscription: true } }],
    });
  const read: Pick<ResponseReading, "answers"> =
    chunks.length === 0
      ? { answers: [] }
      : geminiGenerate.readResponse(
          { value: undefined, events: chunks.map((data) => ({ data })), done: true, cut: false },
          context,
        );
  const [answer = { role: "assistant" as const, parts: [] }] = read.answers;
  if (spoken !== "") answer.parts.push({ type: "text", text: spoken, details: { outputTranscription: true } });
  if (answer.parts.length > 0)
    session.answers.push({ ...answer, ...present({ finishReason: answer.finishReason ?? finishReason }) });
  Object.assign(session, { chunks: [], heard: "", spoken: "" });
}

function wordsOf(content: JsonRecord, name: string): string {
  return textOf(recordOf(field(content, name))?.text) ?? "";
}

// This API names the output count differently from generateContent.
function usageOf(counted: JsonRecord, context: Context): Usage {
  const usageMetadata = { candidatesTokenCount: field(counted, "responseTokenCount"), ...counted };
  return (
    geminiGenerate.readResponse({ value: { usageMetadata }, events: [], done: true, cut: false }, context).usage ?? {}
  );
}

/** Turns are counted separately. */
function sumOf(usages: readonly Usage[]): Usage | undefined {
  const sum: Usage = {};
  for (const usage of usages)
    for (const key of ["tokensIn", "tokensOut", "tokensTotal", "tokensCached", "tokensReasoning"] as const) {
      const count = usage[key];
      if (count !== undefined) sum[key] = (sum[key] ?? 0) + count;
    }
  return isEmpty(sum) ? undefined : sum;
}
