import * as vscode from "vscode";

/** What a filter key is called where people read: `tokens_in` is "tokens in". A key without words of its own is called as it is. */
export function keyWords(key: string): string {
  const t = vscode.l10n.t;
  switch (key) {
    case "id":
      return t("log ID");
    case "created_at":
      return t("time");
    case "request_content_type":
      return t("request content type");
    case "response_content_type":
      return t("response content type");
    case "request_type":
      return t("request type");
    case "status":
    case "success":
      return t("status");
    case "cached":
      return t("cached");
    case "provider":
      return t("provider");
    case "model":
      return t("model");
    case "model_type":
      return t("model type");
    case "cost":
      return t("cost");
    case "tokens":
      return t("tokens");
    case "tokens_in":
      return t("tokens in");
    case "tokens_out":
      return t("tokens out");
    case "duration":
      return t("duration");
    case "feedback":
      return t("rating");
    case "event_id":
      return t("event ID");
    case "metadata.key":
      return t("metadata key");
    case "metadata.value":
      return t("metadata value");
    case "authentication":
      return t("authenticated");
    case "wholesale":
      return t("wholesale");
    case "compatibilityMode":
      return t("compatibility mode");
    case "dlp_action":
      return t("DLP action");
    case "user_agent":
      return t("user agent");
    case "path":
      return t("path");
    case "status_code":
      return t("status code");
    case "step":
      return t("step");
    case "score":
      return t("score");
    case "source":
      return t("source");
    case "latency":
      return t("latency");
    case "tokens_cached":
      return t("cached tokens");
    case "tokens_reasoning":
      return t("reasoning tokens");
    case "region":
      return t("region");
    case "colo":
      return t("data center");
    case "byok":
      return t("stored key");
    case "guardrails":
      return t("guardrails");
    case "dlp_profile":
      return t("DLP profile");
    case "since":
      return t("since");
    case "until":
      return t("before");
    default:
      return key;
  }
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
