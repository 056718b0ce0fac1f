// A source with the required members only: its lists take a size, and nothing else.
import { Cursors, type Cursor } from "../src/source/cursor.ts";
import { SourceError } from "../src/source/errors.ts";
import type { CollectionRef, Log } from "../src/source/log.ts";
import type { CallOptions, Page, Query } from "../src/source/query.ts";
import { checkingRows } from "../src/source/rows.ts";
import type { Lists, LogSource } from "../src/source/source.ts";

const SERVICE = "Memory";

const LISTS: Lists = {
  taken: () => [],
  search: false,
  orders: new Set(["newest"]),
  byTime: false,
  pageSize: 10,
  total: "none",
  pollSeconds: 60,
};

/** A list goes on after this log. */
type Place = { createdAt: Date; id: string };

const CURSORS = new Cursors<Place>();

const newestFirst = (a: Place, b: Place): number =>
  b.createdAt.getTime() - a.createdAt.getTime() || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);

/** A source in memory, and what it was asked. */
export type MemorySource = {
  source: LogSource;
  asked: { of: CollectionRef; query: Query }[];
  add: (...logs: Log[]) => void;
};

/** Creates a source with one collection, `kept`, of these logs. `sourceId`: its connection's. */
export function memorySource(sourceId: string, given: readonly Log[] = []): MemorySource {
  const logs = [...given];
  const asked: MemorySource["asked"] = [];

  const checked = (of: CollectionRef, { signal }: CallOptions = {}): void => {
    if (signal?.aborted) throw new SourceError("aborted", "The call was canceled.", { service: SERVICE });
    if (of.sourceId !== sourceId || of.collectionId !== "kept")
      throw new SourceError("notFound", "There is no such collection.", { service: SERVICE });
  };

  const list = (query: Query, after: Cursor | undefined): Page => {
    const size = Math.min(query.size ?? LISTS.pageSize, LISTS.pageSize);
    const all = logs.toSorted(newestFirst);
    const rest = after ? all.filter((log) => newestFirst(CURSORS.placeOf(after), log) < 0) : all;
    const page = rest.slice(0, size);
    const last = page.at(-1);
    return {
      logs: page,
      malformed: 0,
      isSorted: true,
      next: last && rest.length > size ? CURSORS.to(last) : undefined,
    };
  };

  const source: LogSource = {
    service: SERVICE,
    lists: LISTS,
    collections: () => Promise.resolve([{ id: "kept" }]),
    list: (of, query, after, options) => {
      try {
        checked(of, options);
      } catch (error) {
        return Promise.reject(error);
      }
      asked.push({ of, query });
      return Promise.resolve(list(query, after));
    },
  };
  return {
    source: checkingRows(source),
    asked,
    add: (...more) => {
      logs.push(...more);
    },
  };
}
