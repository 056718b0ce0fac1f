import type { GatewayRef } from "../../cloudflare/schema.ts";

/** Where a text addresses a gateway. What it leaves to a variable is undefined. */
export type CallSite = { start: number; end: number; gatewayId: string; accountId?: string; provider?: string };

/** A gateway as a text names it. */
export type NamedGateway = { gatewayId: string; accountId?: string };

/** The address of Cloudflare's gateway, or of one on this machine. */
const ADDRESS =
  /\b(?:https?|wss?):\/\/(gateway\.ai\.cloudflare\.com|127\.0\.0\.1:\d+|localhost:\d+)\/v1\/([^\s"'`/]{1,200})\/([^\s"'`/?#]{1,200})(?:\/([\w-]{1,60}))?/gi;
/** `env.AI.run(…, { gateway: { id: "x" } })`: the binding of a Worker. */
const RUN = /\bgateway\s{0,20}:\s{0,20}\{[^{}]{0,400}?\bid\s{0,20}:\s{0,20}["'`]([\w-]{1,64})["'`]/g;
/** `env.AI.gateway("x")`. */
const BINDING = /\.\s{0,20}gateway\(\s{0,20}["'`]([\w-]{1,64})["'`]/g;
/** `AI_GATEWAY_ID=x` of an .env file. */
const VARIABLE =
  /^[ \t]*(?:export[ \t]+)?\w{0,40}GATEWAY(?:_(?:ID|NAME|SLUG))?[ \t]*[=:][ \t]*["']?([a-z0-9_-]{1,64})["']?[ \t]*(?:#.*)?$/gm;

/** How far before `gateway: {…}` the call of the binding stands at the most. */
const NEAR = 20_000;

const isGatewayId = (text: string): boolean => /^[a-z0-9_]+(?:-[a-z0-9_]+)*$/.test(text) && text.length <= 64;
const isAccountId = (text: string): boolean => /^[0-9a-f]{32}$/i.test(text);
/** Of an address: what stands for all providers is none. */
const isProvider = (text: string): boolean => !["compat", "v1"].includes(text);

function siteOfAddress(match: RegExpExecArray): CallSite | undefined {
  const [text, host = "", account = "", gatewayId = "", provider] = match;
  const isLocal = !host.includes("cloudflare");
  if (!isGatewayId(gatewayId) || (isLocal && !isAccountId(account))) return undefined;
  return {
    start: match.index,
    end: match.index + text.length,
    gatewayId,
    ...(isAccountId(account) ? { accountId: account.toLowerCase() } : {}),
    ...(provider !== undefined && isProvider(provider) ? { provider } : {}),
  };
}

function siteOfBinding(match: RegExpExecArray): CallSite[] {
  const [text, gatewayId = ""] = match;
  return isGatewayId(gatewayId) ? [{ start: match.index, end: match.index + text.length, gatewayId }] : [];
}

/** Each place of a source text that addresses a gateway, in the order of the text. */
export function callSitesIn(text: string): CallSite[] {
  const sites = [
    ...[...text.matchAll(ADDRESS)].flatMap((match) => siteOfAddress(match) ?? []),
    ...[...text.matchAll(RUN)]
      .filter(({ index }) => /\.run\s*\(/.test(text.slice(Math.max(0, index - NEAR), index)))
      .flatMap(siteOfBinding),
    ...[...text.matchAll(BINDING)].flatMap(siteOfBinding),
  ];
  return sites.sort((a, b) => a.start - b.start);
}

/** The gateways that a source text, an .env file or a launch configuration names, each once. */
export function gatewaysNamedIn(text: string): NamedGateway[] {
  const variables = [...text.matchAll(VARIABLE)].flatMap(([, gatewayId = ""]): NamedGateway[] =>
    isGatewayId(gatewayId) ? [{ gatewayId }] : [],
  );
  const named = new Map<string, NamedGateway>();
  for (const { accountId, gatewayId } of [...callSitesIn(text), ...variables])
    named.set(`${accountId}/${gatewayId}`, accountId === undefined ? { gatewayId } : { gatewayId, accountId });
  return [...named.values()];
}

/** Whether a gateway is the one that a text names. */
export const isNamed = ({ accountId, gatewayId }: GatewayRef, named: NamedGateway): boolean =>
  gatewayId === named.gatewayId && (named.accountId ?? accountId) === accountId;
