import { setImmediate as turn } from "node:timers/promises";
import type { LogQuery } from "./conditions.ts";
import type { CollectionRef, LogRow } from "./log.ts";
import { LogStore } from "./store.ts";

/** Account of the recorded calls. */
export const RECORDINGS_ACCOUNT_ID = "5a3b1c7e9d204f6884c0ffee12ab34ce";

/**
 * Opens the database of recorded calls, and creates it if it isn't there.
 * @throws Error if the file isn't a database or another version created it
 */
export function openRecordings(path: string, now: Date): LogStore {
  const store = new LogStore(path);
  try {
    store.once("recordings", () => store.addAccount({ id: RECORDINGS_ACCOUNT_ID, name: "Recordings", createdOn: now }));
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Number of calls that are deleted in one transaction: between them, other work goes on. */
const BATCH = 20;

/** Which recordings are kept: those since a time, and of these the newest that fit. */
export type Kept = { since: Date; mostBytes: number };

const OLDEST_FIRST: LogQuery = { conditions: [], orderBy: "created_at", direction: "asc" };

/** Returns the gateway with the oldest call, and that call. */
function oldestIn(store: LogStore): { of: CollectionRef; row: LogRow } | undefined {
  const all = store.gateways(RECORDINGS_ACCOUNT_ID).flatMap(({ id: collectionId }) => {
    const of = { sourceId: RECORDINGS_ACCOUNT_ID, collectionId };
    return store.list(of, OLDEST_FIRST, 1, 0).map((row) => ({ of, row }));
  });
  return all.toSorted((a, b) => Date.parse(a.row.created_at) - Date.parse(b.row.created_at))[0];
}

/** Deletes the oldest recordings until only those are left that are kept; returns how many were deleted. */
export async function pruneRecordings(store: LogStore, { since, mostBytes }: Kept): Promise<number> {
  let deleted = 0;
  for (let oldest = oldestIn(store); oldest; oldest = oldestIn(store)) {
    const isOld = Date.parse(oldest.row.created_at) < since.getTime();
    if (!isOld && store.usedBytes() <= mostBytes) break;
    const rows = store.list(oldest.of, OLDEST_FIRST, BATCH, 0);
    const count = isOld ? rows.filter((row) => Date.parse(row.created_at) < since.getTime()).length : rows.length;
    store.remove(store.select(oldest.of, OLDEST_FIRST, count));
    deleted += count;
    await turn();
  }
  return deleted;
}
