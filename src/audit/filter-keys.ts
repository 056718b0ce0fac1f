import * as vscode from "vscode";

/** Returns the display name of a key in the audit log's filter. */
export function auditKeyWords(key: string): string {
  const t = vscode.l10n.t;
  const words: Readonly<Record<string, string>> = {
    action: t("action"),
    actor: t("email address"),
    result: t("result"),
    product: t("product"),
    category: t("product category"),
    gateway: t("gateway"),
    context: t("signed in by"),
    token: t("token name"),
    token_id: t("token ID"),
    ip: t("IP address"),
    method: t("method"),
    uri: t("URI"),
    status: t("status code"),
    resource: t("resource ID"),
    type: t("resource type"),
    scope: t("scope"),
    zone: t("zone"),
    zone_id: t("zone ID"),
    ray: t("ray ID"),
    actor_type: t("actor type"),
    actor_id: t("actor ID"),
    account: t("account name"),
    id: t("entry ID"),
    audit_log_id: t("entry ID"),
    since: t("since"),
    until: t("before"),
  };
  return Object.hasOwn(words, key) ? (words[key] ?? key) : key;
}
