import type { CollectionRef } from "../../source/log.ts";

/** A gateway address in a text. Parts that come from a variable are undefined. */
export type CallSite = { start: number; end: number; collectionId: string; sourceId?: string; provider?: string };

/** A gateway named in a text. */
export type NamedGateway = { collectionId: string; sourceId?: string };

/** URL of a gateway on a service's host or on this machine. */
const addressOn = (host: string): RegExp =>
  new RegExp(
    `\\b(?:https?|wss?)://(${host.replaceAll(".", "\\.")}|127\\.0\\.0\\.1:\\d+|localhost:\\d+)/v1/([^\\s"'\`/]{1,200})/([^\\s"'\`/?#]{1,200})(?:/([\\w-]{1,60}))?`,
    "gi",
  );
/** `env.AI.run(…, { gateway: { id: "x" } })`: a Worker's binding. */
const RUN = /\bgateway\s{0,20}:\s{0,20}\{[^{}]{0,400}?\bid\s{0,20}:\s{0,20}["'`]([\w-]{1,64})["'`]/g;
/** `env.AI.gateway("x")`. */
const BINDING = /\.\s{0,20}gateway\(\s{0,20}["'`]([\w-]{1,64})["'`]/g;
/** `AI_GATEWAY_ID=x` in an .env file. */
const VARIABLE =
  /^[ \t]*(?:export[ \t]+)?\w{0,40}GATEWAY(?:_(?:ID|NAME|SLUG))?[ \t]*[=:][ \t]*["']?([a-z0-9_-]{1,64})["']?[ \t]*(?:#.*)?$/gm;

/** Maximum distance of the binding's call before `gateway: {…}`, in characters. */
const NEAR = 20_000;

const isGatewayId = (text: string): boolean => /^[a-z0-9_]+(?:-[a-z0-9_]+)*$/.test(text) && text.length <= 64;
const isAccountId = (text: string): boolean => /^[0-9a-f]{32}$/i.test(text);
/** Path segments shared by all providers don't name one. */
const isProvider = (text: string): boolean => !["compat", "v1"].includes(text);

function siteOfAddress(match: RegExpExecArray): CallSite | undefined {
  const [text, host = "", account = "", collectionId = "", provider] = match;
  const isLocal = host.includes(":");
  if (!isGatewayId(collectionId) || (isLocal && !isAccountId(account))) return undefined;
  return {
    start: match.index,
    end: match.index + text.length,
    collectionId,
    ...(isAccountId(account) ? { sourceId: account.toLowerCase() } : {}),
    ...(provider !== undefined && isProvider(provider) ? { provider } : {}),
  };
}

function siteOfBinding(match: RegExpExecArray): CallSite[] {
  const [text, collectionId = ""] = match;
  return isGatewayId(collectionId) ? [{ start: match.index, end: match.index + text.length, collectionId }] : [];
}

/** Finds the gateway addresses in a source text, in the order of the text. `host`: that of the service's gateway. */
export function callSitesIn(text: string, host: string): CallSite[] {
  const sites = [
    ...[...text.matchAll(addressOn(host))].flatMap((match) => siteOfAddress(match) ?? []),
    ...[...text.matchAll(RUN)]
      .filter(({ index }) => /\.run\s*\(/.test(text.slice(Math.max(0, index - NEAR), index)))
      .flatMap(siteOfBinding),
    ...[...text.matchAll(BINDING)].flatMap(siteOfBinding),
  ];
  return sites.sort((a, b) => a.start - b.start);
}

/** Finds the gateways named in a source text, an .env file or a launch configuration, without duplicates. */
export function gatewaysNamedIn(text: string, host: string): NamedGateway[] {
  const variables = [...text.matchAll(VARIABLE)].flatMap(([, collectionId = ""]): NamedGateway[] =>
    isGatewayId(collectionId) ? [{ collectionId }] : [],
  );
  const named = new Map<string, NamedGateway>();
  for (const { sourceId, collectionId } of [...callSitesIn(text, host), ...variables])
    named.set(`${sourceId}/${collectionId}`, sourceId === undefined ? { collectionId } : { collectionId, sourceId });
  return [...named.values()];
}

/** Returns whether a gateway matches a name from a text. */
export const isNamed = ({ sourceId, collectionId }: CollectionRef, named: NamedGateway): boolean =>
  collectionId === named.collectionId && (named.sourceId ?? sourceId) === sourceId;
