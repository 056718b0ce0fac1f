import { type Recorded, traffic } from "../../../traffic.ts";

/** The package that reads an exchange in the recorded applications; undefined if there is none. */
function sdkOf({ kind, provider, path }: Recorded): string | undefined {
  if (kind === "anthropic-messages" || path === "/v1/complete") return "@anthropic-ai/sdk";
  if (kind === "gemini-generate" || (kind === "other" && provider === "google-ai-studio")) return "@google/genai";
  if (kind === "bedrock-converse" || (kind === "other" && provider === "aws-bedrock"))
    return "@aws-sdk/client-bedrock-runtime";
  if (kind === "cohere-chat") return "cohere-ai";
  if (kind === "hf") return "@huggingface/inference";
  if (kind === "workers-ai") return "workers-ai-provider";
  if (provider === "mistral") return "@mistralai/mistralai";
  if (kind !== "other") return "openai";
  if (provider === "custom-ollama") return "ollama";
  return provider === "openai" ? "openai" : undefined;
}

/** The recorded exchanges of this package; with `kinds`, only those. */
export function recordedFor(sdk: string | undefined, kinds?: readonly string[]): Recorded[] {
  return traffic().filter((recorded) => sdkOf(recorded) === sdk && (kinds?.includes(recorded.kind) ?? true));
}
