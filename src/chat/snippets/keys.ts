/** A provider's key: its header, the scheme before it, and the customary environment variable. */
export type Key = { header: string; scheme?: string; variable: string };

const bearer = (variable: string): Key => ({ header: "Authorization", scheme: "Bearer", variable });

/** Providers with an unusual header or variable. */
const KEYS: Readonly<Record<string, Key>> = {
  anthropic: { header: "x-api-key", variable: "ANTHROPIC_API_KEY" },
  "aws-bedrock": bearer("AWS_BEARER_TOKEN_BEDROCK"),
  "azure-openai": { header: "api-key", variable: "AZURE_OPENAI_API_KEY" },
  "cerebras-ai": bearer("CEREBRAS_API_KEY"),
  cohere: bearer("CO_API_KEY"),
  deepgram: { header: "Authorization", scheme: "Token", variable: "DEEPGRAM_API_KEY" },
  elevenlabs: { header: "xi-api-key", variable: "ELEVENLABS_API_KEY" },
  fal: { header: "Authorization", scheme: "Key", variable: "FAL_KEY" },
  "google-ai-studio": { header: "x-goog-api-key", variable: "GEMINI_API_KEY" },
  "google-vertex-ai": bearer("GOOGLE_ACCESS_TOKEN"),
  grok: bearer("XAI_API_KEY"),
  huggingface: bearer("HF_TOKEN"),
  "perplexity-ai": bearer("PERPLEXITY_API_KEY"),
  replicate: bearer("REPLICATE_API_TOKEN"),
  "workers-ai": bearer("CLOUDFLARE_API_TOKEN"),
};

/** Variable with the token for an authenticated gateway. */
export const GATEWAY_TOKEN = "CF_AIG_TOKEN";

/** Returns how a provider takes its key; by default as a bearer token. */
export function keyOf(provider: string): Key {
  if (Object.hasOwn(KEYS, provider)) return KEYS[provider] as Key;
  const name = provider.replace(/^custom-/, "").replace(/[^A-Za-z0-9]+/g, "_");
  return bearer(`${name.toUpperCase().replace(/^(?=\d|$)/, "_")}_API_KEY`);
}
