import * as vscode from "vscode";
import { PlainError } from "./explain.ts";

/** The API's address: only https, or this machine. It is an application setting, so no workspace can redirect the token. */
export function apiBaseUrl(): string {
  const value = vscode.workspace.getConfiguration("aiGateway").get<string>("apiBaseUrl", "").trim();
  const url = URL.parse(value);
  const local = url?.hostname === "127.0.0.1" || url?.hostname === "localhost" || url?.hostname === "[::1]";
  if (!url || (url.protocol !== "https:" && !(url.protocol === "http:" && local))) {
    throw new PlainError(vscode.l10n.t("The setting aiGateway.apiBaseUrl is no https address: {0}", value));
  }
  return value.replace(/\/+$/, "");
}
