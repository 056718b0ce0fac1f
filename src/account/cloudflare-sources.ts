import { SourceError } from "../source/errors.ts";
import type { CollectionRef } from "../source/log.ts";
import type { CallOptions, Query } from "../source/query.ts";
import { checkingRows } from "../source/rows.ts";
import type { EmptyReason, InferenceEndpoint, LogSource } from "../source/source.ts";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";
import { cloudflareSource, type SourceClient } from "../sources/cloudflare/source.ts";
import type { Traffic } from "../sources/cloudflare/traffic.ts";
import { AccountEvents } from "../sources/workers-logs/account-events.ts";
import { fieldKeys } from "../sources/workers-logs/fields.ts";
import { workersLogsSource } from "../sources/workers-logs/source.ts";
import { Telemetry } from "../sources/workers-logs/telemetry.ts";
import { diagnose } from "./diagnostics.ts";
import type { AccountSources } from "./sources.ts";
import type { Store, Stores } from "./stores.ts";

/** Accounts made since then keep their logs in Workers Observability (API notes: Newer accounts). */
const NEWER_SINCE = Date.UTC(2026, 8, 24);

/** How long Workers Observability keeps logs, in ms, unless the account pays for more (docs/workers-observability-api.md: Limits and retention). */
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;

/** How far back logs are looked for that the analytics don't count, in ms. */
const QUIET_FOR = 24 * 60 * 60 * 1000;

/** Limit on the pages that are looked at to see whether a gateway has logs. */
const MOST_PAGES = 3;

export type CloudflareAccount = {
  id: string;
  /** When it was made; undefined if unknown. */
  createdAt?: Date | undefined;
  client: SourceClient & Pick<CloudflareClient, "ask" | "trafficOf">;
  /** Where requests are sent again; absent if they can't be. */
  endpoint?: () => Promise<InferenceEndpoint>;
  stores: Pick<Stores, "of" | "set">;
  /** The setting `aiGateway.observability.fields`. */
  fields: Readonly<Record<string, unknown>>;
  /** Whether the dashboard has its gateways. */
  hasPages?: boolean;
};

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;

/** Whether a source lists any log of a gateway; undefined, with the permission, if the token may not read them. */
async function hasLogs(
  source: LogSource,
  of: CollectionRef,
  query: Query,
  options: CallOptions | undefined,
): Promise<boolean | { permission: string }> {
  try {
    let page = await source.list(of, query, undefined, options);
    for (let pages = 1; page.logs.length === 0 && page.next && pages < MOST_PAGES; pages++)
      page = await source.list(of, query, page.next, options);
    return page.logs.length > 0;
  } catch (error) {
    if (error instanceof SourceError && error.reason === "forbidden")
      return { permission: error.permission ?? "AI Gateway Read" };
    throw error;
  }
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/** Returns why calls have no logs, as far as their time tells it. */
function withoutLogs({ calls, last }: Traffic, now: Date): EmptyReason {
  const told = { type: "callsWithoutLogs" as const, calls, ...(last ? { last } : {}) };
  if (!last) return { ...told, cause: "unknown" };
  // The allowance is that of a day in UTC.
  if (dayOf(last) === dayOf(now)) return { ...told, cause: "allowance" };
  return { ...told, cause: now.getTime() - last.getTime() > KEPT_FOR ? "retention" : "unknown" };
}

/**
 * The sources of a Cloudflare account: each gateway has its logs in its own store or, in newer accounts, in Workers
 * Observability. Where they are is looked at when a gateway lists nothing, and at once in a newer account.
 */
export function cloudflareSources(account: CloudflareAccount): AccountSources {
  const { id, client, endpoint, stores, fields, hasPages = true } = account;
  const isNewer = account.createdAt !== undefined && account.createdAt.getTime() >= NEWER_SINCE;
  const { webPage, ...own } = cloudflareSource(client, id, endpoint ? { endpoint } : {});
  let gateways: ReadonlySet<string> | undefined;
  const collections: LogSource["collections"] = async (options) => {
    const listed = await own.collections(options);
    gateways = new Set(listed.map((one) => one.id));
    return listed;
  };
  const telemetry = new Telemetry((path, body, options) => client.ask(path, body, options), id);
  const [keys, dataset] = [fieldKeys(fields), textOf(fields["dataset"])];
  const events = new AccountEvents({
    telemetry,
    keys,
    dataset,
    gateways: async (options) => gateways ?? new Set((await collections(options)).map((one) => one.id)),
    now: () => client.now(),
  });
  const { resend } = own;
  const observed = { ...workersLogsSource(events, collections), ...(resend ? { resend } : {}) };

  /** Looks at the other store, and remembers it if it has the logs. */
  async function whyEmpty(of: CollectionRef, from: Store, options?: CallOptions): Promise<EmptyReason> {
    const why = await own.whyEmpty(of, options);
    if (why.type === "gatewayGone") return why;
    const traffic = await client.trafficOf(of, options);
    if (from === "gateway") events.forgetScope();
    // The analytics lag by minutes, so what they don't count yet may have logs.
    const isQuiet = from === "gateway" && traffic?.calls === 0 && !isNewer;
    const query = isQuiet ? { range: { start: new Date(client.now().getTime() - QUIET_FOR) } } : {};
    const found = await hasLogs(from === "gateway" ? sources.observability : sources.gateway, of, query, options);
    if (found === true) {
      stores.set(of, from === "gateway" ? "observability" : "gateway");
      return { type: "moved" };
    }
    if (why.type === "loggingOff") return { ...why, calls: traffic?.calls ?? 0 };
    const isUncertain = found !== false && (isNewer || (traffic?.calls ?? 0) > 0);
    if (isUncertain) return { type: "otherStore", ...found };
    if (traffic && traffic.calls > 0) return withoutLogs(traffic, client.now());
    return { type: "noLogs", maybeOtherStore: found !== false && !traffic && !account.createdAt };
  }

  const diagnostics = (of: CollectionRef, options?: CallOptions): Promise<readonly string[]> =>
    diagnose(
      {
        own,
        client,
        isNewer: account.createdAt && isNewer,
        store: stores.of(of),
        fields,
        events: { telemetry, keys, dataset, now: client.now() },
      },
      of,
      options,
    );

  const both = { collections, diagnostics, ...(hasPages ? { webPage } : {}) };
  const sources: Readonly<Record<Store, LogSource>> = {
    gateway: checkingRows({ ...own, ...both, whyEmpty: (of, options) => whyEmpty(of, "gateway", options) }),
    observability: checkingRows({
      ...observed,
      ...both,
      whyEmpty: (of, options) => whyEmpty(of, "observability", options),
    }),
  };

  /** Of each gateway of a newer account that isn't known to be observed: whether it was looked at. */
  const looked = new Map<string, Promise<void>>();
  async function look(of: CollectionRef): Promise<void> {
    if ((await hasLogs(own, of, {}, undefined)) === true) return;
    // Without logs, too: they will be there.
    if (typeof (await hasLogs(observed, of, {}, undefined)) === "boolean") stores.set(of, "observability");
  }

  return {
    collections,
    of: async (of) => {
      if (isNewer && stores.of(of) === "gateway") {
        const looking = looked.get(of.collectionId) ?? look(of);
        looked.set(of.collectionId, looking);
        looking.catch(() => looked.delete(of.collectionId));
        await looking;
      }
      return sources[stores.of(of)];
    },
    known: (of) => sources[stores.of(of)],
  };
}
