import type { Recorded } from "../../traffic.ts";
import { type Apart, compare } from "./oracle/compare.ts";
import { readOpenAiChat } from "./oracle/openai-chat.ts";
import { answering } from "./oracle/recorded.ts";
import { recordedFor } from "./oracle/sdk.ts";
import type { Told } from "./oracle/told.ts";

const parsed = "the content is JSON already, which is no text";
const apart: Apart = {
  "workers-ai--test-cloudflare-data-extraction-1-d9400b": { why: parsed, told: contentAsData },
  "workers-ai--test-cloudflare-data-extraction-2-a848b9": { why: parsed, told: contentAsData },
};

function contentAsData({ response }: Recorded): Told {
  const { choices } = JSON.parse(response) as { choices: { message: { content: unknown }; finish_reason: string }[] };
  return { data: choices.map(({ message }) => message.content), finish: choices.map((choice) => choice.finish_reason) };
}

/** The SDK wants a role, which the chunks of Workers AI do not name. */
function withRole(recorded: Recorded): Recorded {
  if (recorded.provider !== "workers-ai" || !recorded.streaming) return recorded;
  return { ...recorded, response: recorded.response.replaceAll('"delta":{"', '"delta":{"role":"assistant","') };
}

compare(
  "openai",
  recordedFor("openai", ["openai-chat"]),
  (recorded) => readOpenAiChat(answering(withRole(recorded)), recorded.streaming),
  apart,
);
