import * as vscode from "vscode";
import { isLoopback, type ProxySettings } from "../http/proxy.ts";
import type { TransportOptions } from "../http/transport.ts";
import { PlainError } from "../words/explain.ts";
import type { Zone } from "../logs/days.ts";
import { DEFAULT_PARTS, isRowPart, type RowPart } from "../logs/row-parts.ts";

const PAGE_SIZES = [10, 25, 50] as const;

/** Returns whether a token may be sent to an address: only https, or this machine. */
export const isSecure = (url: URL): boolean =>
  url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));

/** Returns an address that tokens are sent to. */
function secureAddress(key: "apiBaseUrl" | "gatewayUrl"): string {
  const value = vscode.workspace.getConfiguration("aiGateway").get<string>(key, "").trim();
  const url = URL.parse(value);
  if (!url || !isSecure(url)) {
    throw new PlainError(vscode.l10n.t("The setting {0} must be an https address: {1}", `aiGateway.${key}`, value));
  }
  return value.replace(/\/+$/, "");
}

/** The API's base URL. An application setting, so no workspace can redirect the token. */
export const apiBaseUrl = (): string => secureAddress("apiBaseUrl");

/** The base URL of all gateways, for resending; also an application setting. */
export const gatewayUrl = (): string => secureAddress("gatewayUrl");

/** Returns a setting as in a settings file: of any type. */
const valueOf = (key: string): unknown => vscode.workspace.getConfiguration("aiGateway").get<unknown>(key);

/** The keys of logs' fields in Workers Observability, by our names; an application setting, as a token reads with it. */
export function eventFields(): Readonly<Record<string, unknown>> {
  const value = valueOf("observability.fields");
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Returns a number of a setting within its range. */
function numberOf(key: string, least: number, most: number, usual: number): number {
  const value = valueOf(key);
  return typeof value === "number" && Number.isFinite(value) ? Math.min(Math.max(value, least), most) : usual;
}

/** How long recorded calls are kept, in days, and how large their database may become, in bytes. */
export const recorderLimits = (): { days: number; bytes: number } => ({
  days: numberOf("recorder.keepDays", 1, 3650, 30),
  bytes: numberOf("recorder.keepMegabytes", 10, 1_000_000, 2000) * 1_000_000,
});

const isTextEntry = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === "string";

/** Addresses of providers that the recorder passes calls on to, besides the known ones; a setting of the machine. */
export function recorderUpstreams(): Readonly<Record<string, string>> {
  const value = valueOf("recorder.upstreams");
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(isTextEntry));
}

const isOn = (key: string): boolean => valueOf(key) === true;

/** Whether opening a log reuses the preview tab, like files do. */
export const openInPreview = (): boolean => isOn("openInPreview");

/** Whether logs open next to the editor instead of in it. */
export const openBeside = (): boolean => isOn("openBeside");

/** Time zone used for day groups and times. */
export const zone = (): Zone => (valueOf("timeZone") === "utc" ? "utc" : "local");

/** Details next to a log's name; unknown names are ignored. */
export function rowParts(): readonly RowPart[] {
  const value = valueOf("rowDescription");
  return Array.isArray(value) ? [...new Set(value.filter(isRowPart))] : DEFAULT_PARTS;
}

/** Logs per page. */
export const pageSize = (): (typeof PAGE_SIZES)[number] =>
  PAGE_SIZES.find((size) => size === valueOf("pageSize")) ?? 50;

/** Seconds between auto refreshes: 5 to 3600. */
export const autoRefreshSeconds = (): number => numberOf("autoRefreshSeconds", 5, 3600, 10);

/** Whether code of a debugged program may run to find a call's ID. */
export const debugEvaluate = (): boolean => isOn("debugEvaluate");

/** Whether a debugged program's calls are also found by time, not only by ID. */
export const debugFindByTime = (): boolean => isOn("debugFindByTime");

/** The query line that then selects the program's logs. */
export function debugFilter(): string {
  const value = valueOf("debugFilter");
  return typeof value === "string" ? value.trim() : "";
}

/** Whether a debugged program's newest call is shown next to its source. */
export const debugFollow = (): boolean => isOn("debugFollow");

/** Whether the debug console reports the program's calls, with links to their logs. */
export const debugConsoleLinks = (): boolean => isOn("debugConsoleLinks");

/** Whether a CodeLens above gateway calls shows today's activity. */
export const callSiteLenses = (): boolean => isOn("callSiteLenses");

/** VS Code's network settings, in the transport's form. */
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
