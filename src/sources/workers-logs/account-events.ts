import { LRUCache } from "lru-cache";
import type { LogDetail } from "../../source/log.ts";
import type { CallOptions } from "../../source/query.ts";
import { datasetOf, findScope, scopeNamed, type Scope } from "./datasets.ts";
import { parseEvent, type ParsedEvent } from "./event.ts";
import type { FieldKeys } from "./fields.ts";
import { leafOf, Learned } from "./learned.ts";
import { LONGEST_TIMEFRAME, type EventPage, type EventQuery, type Filter, type Telemetry } from "./telemetry.ts";

/** How far back lists go, in ms: longer than events are kept (docs/workers-observability-api.md: Limits and retention). */
const LOOKS_BACK = 91 * 24 * 60 * 60 * 1000;

/** Length of a window, in ms: whether its ends are included is unknown, so a millisecond more is asked for. */
export const WINDOW = LONGEST_TIMEFRAME - 2;

/** An event may be dated a little later than this machine's clock, in ms. */
const AHEAD = 60_000;

/** Limit on the log IDs that are remembered with their event. */
const REMEMBERED = 20_000;

/** Allowance for the time between two questions about what is kept, in ms. */
const SLACK = 60 * 60 * 1000;

/** An event of the account's data set, parsed. */
export type GatewayEvent = ParsedEvent & { event: unknown };

/** What an account's events are read with. */
export type AccountEventsOptions = {
  telemetry: Telemetry;
  keys: FieldKeys;
  /** The data set's name by the user's setting. */
  dataset?: string | undefined;
  /** The IDs of the account's gateways. */
  gateways: (options?: CallOptions) => Promise<ReadonlySet<string>>;
  now: () => Date;
};

/** The events of an account's AI gateways, and what was learned of them. */
export class AccountEvents {
  readonly keys: FieldKeys;
  readonly learned: Learned;
  readonly #options: AccountEventsOptions;
  /** The events that logs' IDs belong to: several may have the ID of one log. */
  readonly #owners = new LRUCache<string, string>({ max: REMEMBERED });
  #scope: Scope | undefined;
  /** The gateways that events told; undefined among them if one didn't. */
  readonly #gateways = new Set<string | undefined>();
  /** An age in ms above which there were no events. */
  #keptFor = LOOKS_BACK;

  constructor(options: AccountEventsOptions) {
    this.#options = options;
    this.keys = options.keys;
    this.learned = new Learned(options.telemetry);
  }

  /** The end of the newest window, in ms since 1970. */
  get end(): number {
    return this.#options.now().getTime() + AHEAD;
  }

  /** The time before which there are no events, as far as that is known, in ms since 1970. */
  get start(): number {
    return this.end - this.#keptFor;
  }

  /** Whether events were found. */
  get hasFound(): boolean {
    return this.#scope !== undefined;
  }

  /**
   * Returns where the events are, and learns their keys. If the last days have none, where they are documented to be. One
   * call if they are there, none once it's known. @throws SourceError
   */
  async scope(options?: CallOptions): Promise<Scope> {
    if (this.#scope) return this.#scope;
    const { telemetry, dataset } = this.#options;
    const { end } = this;
    const found = await findScope(telemetry, { from: end - WINDOW, to: end }, dataset, options);
    const documented = scopeNamed(dataset);
    if (!found) return documented;
    this.#scope = found.scope;
    // What is known of older windows is about the documented name.
    if (found.scope.datasets[0] !== documented.datasets[0]) this.#keptFor = LOOKS_BACK;
    await this.parse(found.events, options);
    return found.scope;
  }

  /** Has it looked for again where the events are. */
  forgetScope(): void {
    this.#scope = undefined;
  }

  /** Lists events of a scope; those of other data sets are left out. One call. @throws SourceError */
  async events(
    { datasets, name }: Scope,
    query: Omit<EventQuery, "datasets">,
    options?: CallOptions,
  ): Promise<EventPage> {
    const page = await this.#options.telemetry.events({ ...query, datasets }, options);
    return name === undefined ? page : { ...page, events: page.events.filter((event) => datasetOf(event) === name) };
  }

  /** Parses events, and learns their keys; undefined for each that can't be a log. @throws SourceError */
  async parse(events: readonly unknown[], options?: CallOptions): Promise<(GatewayEvent | undefined)[]> {
    const gateways = await this.#options.gateways(options);
    this.learned.note(events, this.#scope?.datasets ?? []);
    const readAt = this.#options.now().getTime();
    return events.map((event) => {
      const parsed = parseEvent(event, this.keys, gateways, readAt);
      if (!parsed) return undefined;
      this.#gateways.add(parsed.gateway);
      return { ...parsed, event, log: this.#own(parsed) };
    });
  }

  /** Returns an event's log with an ID that no other one has. */
  #own({ eventId, log }: ParsedEvent): LogDetail {
    const owner = this.#owners.get(log.id);
    if (owner !== undefined && owner !== eventId) return { ...log, id: eventId };
    this.#owners.set(log.id, eventId);
    return log;
  }

  /**
   * Returns the filter for a gateway's events; undefined if there were no others, if events may not tell it, or if it can't
   * be asked for. @throws SourceError
   */
  async gatewayFilter(gateway: string, { priority }: CallOptions): Promise<Filter | undefined> {
    const hasOthers = [...this.#gateways].some((one) => one !== gateway);
    if (!hasOthers || this.#gateways.has(undefined)) return undefined;
    const keys = await this.learned.comparable(this.keys.gateway, "eq", "string", priority);
    if (!keys || keys.length === 0) return undefined;
    return { kind: "group", filterCombination: "or", filters: keys.map((key) => leafOf(key, "eq", gateway)) };
  }

  /**
   * Returns a time after which there are events, and before which the next window begins, older than `before`; undefined if
   * there are none. One call for each window that has to be looked at, none once it's known that older ones have nothing.
   * @throws SourceError
   */
  async olderThan(before: number, scope: Scope, options?: CallOptions): Promise<number | undefined> {
    for (let to = before; to > this.start + SLACK; to -= WINDOW) {
      const timeframe = { from: Math.max(to - WINDOW, this.start), to };
      const { events } = await this.events(scope, { timeframe, limit: 1 }, options);
      const [parsed] = await this.parse(events, options);
      if (events.length > 0) return Math.min(to, (parsed?.log.createdAt.getTime() ?? to) + 1);
    }
    this.#keptFor = Math.min(this.#keptFor, this.end - before);
    return undefined;
  }
}
