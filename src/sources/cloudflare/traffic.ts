import * as z from "zod/mini";
import type { CollectionRef } from "../../source/log.ts";
import type { CallOptions } from "../../source/query.ts";
import type { Caller } from "./http/call.ts";

/** The calls of a gateway in the last 31 days, logged or not. `last`: the newest one's minute. */
export type Traffic = { calls: number; last?: Date };

const DAY = 24 * 60 * 60 * 1000;
/** The analytics answer for at most 32 days (docs/workers-observability-api.md: Analytics). */
const LOOKS_BACK = 31 * DAY;

const QUERY = `query ($account: string!, $gateway: string!, $start: Time!, $end: Time!) {
  viewer {
    accounts(filter: { accountTag: $account }) {
      total: aiGatewayRequestsAdaptiveGroups(
        limit: 1
        filter: { gateway: $gateway, datetime_geq: $start, datetime_leq: $end }
      ) {
        count
      }
      newest: aiGatewayRequestsAdaptiveGroups(
        limit: 1
        filter: { gateway: $gateway, datetime_geq: $start, datetime_leq: $end }
        orderBy: [datetimeMinute_DESC]
      ) {
        dimensions {
          datetimeMinute
        }
      }
    }
  }
}`;

const answerShape = z.object({
  data: z.object({
    viewer: z.object({
      accounts: z.tuple([
        z.object({
          total: z.array(z.object({ count: z.number() })),
          newest: z.array(z.object({ dimensions: z.object({ datetimeMinute: z.string() }) })),
        }),
      ]),
    }),
  }),
});

/**
 * Returns a gateway's calls by the account's analytics, which lag by minutes (docs/workers-observability-api.md: Analytics);
 * undefined if these don't answer, for example because the token may not read them. One call.
 * @throws SourceError if there was no answer
 */
export async function trafficOf(
  caller: Pick<Caller, "askRaw" | "now">,
  { sourceId, collectionId }: CollectionRef,
  options?: CallOptions,
): Promise<Traffic | undefined> {
  const end = caller.now();
  const variables = {
    account: sourceId,
    gateway: collectionId,
    start: new Date(end.getTime() - LOOKS_BACK).toISOString(),
    end: end.toISOString(),
  };
  // The status says nothing: failures are in the answer.
  const { json } = await caller.askRaw("/graphql", { query: QUERY, variables }, options);
  const parsed = z.safeParse(answerShape, json);
  if (!parsed.success) return undefined;
  const [{ total, newest }] = parsed.data.data.viewer.accounts;
  const last = new Date(newest[0]?.dimensions.datetimeMinute ?? Number.NaN);
  return { calls: total[0]?.count ?? 0, ...(Number.isNaN(last.getTime()) ? {} : { last }) };
}
