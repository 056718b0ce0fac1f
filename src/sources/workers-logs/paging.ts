import { Cursors, type Cursor } from "../../source/cursor.ts";
import type { CollectionRef, Log } from "../../source/log.ts";
import { matchesRow } from "../../source/match.ts";
import { isWithin, type CallOptions, type Page, type Query } from "../../source/query.ts";
import { WINDOW, type AccountEvents, type GatewayEvent } from "./account-events.ts";
import type { Scope } from "./datasets.ts";
import { filtersOf, idFilter, rangeOf, wordsOf, type Words } from "./narrowing.ts";
import type { Filter } from "./telemetry.ts";

/** Limit on a page's events. */
export const PAGE = 100;

/** What a list asks for, the same on each of its pages. */
type Asked = { scope: Scope; filters: readonly Filter[]; words: Words };

/** Where a list goes on: before `to`, in ms since 1970, or after an event of the window that ends there. */
type Place = { asked: Asked; to: number; offset?: string };

const CURSORS = new Cursors<Place>();

const NONE: Page = { logs: [], malformed: 0, isSorted: true };

/** Returns the IDs of a condition on them. */
const idsOf = ({ conditions = [] }: Query): string[] =>
  conditions.flatMap(({ key, value }) => (key === "id" ? value.map(String) : []));

async function askedFor(events: AccountEvents, of: CollectionRef, query: Query, options: CallOptions): Promise<Asked> {
  const scope = await events.scope(options);
  const { conditions = [], narrowing = [], search = "" } = query;
  const { priority } = options;
  const { keys, learned } = events;
  const ids = idsOf(query);
  const filters = [
    await events.gatewayFilter(of.collectionId, options),
    ids.length > 0 ? await idFilter(ids, keys, learned, priority) : undefined,
    ...(await filtersOf([...conditions, ...narrowing], keys, learned, priority)),
  ].filter((filter) => filter !== undefined);
  return { scope, filters, words: await wordsOf(search, learned, priority) };
}

/** Returns an event's log as a list asks for it, without its bodies; undefined if it isn't meant. */
function meant({ eventId, event, gateway, log }: GatewayEvent, of: CollectionRef, query: Query, words: Words) {
  if (gateway !== undefined && gateway !== of.collectionId) return undefined;
  const text = words.left.length > 0 ? JSON.stringify(event).toLowerCase() : "";
  if (!words.left.every((word) => text.includes(word.toLowerCase()))) return undefined;
  const { request: _, response: _response, ...row } = log;
  const named: Log = idsOf(query).includes(eventId) ? { ...row, id: eventId } : row;
  return matchesRow(named, query.conditions ?? []) ? named : undefined;
}

/**
 * Returns one page of a gateway's logs, of a window of at most 7 days; events that don't tell their gateway are in the list
 * of each. One call, and some more to learn what can be asked for. @throws SourceError
 */
export async function listPage(
  events: AccountEvents,
  of: CollectionRef,
  query: Query,
  after: Cursor | undefined,
  options: CallOptions = {},
): Promise<Page> {
  const place = after && CURSORS.placeOf(after);
  const asked = place?.asked ?? (await askedFor(events, of, query, options));
  const range = rangeOf(query);
  const start = Math.max(range.start?.getTime() ?? -Infinity, events.start);
  const to = place?.to ?? Math.min(range.end?.getTime() ?? Infinity, events.end);
  const from = Math.max(start, to - WINDOW);
  if (from >= to) return NONE;
  const limit = Math.min(query.size ?? PAGE, PAGE);
  const { scope, filters, words } = asked;
  const timeframe = { from: from - 1, to };
  const question = { timeframe, filters, needle: words.needle, limit, offset: place?.offset };
  const page = await events.events(scope, question, options);
  const parsed = await events.parse(page.events, options);
  const found = parsed.filter((one) => one !== undefined);
  const window = { start: new Date(from), end: new Date(to) };
  const logs = found
    .filter(({ eventId, log }) => isWithin(window, log.createdAt) && eventId !== place?.offset)
    .flatMap((one) => meant(one, of, query, words) ?? []);
  const lastId = page.received >= limit ? page.lastId : undefined;
  const next = lastId
    ? { asked, to, offset: lastId }
    : await placeBefore(events, asked, { from, start, isEmpty: page.received === 0 && !place?.offset }, options);
  return {
    logs,
    malformed: parsed.length - found.length,
    rows: page.received,
    isSorted: true,
    ...(page.isSampled ? { isSampled: true } : {}),
    ...(next ? { next: CURSORS.to(next) } : {}),
  };
}

/** Returns the place before a window; undefined if there is nothing. */
async function placeBefore(
  events: AccountEvents,
  asked: Asked,
  { from, start, isEmpty }: { from: number; start: number; isEmpty: boolean },
  options: CallOptions,
): Promise<Place | undefined> {
  if (from <= start) return undefined;
  // After an empty window it's asked whether there are older events at all, before more are looked at one by one.
  const to = isEmpty ? await events.olderThan(from, asked.scope, options) : from;
  return to === undefined || to <= start ? undefined : { asked, to };
}
