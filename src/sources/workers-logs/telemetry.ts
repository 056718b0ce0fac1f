import { SourceError } from "../../source/errors.ts";
import type { CallOptions } from "../../source/query.ts";
import { isObject, present, textOf } from "../../source/parsing.ts";
import { objectOf } from "./values.ts";

/** Asks a question by POST, of a path of the API; returns the result of its answer. @throws SourceError */
export type Ask = (path: string, body: unknown, options?: CallOptions) => Promise<unknown>;

/** From `from` to `to`, in ms since 1970, at most `LONGEST_TIMEFRAME` apart; whether the ends are included is unknown. */
export type Timeframe = { from: number; to: number };

/** Limit on a timeframe, in ms (docs/workers-observability-api.md: Time). */
export const LONGEST_TIMEFRAME = 7 * 24 * 60 * 60 * 1000;

/** Types of values that filters compare. */
export type ValueType = "string" | "number" | "boolean";

/** A condition on events, or several (docs/workers-observability-api.md: Filters). */
export type Filter =
  | { key: string; operation: string; type: ValueType; value?: string | number | boolean }
  | { kind: "group"; filterCombination: "and" | "or"; filters: readonly Filter[] };

/** Which events to list: those that pass all filters, newest first. */
export type EventQuery = {
  timeframe: Timeframe;
  /** Empty for all of the account. */
  datasets: readonly string[];
  filters?: readonly Filter[];
  /** A text that is somewhere in the event, in any case. */
  needle?: string | undefined;
  limit: number;
  /** The ID of the last event of the page before. */
  offset?: string | undefined;
};

/**
 * A page of events. `received`: how many came, of all data sets that were asked for; `lastId`: the ID of the last one.
 * `isSampled`: the API looked at a part of them only.
 */
export type EventPage = { events: readonly unknown[]; received: number; lastId?: string; isSampled: boolean };

/** A key that events of the account have, with the type of its values. */
export type IndexedKey = { key: string; type: string };

/** What the API calls the permission that it asks for (docs/workers-observability-api.md: Permissions). */
const PERMISSION = "Workers Observability Read";

/** The API asks for any ID. */
const QUERY_ID = "ai-gateway-logs";

/** Returns the ID of an event, as cursors take it (docs/workers-observability-api.md: Cursor). */
export const idOf = (event: unknown): string | undefined => textOf(objectOf(objectOf(event)?.["$metadata"])?.["id"]);

/** Limit on keys: the API answers few without one. */
const MOST_KEYS = 1000;

/** Returns the error of a call; for a refused one, with the permission that is missing: 401 is its other status. */
function refined(error: unknown): unknown {
  if (!(error instanceof SourceError) || (error.status !== 401 && error.status !== 403)) return error;
  const { message, service, status, code, requestId, method, path } = error;
  const facts = Object.entries({ service, status, code, requestId, method, path }).filter(([, fact]) => fact);
  return new SourceError("forbidden", message, { ...Object.fromEntries(facts), permission: PERMISSION });
}

/** The questions that an account's Workers Observability answers, one after the other. */
export class Telemetry {
  readonly #ask: Ask;
  readonly #path: string;
  /** The end of the question before. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(ask: Ask, accountId: string) {
    this.#ask = ask;
    this.#path = `/accounts/${encodeURIComponent(accountId)}/workers/observability/telemetry`;
  }

  /** Lists events. One call. @throws SourceError, with the `permission` if that is missing */
  async events(query: EventQuery, options?: CallOptions): Promise<EventPage> {
    const { timeframe, datasets, filters = [], needle, limit, offset } = query;
    const result = await this.#asked(
      "query",
      {
        queryId: QUERY_ID,
        view: "events",
        // Otherwise it is kept in the account.
        dry: true,
        limit,
        timeframe,
        ...(offset === undefined ? {} : { offset, offsetDirection: "next" }),
        parameters: {
          datasets,
          filters,
          filterCombination: "and",
          ...(needle === undefined ? {} : { needle: { value: needle, isRegex: false, matchCase: false } }),
        },
      },
      options,
    );
    if (!isObject(result)) throw new SourceError("badAnswer", "The answer has no result.", { service: "Cloudflare" });
    const { events, statistics } = result;
    const listed: unknown[] = isObject(events) && Array.isArray(events["events"]) ? events["events"] : [];
    const isSampled = isObject(statistics) && Number(statistics["abr_level"] ?? 1) > 1;
    return { events: listed, received: listed.length, ...present({ lastId: idOf(listed.at(-1)) }), isSampled };
  }

  /** Returns the keys of all events of the account in a timeframe; filters don't apply to them. One call. @throws SourceError */
  async keys({ from, to }: Timeframe, options?: CallOptions): Promise<IndexedKey[]> {
    const body = { datasets: [], filters: [], from, to, timeframe: { from, to }, limit: MOST_KEYS };
    const result = await this.#asked("keys", body, options);
    return (Array.isArray(result) ? result : []).flatMap((one: unknown): IndexedKey[] => {
      const [key, type] = isObject(one) ? [textOf(one["key"]), textOf(one["type"])] : [];
      return key === undefined || type === undefined ? [] : [{ key, type }];
    });
  }

  /** Asks once the questions before are answered: a user waits for one at a time. */
  async #asked(question: "query" | "keys", body: unknown, options?: CallOptions): Promise<unknown> {
    const before = this.#before;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#before = promise;
    try {
      await before;
      return await this.#ask(`${this.#path}/${question}`, body, options);
    } catch (error) {
      throw refined(error);
    } finally {
      resolve();
    }
  }
}
