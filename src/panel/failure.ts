import type { ProviderError } from "../chat/conversation.ts";

/** The usual cause of a failed call, according to its status and the gateway's or the provider's own code. */
export type Failure =
  | "noGateway"
  | "unknownProvider"
  | "gatewayToken"
  | "promptBlocked"
  | "responseBlocked"
  | "dlpRequest"
  | "dlpResponse"
  | "cloudflareToken"
  | "contextLength"
  | "contentFilter"
  | "quota"
  | "overloaded"
  | "badRequest"
  | "providerKey"
  | "payment"
  | "permission"
  | "notFound"
  | "timeout"
  | "tooLarge"
  | "invalidInput"
  | "rateLimit"
  | "serverError"
  | "badGateway"
  | "unavailable"
  | "gatewayTimeout"
  | "originDown"
  | "originTimeout";

/**
 * The gateway's own codes. 2016 and 2017: Guardrails, 2029 and 2030: DLP, as documented; 2001, 2008 and 2009 according
 * to its responses ("Please configure AI Gateway", "Invalid provider", "Unauthorized"); 10000 is the Cloudflare API's.
 */
const GATEWAY: Readonly<Record<string, Failure>> = {
  2001: "noGateway",
  2008: "unknownProvider",
  2009: "gatewayToken",
  2016: "promptBlocked",
  2017: "responseBlocked",
  2029: "dlpRequest",
  2030: "dlpResponse",
  10000: "cloudflareToken",
};

/** The providers' own codes and types, in lowercase. */
const PROVIDERS: Readonly<Record<string, Failure>> = {
  context_length_exceeded: "contextLength",
  string_above_max_length: "contextLength",
  request_too_large: "tooLarge",
  content_filter: "contentFilter",
  content_policy_violation: "contentFilter",
  moderation_blocked: "contentFilter",
  responsibleaipolicyviolation: "contentFilter",
  insufficient_quota: "quota",
  billing_hard_limit_reached: "quota",
  billing_error: "payment",
  rate_limit_exceeded: "rateLimit",
  rate_limit_error: "rateLimit",
  throttlingexception: "rateLimit",
  overloaded_error: "overloaded",
  model_not_found: "notFound",
  invalid_api_key: "providerKey",
  authentication_error: "providerKey",
  api_key_invalid: "providerKey",
  unauthenticated: "providerKey",
  permission_error: "permission",
  permission_denied: "permission",
};

/** Words that identify the cause if a provider has no code for it. */
const WORDS: readonly (readonly [RegExp, Failure])[] = [
  [
    /maximum context length|prompt is too long|context window|input is too long|too many (?:input )?tokens/i,
    "contextLength",
  ],
  [/content (?:management|filter(?:ing)?|policy)|safety system/i, "contentFilter"],
  [/exceeded your current quota/i, "quota"],
  [/api key not valid|incorrect api key|invalid x-api-key/i, "providerKey"],
];

const STATUSES: Readonly<Record<number, Failure>> = {
  400: "badRequest",
  401: "providerKey",
  402: "payment",
  403: "permission",
  404: "notFound",
  408: "timeout",
  413: "tooLarge",
  422: "invalidInput",
  429: "rateLimit",
  500: "serverError",
  502: "badGateway",
  503: "unavailable",
  504: "gatewayTimeout",
  520: "badGateway",
  521: "originDown",
  522: "originTimeout",
  523: "originDown",
  524: "originTimeout",
  529: "overloaded",
};

function ownValue<T>(table: Readonly<Record<string, T>>, key: string | number | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

/**
 * Returns the cause of a failed call, by the most specific evidence: the gateway's code, the provider's, its words, the
 * status. Doesn't guess.
 */
export function failureOf(error: ProviderError | undefined, statusCode: number | undefined): Failure | undefined {
  const names = [error?.code, error?.type].map((name) => (name === undefined ? undefined : String(name).toLowerCase()));
  const coded = [...names.map((name) => ownValue(GATEWAY, name)), ...names.map((name) => ownValue(PROVIDERS, name))];
  const head = error?.message.slice(0, 2000) ?? "";
  const said = WORDS.find(([words]) => words.test(head))?.[1];
  const failed = statusCode !== undefined && statusCode >= 400 ? statusCode : Number(error?.code);
  return coded.find((failure) => failure !== undefined) ?? said ?? ownValue(STATUSES, failed);
}
