import { assembleStream } from "../assemble.ts";
import type { NewLog } from "../log.ts";
import type { Failure } from "./failures.ts";
import { chat, embeddings, responses } from "./openai.ts";
import { anthropic, gemini, workersAi } from "./others.ts";
import type { Random } from "./random.ts";
import type { Setting, Talk, Wire } from "./talk.ts";

/** A log without account, gateway and ID. */
export type Draft = Omit<NewLog, "sourceId" | "collectionId" | "id">;

/**
 * Forms in which the live gateway stores a streamed response (API notes: Stored responses): assembled, with a message,
 * empty, wrapped, or as events.
 */
export type Stored = "assembled" | "message" | "empty" | "wrapped" | "events";

type Format = (talk: Talk, setting: Setting) => Wire;

type Offer = {
  provider: string;
  models: [name: string, inPerMillion: number, outPerMillion: number][];
  format: Format;
  id: string;
  agent: string;
};

const azure: Format = (talk, setting) =>
  chat(talk, setting, `bikes-west/${setting.model}/chat/completions?api-version=2024-10-21`);

/** Sample providers with models and prices in dollars per million tokens. */
const OFFERS = {
  openai: {
    provider: "openai",
    models: [
      ["gpt-4.1-mini", 0.4, 1.6],
      ["gpt-4.1", 2, 8],
      ["gpt-4o-mini", 0.15, 0.6],
    ],
    format: chat,
    id: "chatcmpl-",
    agent: "OpenAI/Python 2.8.0",
  },
  openaiResponses: {
    provider: "openai",
    models: [
      ["gpt-5-mini", 0.25, 2],
      ["gpt-5", 1.25, 10],
    ],
    format: responses,
    id: "resp_",
    agent: "OpenAI/JS 6.9.0",
  },
  anthropic: {
    provider: "anthropic",
    models: [
      ["claude-sonnet-4-5-20250929", 3, 15],
      ["claude-haiku-4-5-20251001", 1, 5],
    ],
    format: anthropic,
    id: "msg_01",
    agent: "Anthropic/JS 0.69.0",
  },
  google: {
    provider: "google-ai-studio",
    models: [
      ["gemini-2.5-flash", 0.3, 2.5],
      ["gemini-2.5-pro", 1.25, 10],
    ],
    format: gemini,
    id: "",
    agent: "google-genai-sdk/1.50.0 gl-python/3.13.9",
  },
  workersAi: {
    provider: "workers-ai",
    models: [
      ["@cf/meta/llama-3.3-70b-instruct-fp8-fast", 0.293, 2.253],
      ["@cf/mistralai/mistral-small-3.1-24b-instruct", 0.351, 0.555],
    ],
    format: workersAi,
    id: "",
    agent: "undici",
  },
  mistral: {
    provider: "mistral",
    models: [
      ["mistral-small-latest", 0.1, 0.3],
      ["codestral-latest", 0.3, 0.9],
    ],
    format: (talk, setting) => chat(talk, setting, "v1/chat/completions"),
    id: "",
    agent: "mistral-client-python/1.9.11",
  },
  groq: {
    provider: "groq",
    models: [
      ["llama-3.1-8b-instant", 0.05, 0.08],
      ["openai/gpt-oss-20b", 0.1, 0.5],
    ],
    format: chat,
    id: "chatcmpl-",
    agent: "Groq/Python 0.33.0",
  },
  deepseek: {
    provider: "deepseek",
    models: [
      ["deepseek-chat", 0.28, 0.42],
      ["deepseek-reasoner", 0.28, 0.42],
    ],
    format: chat,
    id: "",
    agent: "OpenAI/Python 2.8.0",
  },
  azure: {
    provider: "azure-openai",
    models: [
      ["gpt-4o", 2.5, 10],
      ["gpt-4.1-mini", 0.4, 1.6],
    ],
    format: azure,
    id: "chatcmpl-",
    agent: "AzureOpenAI/JS 6.9.0",
  },
} satisfies Record<string, Offer>;

export type OfferName = keyof typeof OFFERS;

const size = (value: unknown) => Math.max(1, Math.ceil(JSON.stringify(value).length / 4));

const JSON_TYPE = "application/json";

/** Returns a streamed response in its stored form. */
function storedStream(wire: Wire, stream: string, stored: Stored): string {
  const assembled = assembleStream(stream) ?? stream;
  switch (stored) {
    case "events":
      return stream;
    case "assembled":
      return assembled;
    case "message": {
      const { streamed_data: chunks } = JSON.parse(assembled) as { streamed_data: unknown };
      return JSON.stringify({ ...(wire.response as object), streamed_data: chunks });
    }
    case "empty": {
      const { choices: _, ...rest } = wire.response as { choices: unknown };
      const message = { role: "assistant", content: null, tool_calls: null };
      return JSON.stringify({ ...rest, choices: [{ index: 0, message, finish_reason: "stop" }] });
    }
    case "wrapped":
      return JSON.stringify({ success: true, result: assembled });
  }
}

/** Additions to a scene's talk. */
export type Extra = Omit<Partial<Draft>, "model"> & {
  streamed?: boolean;
  stored?: Stored;
  failure?: Failure;
  model?: number;
};

/** Returns the log of a talk with a provider. */
export function scene(random: Random, createdAt: Date, name: OfferName, talk: Talk, extra: Extra = {}): Draft {
  const { streamed = false, stored = "assembled", failure, model: which, ...rest } = extra;
  const offer: Offer = OFFERS[name];
  const [model, inPrice, outPrice] = offer.models[which ?? random.between(0, offer.models.length - 1)] ?? [
    "unknown",
    0,
    0,
  ];
  const { turns, tools, system } = talk;
  const spoken = turns.map((turn) =>
    turn.from === "user" && turn.picture !== undefined ? Object.assign({}, turn, { picture: "" }) : turn,
  );
  const tokensIn = size([spoken, tools, system]) + random.between(3, 12);
  const thought = talk.reasoning === undefined ? 0 : size(talk.reasoning);
  const tokensOut = size([talk.answer, talk.calls]) + thought;
  const wire = offer.format(talk, {
    model,
    id: offer.id + random.letters(22),
    tokensIn,
    tokensOut,
    time: createdAt,
    streamed,
  });
  const latency = random.between(160, 900);
  const durationMs = latency + tokensOut * random.between(4, 18);
  const base: Draft = {
    createdAt,
    provider: offer.provider,
    model,
    modelType: "chat",
    path: wire.path,
    userAgent: offer.agent,
    requestType: "universal",
    authentication: true,
    wholesale: false,
    compatibilityMode: false,
    requestContentType: JSON_TYPE,
    request: JSON.stringify(wire.request),
    step: 0,
    durationMs,
    success: failure === undefined,
  };
  if (failure !== undefined) {
    return {
      ...base,
      durationMs: latency,
      statusCode: failure.status,
      responseContentType: JSON_TYPE,
      response: JSON.stringify(failure.body),
      ...(failure.dlpAction && { dlpAction: failure.dlpAction }),
      ...rest,
    };
  }
  const raw = wire.stream !== undefined && stored === "events";
  return {
    ...base,
    statusCode: 200,
    tokensIn,
    tokensOut,
    cost: (tokensIn * inPrice + tokensOut * outPrice) / 1_000_000,
    usageMetadata: {
      input_tokens: tokensIn,
      output_tokens: tokensOut,
      total_tokens: tokensIn + tokensOut,
      ...(thought > 0 && { reasoningTokens: thought }),
    },
    timings: { total: durationMs, latency },
    responseContentType: raw ? "text/event-stream" : JSON_TYPE,
    response: wire.stream === undefined ? JSON.stringify(wire.response) : storedStream(wire, wire.stream, stored),
    ...rest,
  };
}

/** Returns the log of an embeddings request. */
export function embeddingScene(random: Random, createdAt: Date): Draft {
  const inputs = ["chain wax", "tubeless valve 44 mm", "cargo bike charger", "brake pads resin"].filter(() =>
    random.chance(0.7),
  );
  const tokensIn = size(inputs);
  const setting = { model: "text-embedding-3-small", id: "", tokensIn, tokensOut: 0, time: createdAt, streamed: false };
  const wire = embeddings(inputs, setting, () =>
    Array.from({ length: 16 }, () => random.between(-9999, 9999) / 10_000),
  );
  return {
    createdAt,
    provider: "openai",
    model: setting.model,
    modelType: "embeddings",
    path: wire.path,
    userAgent: OFFERS.openai.agent,
    durationMs: random.between(60, 240),
    success: true,
    statusCode: 200,
    tokensIn,
    tokensOut: 0,
    cost: (tokensIn * 0.02) / 1_000_000,
    authentication: true,
    requestContentType: JSON_TYPE,
    responseContentType: JSON_TYPE,
    request: JSON.stringify(wire.request),
    response: JSON.stringify(wire.response),
  };
}
