import { SourceError } from "../../source/errors.ts";
import type { CollectionRef, LogRef } from "../../source/log.ts";
import type { CallOptions } from "../../source/query.ts";
import type { EmptyReason, InferenceEndpoint, Lists, LogSource } from "../../source/source.ts";
import type { CloudflareClient } from "./client.ts";
import { tells } from "./filter.ts";
import { behind, listPage, orderOf, SORTED, without } from "./list.ts";
import { STORED_AT_MOST, type LogQuery } from "./logs.ts";
import { DASHBOARD, NAMES } from "./names.ts";
import { newerLogs } from "./newer.ts";
import { PER_PAGE } from "./pages.ts";
import { SERVICE } from "./service.ts";
import { walkPages } from "./walk.ts";
import { WIRE_KEYS } from "./wire-keys.ts";

const LISTS: Lists = {
  taken: (conditions) => conditions.filter(({ key }) => WIRE_KEYS.has(key)),
  search: true,
  orders: SORTED,
  byTime: true,
  pageSize: PER_PAGE,
  total: "late",
  pollSeconds: 0,
};

/** The client's methods that a source calls. */
export type SourceClient = Pick<
  CloudflareClient,
  | "listLogs"
  | "getLog"
  | "getRequest"
  | "getResponse"
  | "patchLog"
  | "deleteLogs"
  | "listGateways"
  | "getGateway"
  | "now"
>;

/** Where an account's requests are sent, and the clock. */
export type SourceOptions = { endpoint?: () => Promise<InferenceEndpoint>; now?: () => Date };

/** Returns why a gateway's list is empty, which proves nothing (API notes: Gateways): the gateway itself tells. */
async function whyEmpty(client: SourceClient, gateway: CollectionRef, options?: CallOptions): Promise<EmptyReason> {
  try {
    const { collectLogs } = await client.getGateway(gateway, options);
    return collectLogs === false ? { type: "loggingOff", calls: 0 } : { type: "noLogs", maybeOtherStore: false };
  } catch (error) {
    if (error instanceof SourceError && error.reason === "notFound") return { type: "gatewayGone" };
    throw error;
  }
}

/** All capabilities but purging, and sending again, which needs an endpoint; any text can be an ID. */
export type CloudflareSource = LogSource & Required<Omit<LogSource, "resend" | "purge" | "isId" | "diagnostics">>;

/** An account's gateways as a source: the API with all that it can do. */
export function cloudflareSource(
  client: SourceClient,
  accountId: string,
  { endpoint, now = () => new Date() }: SourceOptions = {},
): CloudflareSource {
  const lists =
    (gateway: CollectionRef, options: CallOptions = {}) =>
    (query: LogQuery) =>
      client.listLogs(gateway, query, options);
  return {
    service: SERVICE,
    lists: LISTS,
    now: () => client.now(),
    bodyLimit: STORED_AT_MOST,
    collections: (options) => client.listGateways(accountId, options),
    list: (gateway, query, after, options) => listPage(lists(gateway, options), query, after, now),
    cursors: { behind, without },
    async *walk(
      gateway,
      { conditions = [], search },
      { bound, reached, ahead, attempt = (call) => call(), ...options },
    ) {
      const pages = walkPages(
        (query, signal) => attempt(() => client.listLogs(gateway, query, { ...options, signal })),
        { filters: conditions, ...(search ? { search } : {}) },
        {
          bound,
          reached,
          ...(ahead === undefined ? {} : { ahead }),
          ...(options.signal ? { signal: options.signal } : {}),
        },
      );
      for await (const { logs, unreadable, left } of pages) yield { logs, unreadable, left };
    },
    newer: (gateway, query, since, options) => newerLogs(lists(gateway, options), query, since),
    read: (ref, options) => client.getLog(ref, options),
    async body(ref: LogRef, side, options) {
      try {
        return await (side === "request" ? client.getRequest(ref, options) : client.getResponse(ref, options));
      } catch (error) {
        if (error instanceof SourceError && error.reason === "notFound") return undefined;
        throw error;
      }
    },
    changes: {
      fields: new Set(["feedback", "score", "metadata"] as const),
      send: (ref, changes, options) => client.patchLog(ref, changes, options),
    },
    deletion: {
      delete: (gateway, { conditions, limit, order }, options) =>
        client.deleteLogs(gateway, { filters: conditions, limit, ...orderOf(order) }, options),
      tells,
    },
    ...(endpoint ? { resend: { endpoint, headers: NAMES.headers } } : {}),
    whyEmpty: (gateway, options) => whyEmpty(client, gateway, options),
    webPage: ({ sourceId, collectionId }, ofLogs) =>
      `https://${DASHBOARD}/${sourceId}/ai/ai-gateway/gateways/${collectionId}${ofLogs ? "/logs" : ""}`,
  };
}
