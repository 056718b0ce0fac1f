import * as vscode from "vscode";
import type { ProxySettings } from "../cloudflare/http/proxy.ts";
import type { TransportOptions } from "../cloudflare/http/transport.ts";
import { PlainError } from "../words/explain.ts";
import type { Zone } from "../logs/days.ts";
import { DEFAULT_PARTS, isRowPart, type RowPart } from "../logs/row-parts.ts";

const PAGE_SIZES = [10, 25, 50] as const;

/** An address that tokens are sent to: only https, or this machine. */
function secureAddress(key: "apiBaseUrl" | "gatewayUrl"): string {
  const value = vscode.workspace.getConfiguration("aiGateway").get<string>(key, "").trim();
  const url = URL.parse(value);
  const local = url?.hostname === "127.0.0.1" || url?.hostname === "localhost" || url?.hostname === "[::1]";
  if (!url || (url.protocol !== "https:" && !(url.protocol === "http:" && local))) {
    throw new PlainError(vscode.l10n.t("The setting {0} is no https address: {1}", `aiGateway.${key}`, value));
  }
  return value.replace(/\/+$/, "");
}

/** The API's address. It is an application setting, so no workspace can redirect the token. */
export const apiBaseUrl = (): string => secureAddress("apiBaseUrl");

/** The address of all gateways, where requests are sent again; an application setting too. */
export const gatewayUrl = (): string => secureAddress("gatewayUrl");

/** A setting as it stands in a settings file: of any type. */
const valueOf = (key: string): unknown => vscode.workspace.getConfiguration("aiGateway").get<unknown>(key);

const isOn = (key: string): boolean => valueOf(key) === true;

/** Whether a log that is opened takes over the preview tab, as files do. */
export const openInPreview = (): boolean => isOn("openInPreview");

/** Whether logs open beside the editor instead of in it. */
export const openBeside = (): boolean => isOn("openBeside");

/** Whose clock tells the days and times of logs. */
export const zone = (): Zone => (valueOf("timeZone") === "utc" ? "utc" : "local");

/** What stands in a log's row beside its name; names that are none are left out. */
export function rowParts(): readonly RowPart[] {
  const value = valueOf("rowDescription");
  return Array.isArray(value) ? [...new Set(value.filter(isRowPart))] : DEFAULT_PARTS;
}

/** How many logs a page has. */
export const pageSize = (): (typeof PAGE_SIZES)[number] =>
  PAGE_SIZES.find((size) => size === valueOf("pageSize")) ?? 50;

/** Seconds from one look for new logs to the next: 5 to 3600. */
export function autoRefreshSeconds(): number {
  const value = valueOf("autoRefreshSeconds");
  return typeof value === "number" && Number.isFinite(value) ? Math.min(Math.max(value, 5), 3600) : 10;
}

/** Whether code of a debugged program may be run to find the id of a call. */
export const debugEvaluate = (): boolean => isOn("debugEvaluate");

/** Whether calls of a debugged program are found by their time, and not only by their ids. */
export const debugFindByTime = (): boolean => isOn("debugFindByTime");

/** The query line that says which logs are then of the program. */
export function debugFilter(): string {
  const value = valueOf("debugFilter");
  return typeof value === "string" ? value.trim() : "";
}

/** Whether the newest call of a debugged program is shown beside its source. */
export const debugFollow = (): boolean => isOn("debugFollow");

/** Whether the debug console says what became of the program's calls, with links to their logs. */
export const debugConsoleLinks = (): boolean => isOn("debugConsoleLinks");

/** Whether it is said above code that addresses a gateway what happened there today. */
export const callSiteLenses = (): boolean => isOn("callSiteLenses");

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
