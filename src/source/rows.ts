import type { Condition } from "./conditions.ts";
import { SourceError } from "./errors.ts";
import type { CollectionRef, Log, LogDetail, LogRef } from "./log.ts";
import { matchesRow } from "./match.ts";
import { isWithin, within, type CallOptions, type Page, type Query } from "./query.ts";
import type { Cursor } from "./cursor.ts";
import type { LogSource } from "./source.ts";

/* What is done with a source's rows because the source itself can't. */

/** Limit on the pages that are read to find a row. */
const MOST_PAGES = 200;

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Whether a row contains each of the words, ignoring case: in its own members or in its metadata. */
export function hasWords({ raw, metadata }: Pick<Log, "raw" | "metadata">, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { metadata: _, ...named } = raw;
  const text = [...Object.values(named), ...Object.keys(metadata), ...Object.values(metadata)]
    .map(textOf)
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word.toLowerCase()));
}

/** Returns the conditions that a source takes, and those to be checked in the rows. */
export function splitConditions(
  conditions: readonly Condition[],
  { taken }: Pick<LogSource["lists"], "taken">,
): { asked: Condition[]; ofRows: Condition[] } {
  const asked = [...taken(conditions)];
  return { asked, ofRows: conditions.filter((condition) => !asked.includes(condition)) };
}

/** Whether a source lists logs by their IDs. */
export const takesIds = ({ taken }: Pick<LogSource["lists"], "taken">): boolean =>
  taken([{ key: "id", operator: "eq", value: ["a", "b"] }]).length > 0;

/** Splits a query into what a source takes, and a test for its rows; undefined if it takes everything. */
function splitQuery(query: Query, lists: LogSource["lists"]): { asked: Query; fits?: (log: Log) => boolean } {
  const { conditions = [], narrowing = [], search = "", range, order, ...rest } = query;
  const { asked, ofRows } = splitConditions(conditions, lists);
  const words = lists.search || search === "" ? [] : search.split(" ");
  const ofTime = lists.byTime ? undefined : range;
  const taken = {
    ...rest,
    conditions: asked,
    narrowing: [...ofRows, ...narrowing, ...within(ofTime ?? {})],
    ...(lists.search ? { search } : {}),
    ...(lists.byTime && range ? { range } : {}),
    ...(order && lists.orders.has(order) ? { order } : {}),
  };
  if (ofRows.length === 0 && words.length === 0 && !ofTime) return { asked: taken };
  const fits = (log: Log): boolean =>
    (!ofTime || isWithin(ofTime, log.createdAt)) && matchesRow(log, ofRows) && hasWords(log, words);
  return { asked: taken, fits };
}

/** Returns the IDs of a query that asks for nothing else. */
function idsIn({ conditions: [only, ...others] = [], search, range }: Query): string[] | undefined {
  if (only?.key !== "id" || only.operator !== "eq" || others.length > 0 || search || range) return undefined;
  return only.value.map(String);
}

/** Whether a query asks for logs or events by texts that a source has as no ID. */
const asksForNone = ({ conditions = [] }: Query, isId: (text: string) => boolean): boolean =>
  conditions.some(
    ({ key, operator, value }) =>
      (key === "id" || key === "eventId") &&
      operator === "eq" &&
      value.every((one) => typeof one === "string" && !isId(one)),
  );

/** Returns the logs with these IDs, one after the other: each may take several calls. */
async function listByIds(
  read: (ref: LogRef) => Promise<LogDetail>,
  of: CollectionRef,
  ids: readonly string[],
): Promise<Page> {
  const logs: Log[] = [];
  for (const logId of new Set(ids)) {
    try {
      logs.push(await read({ ...of, logId }));
    } catch (error) {
      if (!(error instanceof SourceError && error.reason === "notFound")) throw error;
    }
  }
  return { logs, malformed: 0, isSorted: false };
}

/** Rows that a source listed, as long as something else keeps them: they don't change. */
class ListedRows {
  readonly #rows = new Map<string, WeakRef<Log>>();
  readonly #gone = new FinalizationRegistry<string>((key) => {
    if (this.#rows.get(key)?.deref() === undefined) this.#rows.delete(key);
  });

  add({ collectionId }: CollectionRef, logs: readonly Log[]): void {
    for (const log of logs) {
      const key = JSON.stringify([collectionId, log.id]);
      // A later list of the same row may be kept by nothing.
      if (this.#rows.get(key)?.deref()) continue;
      this.#rows.set(key, new WeakRef(log));
      this.#gone.register(log, key);
    }
  }

  get({ collectionId, logId }: LogRef): Log | undefined {
    return this.#rows.get(JSON.stringify([collectionId, logId]))?.deref();
  }
}

/** The listed rows of sources that change nothing. */
const LISTED = new WeakMap<LogSource, ListedRows>();

/**
 * Returns a source with lists for every condition, text and range: what it doesn't take itself is checked in the rows of
 * each page, and the total is then unknown. Logs by ID are read one by one, if it can't list them, and without a call if
 * there can't be any. Orders that it doesn't have are newest first.
 */
export function checkingRows(source: LogSource): LogSource {
  const { lists, walk, newer, isId } = source;
  const listed = source.changes ? undefined : new ListedRows();
  const checked: LogSource = {
    ...source,
    list: async (of, query, after, options) => {
      if (isId && asksForNone(query, isId)) return { logs: [], malformed: 0, isSorted: true };
      const ids = takesIds(lists) || !source.read ? undefined : idsIn(query);
      if (ids) {
        const page = await listByIds((ref) => readDetail(checked, ref, options), of, ids);
        listed?.add(of, page.logs);
        return page;
      }
      const { asked, fits } = splitQuery(query, lists);
      const page = await source.list(of, asked, after, options);
      listed?.add(of, page.logs);
      const isSorted = page.isSorted && (query.order === undefined || lists.orders.has(query.order));
      if (!fits) return { ...page, isSorted };
      const rows = page.rows ?? page.logs.length + page.malformed;
      return { ...page, logs: page.logs.filter(fits), rows, total: undefined, isSorted };
    },
    ...(walk && {
      walk: async function* (of, query, options) {
        const { asked, fits } = splitQuery(query, lists);
        for await (const page of walk(of, asked, options))
          yield fits ? { ...page, logs: page.logs.filter(fits) } : page;
      },
    }),
    ...(newer && {
      newer: async (of, query, since, options) => {
        const { asked, fits } = splitQuery(query, lists);
        const found = await newer(of, asked, since, options);
        return fits ? { ...found, logs: found.logs.filter(fits) } : found;
      },
    }),
  };
  if (listed) LISTED.set(checked, listed);
  return checked;
}

/** Returns a listed log; undefined if the collection has none of that ID, or not among its first 200 pages. */
async function findRow(source: LogSource, ref: LogRef, options: CallOptions | undefined): Promise<Log | undefined> {
  const conditions: Condition[] = [{ key: "id", operator: "eq", value: [ref.logId] }];
  const query = { conditions, size: source.lists.pageSize };
  let cursor: Cursor | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const { logs, next } = await source.list(ref, query, cursor, options);
    const found = logs.find(({ id }) => id === ref.logId);
    if (found || !next) return found;
    cursor = next;
  }
  return undefined;
}

const NONE = { request: { complete: false }, response: { complete: false } };

/** Returns a row with its bodies: those that it was listed with, or none. */
export const rowDetail = (log: Log | LogDetail): LogDetail => ({ ...NONE, ...log });

/**
 * Returns a log with the heads of its bodies: the row that something still shows, if it has one of them or the source
 * reads nothing else, without a call.
 * @throws SourceError; `notFound` if there is no such log
 */
export async function readDetail(source: LogSource, ref: LogRef, options?: CallOptions): Promise<LogDetail> {
  const listed = LISTED.get(source)?.get(ref);
  const detail = listed && rowDetail(listed);
  if (detail && (!source.read || detail.request.complete || detail.response.complete)) return detail;
  if (source.read) return source.read(ref, options, detail);
  const log = await findRow(source, ref, options);
  if (!log) throw new SourceError("notFound", "The list has no log of this ID.");
  return rowDetail(log);
}
