import type { Message, Part, Usage } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, textOf } from "../../json/json.ts";
import type { CallNames, Reader, ResponseReading } from "../../reader.ts";
import {
  type Entry,
  type Session,
  type SessionItem,
  foldSession,
  isRealtimeEvent,
  wholeSessionItem,
} from "./realtime-session.ts";
import { readItems } from "./responses-items.ts";
import type { Fold } from "./responses-stream.ts";
import { instructionsOf, readFold, toolOf } from "./responses.ts";

const CONFIG_KEYS = new Set(["instructions", "tools", "model"]);

/** A session of OpenAI's Realtime API, recorded as events: lines, or an array. */
export const openaiRealtime: Reader = {
  format: "openai-realtime",

  serves(_provider, path) {
    return /(?:^|\/)realtime(?:\/translations)?\/?$/.test(path);
  },

  fitsRequest(body) {
    return eventsIn(body).some(isRealtimeEvent);
  },

  readRequest(body, { callNames }) {
    const session = foldSession(eventsIn(body).map((data) => ({ data })));
    const { config, created } = session;
    const tools = [config.get("tools"), ...created.map((parameters) => parameters.tools)].flatMap(listOf);
    const settings = [...config].filter(([key]) => !CONFIG_KEYS.has(key));
    const parameters = created.map(({ tools: _tools, ...others }) => others).filter((others) => !isEmpty(others));
    return {
      messages: messagesOf(session, readingsOf(session, callNames), callNames, false),
      tools: tools.map(toolOf),
      settings: {
        ...Object.fromEntries(settings),
        ...(parameters.length === 0 ? {} : { response: parameters.length === 1 ? parameters[0] : parameters }),
      },
      ...present({ model: textOf(config.get("model")) ?? textOf(created[0]?.model) }),
    };
  },

  fitsResponse({ value, events }) {
    return isRealtimeEvent(value) || events.some(({ data }) => isRealtimeEvent(data));
  },

  readResponse({ value, events, cut }, { callNames, request }) {
    const session = foldSession(events.length === 0 && isRecord(value) ? [{ data: value }] : events);
    const isAsked =
      request !== undefined || session.entries.some((entry) => entry.kind === "item" && entry.item.isSent);
    const readings = readingsOf(session, callNames);
    const answers = messagesOf(session, readings, callNames, isAsked);
    if (session.strays.length > 0) {
      answers.push({ role: "assistant", parts: session.strays.map((stray) => ({ type: "unknown", value: stray })) });
    }
    const usages = [...readings.values()].map(({ usage }) => usage).filter((usage) => usage !== undefined);
    const around = [...session.around, ...(session.config.size === 0 ? [] : [configOf(session)])];
    return {
      answers,
      complete: !cut && [...readings.keys()].every(({ isFinished }) => isFinished),
      ...present({
        usage: sumOf(usages),
        model: textOf(session.config.get("model")),
        envelope: around.length === 0 ? undefined : Object.fromEntries(around),
      }),
    };
  },
};

function configOf({ config }: Session): [string, JsonRecord] {
  return ["session", Object.fromEntries(config)];
}

// A request that isn't an object reaches its reader as a list of events.
function eventsIn(body: JsonRecord): unknown[] {
  return Array.isArray(body.streamed_data) ? body.streamed_data : [body];
}

function readingsOf({ responses }: Session, callNames: CallNames): Map<Fold, ResponseReading> {
  return new Map([...responses.values()].map((fold) => [fold, readFold(fold, callNames)]));
}

/** `isAsked`: the client's own events are known, so the server's repetitions are skipped. */
function messagesOf(
  session: Session,
  readings: Map<Fold, ResponseReading>,
  callNames: CallNames,
  isAsked: boolean,
): Message[] {
  const answered = new Set([...readings.keys()].flatMap(({ byId }) => Array.from(byId.keys())));
  const isRepeated = ({ fields, transcripts, isSent }: SessionItem): boolean => {
    if (isSent) return false;
    return (
      answered.has(textOf(fields.get("id")) ?? "") ||
      (isAsked && transcripts.size === 0 && isEmpty(fields.get("error")))
    );
  };
  const messagesIn = (entry: Entry): Message[] => {
    switch (entry.kind) {
      case "item":
        if (isRepeated(entry.item)) return [];
        return withFormat(readItems([wholeSessionItem(entry.item)], callNames), session.config, "input");
      case "response":
        return withFormat(answersOf(readings.get(entry.fold)), session.config, "output");
      case "instructions":
        return instructionsOf(entry.value, callNames);
      case "input":
        return readItems(entry.items, callNames);
      case "note":
        return [{ role: "user", parts: [{ type: "data", value: entry.value }] }];
    }
  };
  return session.entries.flatMap(messagesIn);
}

// Facts next to a response's items go with its answer: a session has several.
function answersOf(reading: ResponseReading | undefined): Message[] {
  const [answer, ...others] = reading?.answers ?? [];
  if (answer === undefined) return [];
  return [{ ...answer, ...present({ details: reading?.envelope }) }, ...others];
}

// The session declares the encoding of all its audio once.
function withFormat(messages: Message[], config: Map<string, unknown>, direction: "input" | "output"): Message[] {
  const format =
    recordOf(recordOf(config.get("audio"))?.[direction])?.format ?? config.get(`${direction}_audio_format`);
  const type = textOf(recordOf(format)?.type) ?? textOf(format);
  if (type === undefined) return messages;
  const mimeType = type.includes("/") ? type : `audio/${type}`;
  const heard = (part: Part): Part =>
    part.type === "media" && part.media === "audio" && part.mimeType === undefined ? { ...part, mimeType } : part;
  return messages.map((message) => ({ ...message, parts: message.parts.map(heard) }));
}

function sumOf(usages: Usage[]): Usage | undefined {
  const sum = new Map<keyof Usage, number>();
  for (const key of ["tokensIn", "tokensOut", "tokensTotal", "tokensCached", "tokensReasoning"] as const) {
    for (const usage of usages) {
      const count = usage[key];
      if (count !== undefined) sum.set(key, (sum.get(key) ?? 0) + count);
    }
  }
  return sum.size === 0 ? undefined : Object.fromEntries(sum);
}
