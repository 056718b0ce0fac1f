import type { Conversation, Part, Usage } from "../../../../src/chat/conversation.ts";

/** A call by name, with its arguments parsed if they are JSON. */
type Call = { name: string; arguments: unknown };

/** An SDK's reading of a recorded response. Fields that it lacks are absent and not compared. */
export type Told = {
  /** The text of each answer. */
  texts?: string[];
  /** All reasoning shown. */
  reasoning?: string;
  refusal?: string;
  /** The calls the application is to answer, in order. */
  calls?: Call[];
  /** Number of further calls that the provider made itself. */
  serverCalls?: number;
  /** Of each answer. */
  finish?: (string | undefined)[];
  usage?: Usage;
  embeddings?: number[][];
  /** Base64 or URL of each image or sound answered. */
  media?: string[];
  data?: unknown[];
  /** A thrown error's whole message. */
  error?: string;
};

/** Our reading in the same form, with only the SDK's fields. */
export function toldBy(conversation: Conversation, theirs: Told): Told {
  const { answers, usage = {} } = conversation;
  const parts = answers.flatMap((answer) => answer.parts);
  const all = parts.filter((part) => part.type === "toolCall");
  const names = new Set(theirs.calls?.map(({ name }) => name));
  const calls = theirs.serverCalls === undefined ? all : all.filter(({ name }) => names.has(name));
  const ours: Required<Omit<Told, "error">> = {
    texts: answers.map((answer) => joined(answer.parts, "text")),
    reasoning: joined(parts, "reasoning"),
    refusal: joined(parts, "refusal"),
    calls: calls.map(({ name, arguments: given }) => ({ name, arguments: given })),
    serverCalls: all.length - calls.length,
    finish: answers.map(({ finishReason }) => finishReason),
    usage,
    embeddings: parts.filter((part) => part.type === "embedding").map(({ values }) => values),
    media: parts.filter((part) => part.type === "media").map(({ data, url }) => data ?? url ?? ""),
    data: parts.filter((part) => part.type === "data").map(({ value }) => value),
  };
  return Object.fromEntries(Object.entries(ours).filter(([key]) => key in theirs));
}

function joined(parts: Part[], type: "text" | "reasoning" | "refusal"): string {
  return parts.map((part) => (part.type === type ? part.text : "")).join("");
}

/** A call as in `Told`: the SDKs leave arguments as text, empty without any. */
export function callOf(name: string, given: unknown): Call {
  if (typeof given !== "string") return { name, arguments: given };
  try {
    return { name, arguments: JSON.parse(given) as unknown };
  } catch {
    return { name, arguments: given };
  }
}

/** The counts that are there. */
export function usageOf(counts: { [K in keyof Usage]: number | null | undefined }): Usage {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => typeof count === "number"));
}
