import * as vscode from "vscode";

/** What a field is called where people read: `tokensIn` is "tokens in". One without words of its own is called as it is. */
export function keyWords(key: string): string {
  const t = vscode.l10n.t;
  const words: Readonly<Record<string, string>> = {
    id: t("log ID"),
    createdAt: t("time"),
    requestContentType: t("request content type"),
    responseContentType: t("response content type"),
    requestType: t("request type"),
    status: t("status"),
    success: t("status"),
    cached: t("cached"),
    provider: t("provider"),
    model: t("model"),
    modelType: t("model type"),
    cost: t("cost"),
    tokens: t("tokens"),
    tokensIn: t("tokens in"),
    tokensOut: t("tokens out"),
    duration: t("duration"),
    feedback: t("rating"),
    eventId: t("event ID"),
    metadataKey: t("metadata key"),
    metadataValue: t("metadata value"),
    authentication: t("authenticated"),
    wholesale: t("wholesale"),
    compatibilityMode: t("compatibility mode"),
    dlpAction: t("DLP action"),
    userAgent: t("user agent"),
    path: t("path"),
    statusCode: t("status code"),
    step: t("step"),
    score: t("score"),
    source: t("source"),
    endpoint: t("endpoint"),
    user: t("user"),
    key: t("key"),
    latency: t("latency"),
    tokensCached: t("cached tokens"),
    tokensReasoning: t("reasoning tokens"),
    region: t("region"),
    colo: t("data center"),
    byok: t("stored key"),
    guardrails: t("guardrails"),
    dlpProfile: t("DLP profile"),
    since: t("since"),
    until: t("before"),
  };
  return Object.hasOwn(words, key) ? (words[key] ?? key) : key;
}

/** What a sign behind a key's colon means. */
export function signWords(sign: string): string {
  const t = vscode.l10n.t;
  switch (sign) {
    case "~":
      return t("contains");
    case ">":
      return t("is more than, after");
    case "<":
      return t("is less than, before");
    default:
      return t("is");
  }
}
