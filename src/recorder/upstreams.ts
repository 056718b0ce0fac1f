import { isLoopback } from "../http/proxy.ts";

/** A provider's address, or an address with what is known of it. */
type UpstreamAddress = string | { url: string; isGateway?: boolean };

/** More providers by name, or other addresses for known ones: `{ "ollama": "http://127.0.0.1:11434" }`. */
export type Upstreams = Readonly<Record<string, UpstreamAddress>>;

/** Where a call goes: the origin ("https://api.openai.com"), and the path there with the query. */
export type Target = { origin: string; path: string; isGateway: boolean };

/** A call's address below the recorder: `rest` has the query, and no leading slash. */
export type CallAddress = { account: string; gateway: string; provider: string; rest: string };

/** Why a call has no target. */
export type NoTarget = { refused: "unknown-provider" | "bad-address" | "compat"; message: string };

/** `roots`: first segments of paths that are next to the base's path instead of below it. */
type Base = { url: string; roots?: readonly string[] };

/**
 * AI Gateway's names of providers and the base addresses that they replace, from "URL structure" on each provider's page
 * below developers.cloudflare.com/ai-gateway/usage/providers/ and, where a page has none, from the hosts in the table
 * packages/gateway-core/src/gateway-providers.ts of github.com/cloudflare/ai (917c024). A base with a version serves
 * paths with and without one, as the pages' own examples do.
 */
const BASES: Readonly<Record<string, Base>> = {
  // Programs set up for the origin send v1/messages, others messages; Claude Code also calls api/hello.
  anthropic: { url: "https://api.anthropic.com/v1", roots: ["api"] },
  cartesia: { url: "https://api.cartesia.ai" },
  cerebras: { url: "https://api.cerebras.ai/v1" },
  // Its OpenAI-compatible paths are compatibility/v1/….
  cohere: { url: "https://api.cohere.com/v1", roots: ["compatibility"] },
  deepgram: { url: "https://api.deepgram.com" },
  deepseek: { url: "https://api.deepseek.com" },
  elevenlabs: { url: "https://api.elevenlabs.io" },
  fal: { url: "https://fal.run" },
  fireworks: { url: "https://api.fireworks.ai/inference/v1" },
  "google-ai-studio": { url: "https://generativelanguage.googleapis.com" },
  grok: { url: "https://api.x.ai/v1" },
  groq: { url: "https://api.groq.com/openai/v1" },
  huggingface: { url: "https://api-inference.huggingface.co/models" },
  ideogram: { url: "https://api.ideogram.ai" },
  mistral: { url: "https://api.mistral.ai/v1" },
  openai: { url: "https://api.openai.com/v1" },
  openrouter: { url: "https://openrouter.ai/api/v1" },
  "perplexity-ai": { url: "https://api.perplexity.ai" },
  replicate: { url: "https://api.replicate.com/v1" },
};

/** Providers with the host or a part of the path in the address; undefined if the address isn't such a one. */
const COMPUTED: Readonly<Record<string, (rest: string, account: string) => string | undefined>> = {
  // {resource}/{deployment}/{rest}
  "azure-openai": (rest) => {
    const [, resource, deployment, below] = /^([a-z\d-]+)\/([^/?]+)\/(.+)$/is.exec(rest) ?? [];
    if (resource === undefined) return undefined;
    return `https://${resource}.openai.azure.com/openai/deployments/${deployment}/${below}`;
  },
  // bedrock-runtime/{region}/{rest}
  "aws-bedrock": (rest) => {
    const [, region, below] = /^bedrock-runtime\/([a-z\d-]+)\/(.+)$/is.exec(rest) ?? [];
    return region && `https://bedrock-runtime.${region}.amazonaws.com/${below}`;
  },
  // v1/projects/{project}/locations/{region}/…
  "google-vertex-ai": (rest) => {
    const [, region] = /^v1[a-z\d]*\/projects\/[^/?]+\/locations\/([a-z\d-]+)\//i.exec(rest) ?? [];
    if (region === undefined) return undefined;
    return `https://${region === "global" ? "" : `${region}-`}aiplatform.googleapis.com/${rest}`;
  },
  // {model}, or v1/… for the OpenAI-compatible paths. The account is Cloudflare's own.
  "workers-ai": (rest, account) => {
    if (!/^[a-f\d]{32}$/i.test(account)) return undefined;
    return `https://api.cloudflare.com/client/v4/accounts/${account}/ai/${rest.startsWith("v1/") ? "" : "run/"}${rest}`;
  },
};

const GATEWAY_HOST = "gateway.ai.cloudflare.com";

/** The names of all providers with an address of their own, sorted. */
export const PROVIDERS: readonly string[] = [...Object.keys(BASES), ...Object.keys(COMPUTED)].sort();

/**
 * Returns a function that finds where a call goes. The caller's upstreams come before the known providers.
 * @throws Error if an upstream's address isn't https, or http on this machine, or has a query or a password.
 */
export function targetsOf(upstreams: Upstreams): (address: CallAddress) => Target | NoTarget {
  const own = new Map(
    Object.entries(upstreams).map(([name, address]) => {
      const { url, isGateway } = typeof address === "string" ? { url: address } : address;
      return [name, { url: checked(name, url), isGateway }];
    }),
  );
  return ({ account, provider, rest }) => {
    const named = own.get(provider);
    if (named !== undefined) {
      const target = below({ url: named.url }, rest);
      return { ...target, isGateway: named.isGateway ?? target.isGateway };
    }
    const base = Object.hasOwn(BASES, provider) ? BASES[provider] : undefined;
    if (base !== undefined) return below(base, rest);
    const compute = Object.hasOwn(COMPUTED, provider) ? COMPUTED[provider] : undefined;
    if (compute === undefined) return noTarget(provider);
    const url = compute(rest, account);
    if (url === undefined)
      return { refused: "bad-address", message: `This isn't an address of the provider "${provider}".` };
    return split(url);
  };
}

function noTarget(provider: string): NoTarget {
  return provider === "compat"
    ? {
        refused: "compat",
        message: 'The recorder has no "compat" endpoint. Use the provider\'s own, such as "openai".',
      }
    : { refused: "unknown-provider", message: `The recorder knows no provider "${provider}".` };
}

function checked(name: string, address: string): string {
  const url = URL.parse(address);
  if (!url || url.search || url.hash || url.username || url.password)
    throw new Error(`The address of the provider "${name}" isn't a plain URL.`);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url)))
    throw new Error(`The address of the provider "${name}" is neither https nor on this machine.`);
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

const isVersion = (segment: string | undefined): boolean => /^v\d+[a-z\d]*$/.test(segment ?? "");

/**
 * Joins a base and a call's path. Base addresses of SDKs may or may not repeat the end of the base's path, so it is
 * written once; a version in the call's path replaces the base's.
 */
function below({ url, roots = [] }: Base, rest: string): Target {
  const base = split(url);
  const slash = rest === "" || rest.startsWith("?") ? "" : "/";
  const target = (start: string): Target => ({ ...base, path: `${start}${slash}${rest}`.replace(/^(?!\/)/, "/") });
  const [first = ""] = rest.split(/[/?]/, 1);
  if (roots.includes(first)) return target("");
  const segments = base.path.split("/").slice(1);
  for (let count = segments.length; count > 0; count--)
    if (`${rest}/`.startsWith(`${segments.slice(-count).join("/")}/`))
      return target(["", ...segments.slice(0, -count)].join("/"));
  if (isVersion(first) && isVersion(segments.at(-1))) return target(["", ...segments.slice(0, -1)].join("/"));
  return target(base.path);
}

/** Splits a URL behind its origin and leaves the rest as it is: parsing would rewrite the path. */
function split(url: string): Target {
  const [, origin = "", path = ""] = /^(https?:\/\/[^/?]+)(.*)$/is.exec(url) ?? [];
  return { origin, path, isGateway: new URL(origin).hostname === GATEWAY_HOST };
}
