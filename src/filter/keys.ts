import * as vscode from "vscode";

/** What a filter key is called where people read: `tokens_in` is "tokens in". A key without words of its own is called as it is. */
export function keyWords(key: string): string {
  const t = vscode.l10n.t;
  const words: Readonly<Record<string, string>> = {
    id: t("log ID"),
    created_at: t("time"),
    request_content_type: t("request content type"),
    response_content_type: t("response content type"),
    request_type: t("request type"),
    status: t("status"),
    success: t("status"),
    cached: t("cached"),
    provider: t("provider"),
    model: t("model"),
    model_type: t("model type"),
    cost: t("cost"),
    tokens: t("tokens"),
    tokens_in: t("tokens in"),
    tokens_out: t("tokens out"),
    duration: t("duration"),
    feedback: t("rating"),
    event_id: t("event ID"),
    "metadata.key": t("metadata key"),
    "metadata.value": t("metadata value"),
    authentication: t("authenticated"),
    wholesale: t("wholesale"),
    compatibilityMode: t("compatibility mode"),
    dlp_action: t("DLP action"),
    user_agent: t("user agent"),
    path: t("path"),
    status_code: t("status code"),
    step: t("step"),
    score: t("score"),
    source: t("source"),
    latency: t("latency"),
    tokens_cached: t("cached tokens"),
    tokens_reasoning: t("reasoning tokens"),
    region: t("region"),
    colo: t("data center"),
    byok: t("stored key"),
    guardrails: t("guardrails"),
    dlp_profile: t("DLP profile"),
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
