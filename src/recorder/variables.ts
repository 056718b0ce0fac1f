import type { Upstreams } from "./upstreams.ts";

/** An environment variable that programs read a base address from, and how that address ends for a provider. */
type BaseVariable = { provider: string; suffix: "" | "/v1" };

/**
 * The variables, each as its SDK means it: with the version or without. Read in the SDKs' own sources: openai 6.49.0,
 * @anthropic-ai/sdk 1.15.0, @google/genai 2.32.0, groq-sdk 1.6.0, @cerebras/cerebras_cloud_sdk 1.91.0.
 */
const VARIABLES: Readonly<Record<string, BaseVariable>> = {
  OPENAI_BASE_URL: { provider: "openai", suffix: "/v1" },
  ANTHROPIC_BASE_URL: { provider: "anthropic", suffix: "" },
  GOOGLE_GEMINI_BASE_URL: { provider: "google-ai-studio", suffix: "" },
  GROQ_BASE_URL: { provider: "groq", suffix: "" },
  CEREBRAS_BASE_URL: { provider: "cerebras", suffix: "" },
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the variables that lead programs to the recorder. `urlOf`: a provider's address there. */
export function variablesFor(urlOf: (provider: string) => string, environment: Environment): Record<string, string> {
  const entries = Object.entries(VARIABLES).map(([name, { provider, suffix }]) => [name, urlOf(provider) + suffix]);
  return { ...Object.fromEntries(entries), ...withoutProxy(environment) };
}

const HERE = "localhost,127.0.0.1,::1";

/** Returns what keeps calls to this machine out of a proxy; nothing if the environment has none. */
function withoutProxy(environment: Environment): Record<string, string> {
  const has = (name: string): boolean => Boolean(environment[name] ?? environment[name.toLowerCase()]);
  if (!["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].some(has)) return {};
  const before = environment["NO_PROXY"] ?? environment["no_proxy"];
  const value = before ? `${before},${HERE}` : HERE;
  return { NO_PROXY: value, no_proxy: value };
}

/** Returns the upstreams that the environment already names: programs' calls went there before. */
export function upstreamsIn(environment: Environment): Upstreams {
  const named = Object.entries(VARIABLES).flatMap(([name, { provider }]) => {
    const url = URL.parse(environment[name] ?? "");
    return url && ["https:", "http:"].includes(url.protocol) ? [[provider, url.href] as const] : [];
  });
  return Object.fromEntries(named);
}
