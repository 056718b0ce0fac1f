import * as vscode from "vscode";
import type { ProxySettings } from "./cloudflare/proxy.ts";
import type { TransportOptions } from "./cloudflare/transport.ts";
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

const isOn = (key: string): boolean => vscode.workspace.getConfiguration("aiGateway").get<boolean>(key) === true;

/** Whether a log that is opened takes over the preview tab, as files do. */
export const openInPreview = (): boolean => isOn("openInPreview");

/** Whether logs open beside the editor instead of in it. */
export const openBeside = (): boolean => isOn("openBeside");

/** VS Code's own settings for connections, as the transport takes them. */
export function networkSettings(): Pick<TransportOptions, "proxy" | "systemCertificates"> {
  const http = vscode.workspace.getConfiguration("http");
  const text = (key: string) => http.get<string | null>(key)?.trim() || undefined;
  const [url, authorization] = [text("proxy"), text("proxyAuthorization")];
  return {
    proxy: {
      ...(url ? { url } : {}),
      ...(authorization ? { authorization } : {}),
      noProxy: http.get<string[]>("noProxy", []),
      strictSSL: http.get("proxyStrictSSL", true),
      support: http.get<NonNullable<ProxySettings["support"]>>("proxySupport", "override"),
    },
    systemCertificates: http.get("systemCertificates", true),
  };
}
