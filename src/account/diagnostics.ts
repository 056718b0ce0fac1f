import type { CollectionRef } from "../source/log.ts";
import type { CallOptions } from "../source/query.ts";
import type { LogSource } from "../source/source.ts";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";
import { diagnoseEvents, told, type EventsToDiagnose } from "../sources/workers-logs/diagnostics.ts";
import type { Store } from "./stores.ts";

/** What a Cloudflare account's diagnostics are made of. */
export type AccountToDiagnose = {
  own: Pick<LogSource, "list"> & Required<Pick<LogSource, "whyEmpty">>;
  client: Pick<CloudflareClient, "trafficOf">;
  /** Whether the account was made since logs are in Workers Observability; undefined if unknown. */
  isNewer: boolean | undefined;
  store: Store;
  /** The setting `aiGateway.observability.fields`: names of keys. */
  fields: Readonly<Record<string, unknown>>;
  events: EventsToDiagnose;
};

/**
 * Returns lines for a bug report about the stores that a Cloudflare gateway's logs may be in: counts, types, names of keys
 * and messages of the service, never a value. @throws SourceError if aborted
 */
export async function diagnose(
  { own, client, isNewer, store, fields, events }: AccountToDiagnose,
  of: CollectionRef,
  options?: CallOptions,
): Promise<string[]> {
  const age = isNewer === undefined ? "unknown" : isNewer ? "yes" : "no";
  const logs = await told(
    "Logs of AI Gateway",
    () => own.list(of, {}, undefined, options),
    (page) => [`Logs of AI Gateway: ${page.logs.length}${page.next ? " on the first page" : ""}`],
  );
  const settings = await told(
    "Settings of the gateway",
    () => own.whyEmpty(of, options),
    ({ type }) => [`Settings of the gateway: ${type === "loggingOff" ? "logging is off" : type}`],
  );
  const calls = await told(
    "Calls by the analytics",
    () => client.trafficOf(of, options),
    (traffic) => [`Calls by the analytics: ${traffic?.calls ?? "not readable"}`],
  );
  return [
    `The account is one of those with logs in Workers Observability: ${age}`,
    `Logs are read from: ${store === "gateway" ? "AI Gateway" : "Workers Observability"}`,
    ...logs,
    ...settings,
    ...calls,
    `Setting aiGateway.observability.fields: ${JSON.stringify(fields)}`,
    ...(await diagnoseEvents(events, options)),
  ];
}
