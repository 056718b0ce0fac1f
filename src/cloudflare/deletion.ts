import { setTimeout as delay } from "node:timers/promises";
import type { CallOptions, Caller } from "./call.ts";
import { CloudflareError } from "./errors.ts";
import { matches, tells, type Condition } from "./filter.ts";
import { encodeChecked, listLogs, logsPath, type LogQuery } from "./logs.ts";
import { walkLogs } from "./walk.ts";
import type { GatewayRef } from "./schema.ts";

/** At least one condition: DELETE without any removes up to 10,000 logs (facts 0.2). */
export type DeleteQuery = {
  filters: readonly [Condition, ...Condition[]];
  /** The most logs that may go: 1 to 10,000. */
  limit: number;
  orderBy?: string;
  direction?: "asc" | "desc";
};

export type Deletion = {
  /** How many logs the API was asked to delete; 0 when none fitted and nothing was sent. */
  asked: number;
  /** How many fitted before. */
  total: number;
  /**
   * The number of logs still to go, again and again until it is 0; fitting logs that come meanwhile count too. Deletion is asynchronous and the count lags behind
   * it (facts 0.2); the pauses between the looks grow from one second to ten.
   */
  watch(options?: CallOptions): AsyncGenerator<number, void, undefined>;
};

const MOST = 10_000;
const PAUSE = { firstMs: 1000, mostMs: 10_000 };

/**
 * Deletes the logs that fit. The very same encoded filter is first used for a GET: DELETE would ignore what GET ignores,
 * and then delete what it should not.
 * @throws CloudflareError `invalid` for an empty filter or a wrong limit; `filterIgnored`, with nothing deleted, when a log
 *   that GET gave does not fit or does not tell
 */
export async function deleteLogs(
  caller: Caller,
  gateway: GatewayRef,
  { filters, limit, orderBy = "created_at", direction = "asc" }: DeleteQuery,
  options: CallOptions = {},
): Promise<Deletion> {
  if (!Array.isArray(filters) || filters.length === 0) {
    throw new CloudflareError("invalid", "Logs are only deleted by at least one condition.");
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw new CloudflareError("invalid", `The limit of a deletion is a whole number from 1 to ${MOST}.`);
  }
  const encoded = encodeChecked(filters);
  const total = await assertHonoured(caller, gateway, { filters, orderBy, direction }, limit, options);
  const count = async (of: CallOptions) => (await listLogs(caller, gateway, { filters, perPage: 1 }, of)).total;
  const asked = Math.min(total, limit);
  if (asked > 0) {
    const query = new URLSearchParams({
      filters: encoded,
      limit: String(asked),
      order_by: orderBy,
      order_by_direction: direction,
    });
    await caller.send({ method: "DELETE", path: logsPath(gateway), query }, options);
  }
  return {
    asked,
    total,
    async *watch(of = options) {
      if (asked === 0) return yield 0;
      for (let pause = PAUSE.firstMs; ; pause = Math.min(pause * 2, PAUSE.mostMs)) {
        const left = Math.max(0, (await count(of)) - (total - asked));
        yield left;
        if (left === 0) return;
        await pauseFor(pause, of.signal);
      }
    },
  };
}

const refusal = (message: string) => new CloudflareError("filterIgnored", `${message} Nothing was deleted.`);

/** Reads what would be deleted and checks it; gives how many logs fit. */
async function assertHonoured(
  caller: Caller,
  gateway: GatewayRef,
  query: LogQuery & { filters: readonly Condition[] },
  limit: number,
  options: CallOptions,
): Promise<number> {
  const all = query.filters.some(isWiderThere);
  let total = 0;
  let seen = 0;
  for await (const page of walkLogs(caller, gateway, query, { ...options, ahead: all ? 6 : 1 })) {
    total = page.total;
    if (page.malformed > 0) {
      throw refusal("The API answered with logs that cannot be read, so they cannot be checked.");
    }
    if (!page.logs.every((log) => query.filters.every((condition) => tells(log, condition)))) {
      throw refusal("The logs do not tell whether they fit the filter: delete them by their ids.");
    }
    if (page.unmeant > 0 || !page.logs.every((log) => matches(log, query.filters))) {
      throw refusal("The API answered with logs that do not fit the filter.");
    }
    seen += page.logs.length;
    if (!all || seen >= limit) break;
  }
  return total;
}

/**
 * Whether the API may find more by a condition than is meant, so that every log has to be looked at: it does not pair
 * `metadata.key` with `metadata.value` (facts 0.5), and cuts times to seconds in its own way (facts 1.1).
 */
const isWiderThere = ({ key }: Condition): boolean => key.startsWith("metadata.") || key === "created_at";

async function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {});
  } catch (cause) {
    throw new CloudflareError("aborted", "The watching was given up.", { cause });
  }
}
