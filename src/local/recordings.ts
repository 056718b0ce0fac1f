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
